import type { ReceiptEvent } from '@zusage/protocol/receipt';
import type { GrantRecord } from './store/port.ts';

/**
 * What waits for the grant log: inserted in the transaction of the change itself, so that a change without its entry
 * cannot exist. The log fills `brand_seq` and `brand_prev` when it gives the entry its index.
 */
export type LogEntry =
  | {
      readonly kind: 'e';
      readonly grant: string;
      readonly grantSeq: number;
      readonly due: number;
      readonly fields: LifecycleFields;
    }
  | {
      readonly kind: 'k';
      readonly due: number;
      readonly fields: { readonly type: KeyEvent; readonly body: object };
    };

export type BrandEvent = 'brand-enrolled' | 'brand-changed' | 'brand-frozen';
/** `signing-key`: the service signs receipts with it from now on. */
type KeyEvent = BrandEvent | 'signing-key';

/** The fourteen fields of a lifecycle entry; absent is null. */
export type LifecycleFields = {
  readonly type: ReceiptEvent;
  readonly brand: string;
  readonly brand_seq: null;
  readonly brand_prev: null;
  readonly brand_key_id: string;
  readonly grant: string;
  readonly grant_seq: number;
  readonly subject: string | null;
  readonly scope: readonly string[] | null;
  readonly at: number;
  readonly grant_hash: string;
  readonly request_hash: string;
  readonly terms_hash: string;
  /** base64url SHA-256 of the signing input of the act behind it. */
  readonly actor_sig: string | null;
};

export function lifecycleEntry(
  grant: GrantRecord,
  {
    type,
    seq,
    at,
    actorSig,
    due = at,
  }: { type: ReceiptEvent; seq: number; at: number; actorSig: string | null; due?: number },
): LogEntry {
  return {
    kind: 'e',
    grant: grant.jti,
    grantSeq: seq,
    due,
    fields: {
      type,
      brand: grant.aud,
      brand_seq: null,
      brand_prev: null,
      brand_key_id: grant.brandKey,
      grant: grant.jti,
      grant_seq: seq,
      subject: grant.person?.pseudonym ?? null,
      scope: grant.person === null ? null : [...grant.person.details.datatypes].sort(),
      at,
      grant_hash: grant.hash,
      request_hash: grant.requestHash,
      terms_hash: grant.termsHash,
      actor_sig: actorSig,
    },
  };
}

/** A brand's key, bounds or standing changed: logged in clear. */
export function brandEntry(type: BrandEvent, body: object, due: number): LogEntry {
  return { kind: 'k', due, fields: { type, body } };
}

/** The key that signs receipts, by its thumbprint, whenever it is another one. */
export function signingKeyEntry(kid: string, due: number): LogEntry {
  return { kind: 'k', due, fields: { type: 'signing-key', body: { kid } } };
}
