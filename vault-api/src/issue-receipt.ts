import { sign } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { type ConsentState, consentRecord } from '@zusage/protocol/consent-record';
import { randomUuidUrn } from '@zusage/protocol/crypto';
import { RECEIPT_TYP, type ReceiptEvent, signReceipt } from '@zusage/protocol/receipt';
import type { Context } from './context.ts';
import type { SigningObject } from './keys.ts';
import { statusUri } from './status-uri.ts';
import type { GrantRecord, ReceiptDraft } from './store/port.ts';

const RECORD_STATES: Record<ReceiptEvent, ConsentState> = {
  registered: 'ConsentGiven',
  withdrawn: 'ConsentWithdrawn',
  restored: 'ConsentGiven',
  suspended: 'ConsentWithdrawn',
  resumed: 'ConsentGiven',
  replaced: 'ConsentExpired',
  returned: 'ConsentExpired',
  expired: 'ConsentExpired',
  erased: 'ConsentExpired',
  stopped: 'ConsentWithdrawn',
};

/**
 * What the vault will say about one entry (SPEC §10). It is signed when the entry gets its index in the log, and stored
 * with it: a receipt whose entry was not committed never leaves the process.
 * @returns null for an erased grant: there is nobody to address it to
 */
export function receiptDraft(
  { issuer }: Pick<Context, 'issuer'>,
  grant: GrantRecord,
  {
    event,
    seq,
    at,
    state = RECORD_STATES[event],
  }: { event: ReceiptEvent; seq: number; at: number; state?: ConsentState },
): ReceiptDraft | null {
  if (grant.person === null) return null;
  const { pseudonym, details } = grant.person;
  return {
    iss: issuer,
    aud: pseudonym,
    jti: randomUuidUrn(),
    iat: at,
    grant: grant.jti,
    grant_hash: grant.hash,
    request_hash: grant.requestHash,
    event,
    seq,
    status_list: { uri: statusUri(issuer, grant.list), idx: grant.idx },
    record: consentRecord({ claims: grant, details, pseudonym }, state, at),
  };
}

/** Signs the receipt of an entry that has its index, at once: it happens inside a transaction. */
export function receiptSigner({ kid, object }: SigningObject): (claims: object) => string {
  const header = base64urlJson({ alg: 'ES256', typ: RECEIPT_TYP, kid });
  return (claims) => {
    const input = `${header}.${base64urlJson(claims)}`;
    return `${input}.${joseSignature(sign('sha256', Buffer.from(input, 'latin1'), object))}`;
  };
}

function base64urlJson(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

/**
 * r ‖ s of a DER signature (RFC 3279 §2.2.3), base64url. node:crypto could do it, at twice the time of the signature:
 * it takes long to see that a key with an option is not a key object.
 */
function joseSignature(der: Buffer): string {
  const lengthOfR = der[3] as number;
  const r = der.subarray(4, 4 + lengthOfR);
  const s = der.subarray(6 + lengthOfR);
  const bytes = Buffer.alloc(64);
  for (const [number, end] of [
    [r, 32],
    [s, 64],
  ] as const) {
    const digits = number.subarray(Math.max(0, number.length - 32));
    digits.copy(bytes, end - digits.length);
  }
  return bytes.toString('base64url');
}

/** Milliseconds for which an answer waits for the index of its entry. */
const MAX_WAIT = 2000;
const LOOKING_INTERVAL = 50;

export type Issued = {
  readonly receipt: string /** Signed before its entry has an index. */;
  readonly isPending: boolean;
};

/**
 * The receipt of a stored entry. When the entry has no index yet and gets none in time, one that says so.
 * @param draft makes the claims of that one
 * @param isUrgent not to wait at all
 */
export async function receiptOf(
  context: Context,
  { grant, seq }: { grant: string; seq: number },
  draft: () => ReceiptDraft | Promise<ReceiptDraft>,
  { isUrgent = false }: { isUrgent?: boolean } = {},
): Promise<Issued> {
  const { store, keys } = context;
  for (let waited = 0; ; waited += LOOKING_INTERVAL) {
    const receipt = await store.receipt(grant, seq);
    if (receipt !== null) return { receipt, isPending: false };
    if (isUrgent || waited >= MAX_WAIT) break;
    await setTimeout(LOOKING_INTERVAL);
  }
  const claims = { ...(await draft()), log: null, stream: null } as Parameters<
    typeof signReceipt
  >[0];
  return { receipt: await signReceipt(claims, keys.signing.kid, keys.signing), isPending: true };
}
