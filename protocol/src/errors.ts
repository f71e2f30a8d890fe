/**
 * Every way the protocol says no. The codes are closed unions: they are wire format (problem+json, messages between
 * extension parts), they are what the vectors assert, and nothing else about a failure crosses a boundary.
 *
 * Three classes, because three different people must act: FormatError – the sender wrote something that is not the
 * protocol; VerificationError – it is well-formed but not authentic; PolicyError – authentic, and not permitted.
 */

export type FormatCode =
  | 'bytes/utf8'
  | 'bytes/base64url'
  | 'bytes/too-large'
  | 'json/syntax'
  | 'json/duplicate-member'
  | 'json/lone-surrogate'
  | 'json/proto'
  | 'json/depth'
  | 'json/number'
  | 'jwk/shape'
  | 'jwk/unknown-member'
  | 'jwk/private'
  | 'jwk/coordinates'
  | 'jwk/not-on-curve'
  | 'jwk/did'
  | 'jws/parts'
  | 'jws/alg'
  | 'jws/typ'
  | 'jws/header'
  | 'jws/payload'
  | 'jws/signature-length'
  | 'jwe/parts'
  | 'jwe/header'
  | 'did/syntax'
  | 'origin/syntax'
  | 'link/syntax'
  | 'duration/syntax'
  | 'brand/document'
  | 'brand/no-keys'
  | 'request/shape'
  | 'request/unknown-member'
  | 'request/client-id'
  | 'request/claims'
  | 'request/claim-sets'
  | 'request/special-not-alone'
  | 'request/expected-origins'
  | 'request/host-rule'
  | 'terms/type'
  | 'terms/shape'
  | 'terms/unknown-member'
  | 'terms/period'
  | 'grant/shape'
  | 'grant/unknown-member'
  | 'grant/has-disclosures'
  | 'disclosure/shape'
  | 'disclosure/reserved'
  | 'key-binding/shape'
  | 'key-binding/unknown-member'
  | 'presentation/shape'
  | 'response/shape'
  | 'event/shape'
  | 'event/unknown-member'
  | 'read/shape'
  | 'slot/shape'
  | 'enrolment/shape'
  | 'assertion/shape'
  | 'stop/shape'
  | 'status/shape'
  | 'status/compression'
  | 'receipt/shape'
  | 'receipt/unknown-member'
  | 'metadata/shape';

export type VerificationCode =
  | 'jws/signature'
  | 'jwe/decryption'
  | 'request/unknown-key'
  | 'request/brand-mismatch'
  | 'grant/key-iss'
  | 'grant/key-cnf'
  | 'grant/key-kid'
  | 'grant/vct'
  | 'key-binding/missing'
  | 'key-binding/nonce'
  | 'key-binding/replayed'
  | 'key-binding/aud'
  | 'key-binding/iat'
  | 'key-binding/sd-hash'
  | 'key-binding/terms'
  | 'disclosure/unreferenced'
  | 'disclosure/duplicate'
  | 'presentation/names'
  | 'status/sub'
  | 'status/stale'
  | 'status/unknown-key'
  | 'receipt/unknown-key'
  | 'receipt/mismatch'
  | 'slot/pseudonym'
  | 'slot/mismatch'
  | 'enrolment/mismatch'
  | 'assertion/mismatch'
  | 'metadata/mismatch';

export type PolicyCode =
  | 'request/expired'
  | 'request/not-yet'
  | 'request/lifetime'
  | 'request/replayed'
  | 'request/origin-not-listed'
  | 'request/period'
  | 'request/purpose'
  | 'request/attribute'
  | 'request/vault'
  | 'brand/bounds'
  | 'brand/not-enrolled'
  | 'brand/frozen'
  | 'narrow/datatypes'
  | 'narrow/mandatory'
  | 'narrow/choice'
  | 'narrow/purpose'
  | 'narrow/legal-basis'
  | 'narrow/notice'
  | 'narrow/actions'
  | 'narrow/recipients'
  | 'narrow/locations'
  | 'narrow/origin'
  | 'narrow/from'
  | 'narrow/until'
  | 'narrow/period'
  | 'narrow/retention'
  | 'narrow/frequency'
  | 'narrow/personal-data'
  | 'narrow/request-hash'
  | 'narrow/terms-hash'
  | 'grant/aud'
  | 'grant/not-yet'
  | 'grant/expired'
  | 'grant/vault'
  | 'event/stale'
  | 'event/aud'
  | 'read/stale'
  | 'slot/stale'
  | 'enrolment/stale'
  | 'assertion/expired'
  | 'status/index'
  | 'status/ended'
  | 'status/suspended'
  | 'status/not-registered';

export type ErrorCode = FormatCode | VerificationCode | PolicyCode;

abstract class ProtocolError<C extends ErrorCode> extends Error {
  readonly code: C;
  constructor(code: C, options?: { cause?: unknown }) {
    // The message is the code: a library's message or a value must never travel in it.
    super(code, options);
    this.code = code;
  }
}

/** The bytes or their shape are not the protocol's. */
export class FormatError extends ProtocolError<FormatCode> {
  override readonly name = 'FormatError';
}

/** Well-formed, but a signature, hash, key or binding does not hold. */
export class VerificationError extends ProtocolError<VerificationCode> {
  override readonly name = 'VerificationError';
}

/** Authentic, but not permitted: out of bounds, out of time, wider than what was asked. */
export class PolicyError extends ProtocolError<PolicyCode> {
  override readonly name = 'PolicyError';
}

export type ZusageError = FormatError | VerificationError | PolicyError;

export function isZusageError(error: unknown): error is ZusageError {
  return (
    error instanceof FormatError ||
    error instanceof VerificationError ||
    error instanceof PolicyError
  );
}
