/**
 * Why the SDK could not do what it was asked. What a message of the protocol got wrong arrives as the protocol's own
 * FormatError, VerificationError or PolicyError, untouched. A check that could not be asked is an error, never a verdict.
 */
export type SdkCode =
  /** No answer within 5 s, a redirect, a broken connection, or an answer above 512 KB. */
  | 'vault/unreachable'
  /** The vault service answered no; `refusal` holds its code. */
  | 'vault/refused'
  /** The answer is not what the protocol says. */
  | 'vault/answer'
  /** The vault service does not accept the brand's key: not enrolled, or the key is not in its document or not endorsed. */
  | 'vault/authentication'
  /** What was asked for cannot be put into one request: nothing, something twice, or more than six optional attributes. */
  | 'request/scope'
  /** The stored session is not one that `createRequest` returned. */
  | 'session/shape';

export class SdkError extends Error {
  override readonly name = 'SdkError';
  readonly code: SdkCode;
  /** The service's own error code (RFC 9457 problem+json), such as `brand/not-enrolled`. */
  readonly refusal: string | undefined;
  constructor(code: SdkCode, options: { cause?: unknown; refusal?: string | undefined } = {}) {
    super(code, { cause: options.cause });
    this.code = code;
    this.refusal = options.refusal;
  }
}
