/**
 * The brand SDK, server side: ask, verify, check before each use, hand back. Runs wherever WebCrypto and fetch are.
 * What the brand's page runs is in `@zusage/protocol/brand/page`.
 */
export type { Manifest } from '../brand-document.ts';
export { generateKey, importSigningKey, type SigningKey } from '../crypto.ts';
export type { DisclosedValue } from '../disclosure.ts';
export {
  type ErrorCode,
  FormatError,
  isZusageError,
  PolicyError,
  VerificationError,
} from '../errors.ts';
export { allowLoopback, type LoopbackOption } from '../origin.ts';
// The words for attributes and values, so that a shop says them as the vault does.
export { attribute, showValue } from '../vocabulary/index.ts';
export type { Brand } from './brand.ts';
export { type CheckOptions, check } from './check.ts';
export { type CheckManyOptions, checkMany, type Semantic } from './check-many.ts';
export {
  type AskedTerms,
  createRequest,
  type RequestOptions,
  type RequestSession,
} from './create-request.ts';
export { brandDocument } from './document.ts';
export { enrol } from './enrol.ts';
export { type SdkCode, SdkError } from './errors.ts';
export { DenialReason, type Question, type Verdict } from './evaluation.ts';
export { handBack } from './hand-back.ts';
export { assertStatus, type StatusOptions } from './status.ts';
export { vaultMetadata } from './vault.ts';
export { VerdictCache } from './verdict-cache.ts';
export { type ResponseOptions, type VerifiedGrant, verifyResponse } from './verify-response.ts';
