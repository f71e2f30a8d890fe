import type { ConsentRecord } from './consent-record.ts';
import type { SigningKey } from './crypto.ts';
import { VerificationError } from './errors.ts';
import { type Grant, StatusReference } from './grant.ts';
import { type Jws, parseJws, signJws, verifyJws } from './jws.ts';
import { Hash, NumericDate, parseShape, UuidUrn, z } from './shape.ts';
import type { VaultKey } from './vault-metadata.ts';

export const RECEIPT_TYP = 'consent-receipt+jwt';

export const ReceiptEvent = z.enum([
  'registered',
  'withdrawn',
  'restored',
  'suspended',
  'resumed',
  'replaced',
  'returned',
  'expired',
  'erased',
  'stopped',
]);
export type ReceiptEvent = z.infer<typeof ReceiptEvent>;

/** SPEC §10 "Receipt": the vault's signed word about one entry of one grant. */
const ReceiptClaims = z.strictObject({
  iss: z.string(),
  /** The pseudonym. */
  aud: Hash,
  jti: UuidUrn,
  iat: NumericDate,
  grant: UuidUrn,
  grant_hash: Hash,
  request_hash: Hash,
  event: ReceiptEvent,
  seq: z.int().check(z.nonnegative()),
  status_list: StatusReference,
  /** null while the entry has no index in the log. */
  log: z.nullable(
    z.strictObject({ origin: z.string(), index: z.int().check(z.nonnegative()), leaf: Hash }),
  ),
  /** Hash of the person's stream root; null until the log has streams. */
  stream: z.nullable(Hash),
  record: z.record(z.string(), z.unknown()),
});
export type ReceiptClaims = z.infer<typeof ReceiptClaims>;
export type Receipt = { readonly jws: Jws; readonly claims: ReceiptClaims };

export async function signReceipt(
  claims: Omit<ReceiptClaims, 'record'> & { record: ConsentRecord },
  kid: string,
  key: SigningKey,
): Promise<string> {
  return signJws({ typ: RECEIPT_TYP, kid }, claims, key);
}

/**
 * @param vault origin of the service, and its pinned keys
 * @throws FormatError `receipt/*`, `jws/*`; VerificationError `receipt/unknown-key`, `receipt/mismatch`, `jws/signature`
 */
export async function verifyReceipt(
  compact: string,
  grant: Grant,
  { vault, keys, event }: { vault: string; keys: readonly VaultKey[]; event: ReceiptEvent },
): Promise<Receipt> {
  const jws = parseJws(compact, { typ: [RECEIPT_TYP], key: ['kid'] });
  const claims = parseShape(ReceiptClaims, jws.payload, 'receipt');
  const key = keys.find(({ kid }) => kid === jws.header.kid);
  if (key === undefined) throw new VerificationError('receipt/unknown-key');
  await verifyJws(jws, key.jwk);
  const { status_list } = grant.claims.status;
  const names =
    claims.iss === vault &&
    claims.aud === grant.pseudonym &&
    claims.grant === grant.claims.jti &&
    claims.grant_hash === grant.hash &&
    claims.request_hash === grant.claims.request_hash &&
    claims.event === event &&
    claims.status_list.idx === status_list.idx &&
    claims.status_list.uri === status_list.uri;
  if (!names) throw new VerificationError('receipt/mismatch');
  return { jws, claims };
}
