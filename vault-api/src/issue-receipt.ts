import { type ConsentState, consentRecord } from '@zusage/protocol/consent-record';
import { randomUuidUrn } from '@zusage/protocol/crypto';
import { type ReceiptEvent, signReceipt } from '@zusage/protocol/receipt';
import type { Context } from './context.ts';
import { statusUri } from './status-uri.ts';
import type { GrantRecord } from './store/port.ts';

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
 * The vault's signed word about one entry (SPEC §10). Signed before the entry is stored, and stored with it: a
 * receipt whose entry was not committed never leaves the process.
 * @returns null for an erased grant: there is nobody to address it to
 */
export async function receiptFor(
  { issuer, keys }: Pick<Context, 'issuer' | 'keys'>,
  grant: GrantRecord,
  {
    event,
    seq,
    at,
    state = RECORD_STATES[event],
  }: { event: ReceiptEvent; seq: number; at: number; state?: ConsentState },
): Promise<string | null> {
  if (grant.person === null) return null;
  const { pseudonym, details } = grant.person;
  return signReceipt(
    {
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
      log: null,
      stream: null,
      record: consentRecord({ claims: grant, details, pseudonym }, state, at),
    },
    keys.signing.kid,
    keys.signing,
  );
}
