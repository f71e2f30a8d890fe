import { type ErrorCode, FormatError, isZusageError, PolicyError } from '@zusage/protocol/errors';

/**
 * What the API says no with, besides the protocol's own codes. A closed union: it is wire format. A problem (RFC 9457)
 * carries the code and nothing else, but for `detail` on a developer's own machine; no stack and no library's message
 * crosses this boundary.
 */
const API_CODES = {
  'http/malformed': [400, 'The request is not well-formed'],
  'http/too-large': [413, 'The body is larger than 256 KB'],
  'http/unsupported-media-type': [415, 'This content type is not accepted here'],
  'http/not-found': [404, 'There is nothing here'],
  'http/method': [405, 'This method is not accepted here'],
  'http/rate': [429, 'Too many requests from this network'],
  'http/brand-rate': [429, 'Too many requests of this brand'],
  'grant/unknown': [404, 'No such grant for this key'],
  'grant/conflict': [409, 'This grant cannot be registered'],
  'event/state': [409, 'The grant is not in a state that allows this'],
  'event/limit': [429, 'Too many changes of this grant'],
  'slot/none': [409, 'No open slot for this grant'],
  'slot/limit': [429, 'Too many open slots'],
  'idempotency/mismatch': [422, 'This Idempotency-Key was used for another request'],
  'idempotency/outdated': [409, 'What was allowed is not allowed any more; ask anew'],
  'once/used': [409, 'This message was used before'],
  'brand/unreachable': [502, 'The brand document could not be read'],
  'auth/required': [401, 'The brand must authenticate'],
  'oauth/grant-type': [400, 'Only client_credentials is supported'],
  'service/unavailable': [503, 'Nothing was decided; try again'],
  'service/busy': [503, 'Too much waits for the grant log; try again'],
  'service/quarantine': [
    503,
    'The service must not decide anything until its operator has mended it',
  ],
  'service/not-writable': [503, 'The database cannot be written'],
  'service/internal': [500, 'Something went wrong here'],
} as const satisfies Record<string, readonly [number, string]>;

export type ApiCode = keyof typeof API_CODES;
export type ProblemCode = ApiCode | ErrorCode;

export function isApiCode(code: string): code is ApiCode {
  return Object.hasOwn(API_CODES, code);
}

export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: ApiCode;
  /** What to do about it, for a developer's own machine only: words of ours and names of members, never a value. */
  readonly detail: string | undefined;
  constructor(code: ApiCode, options?: { cause?: unknown; detail?: string }) {
    super(code, options);
    this.code = code;
    this.detail = options?.detail;
  }
}

/** The store could not do its work: nothing may be answered as if it had. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
}

/** Nothing can be changed at present, whatever is asked. */
export class NotWritableError extends StoreError {}

/** RFC 9457, with `type` as `urn:zusage:error:<code>`. */
export type Problem = {
  type: string;
  title: string;
  status: number;
  code: ProblemCode;
  /** On a developer's own machine only. */
  detail?: string;
};

const CONFLICTS: readonly ErrorCode[] = [
  'event/stale',
  'read/stale',
  'slot/stale',
  'enrolment/stale',
  'request/replayed',
];

/** The one place where a failure becomes a status: 400 format, 422 verification, 403 policy, 409 read and sign anew. */
export function problemOf(error: unknown): Problem {
  if (error instanceof ApiError) return apiProblem(error.code);
  if (error instanceof NotWritableError) return apiProblem('service/not-writable');
  if (error instanceof StoreError) return apiProblem('service/unavailable');
  if (!isZusageError(error)) return apiProblem(codeOfFramework(error));
  if (error instanceof FormatError) {
    return problem(error.code, error.code === 'bytes/too-large' ? 413 : 400, 'Not the protocol');
  }
  if (error instanceof PolicyError) {
    return problem(error.code, CONFLICTS.includes(error.code) ? 409 : 403, 'Not permitted');
  }
  return problem(error.code, 422, 'Does not verify');
}

function apiProblem(code: ApiCode): Problem {
  const [status, title] = API_CODES[code];
  return problem(code, status, title);
}

function problem(code: ProblemCode, status: number, title: string): Problem {
  return { type: `urn:zusage:error:${code}`, title, status, code };
}

/** What RFC 6749 §5.2 calls it. */
export function oauthError({ code, status }: Problem): string {
  if (code === 'auth/required') return 'invalid_client';
  if (code === 'oauth/grant-type') return 'unsupported_grant_type';
  return status < 500 ? 'invalid_request' : 'temporarily_unavailable';
}

/** Fastify refuses a few things before our code runs; its codes are mapped, its messages dropped. */
function codeOfFramework(error: unknown): ApiCode {
  if (typeof error !== 'object' || error === null) return 'service/internal';
  const { code, statusCode } = error as { code?: unknown; statusCode?: unknown };
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return 'http/too-large';
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') return 'http/unsupported-media-type';
  const isClient = typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500;
  return isClient ? 'http/malformed' : 'service/internal';
}
