import { FormatError } from '@zusage/protocol/errors';
import { parseGrant } from '@zusage/protocol/grant';
import { parseJws } from '@zusage/protocol/jws';
import { RECEIPT_TYP } from '@zusage/protocol/receipt';
import { parseVkey } from '@zusage/protocol/tlog';
import type { FileView } from '../messages.ts';
import { NetworkError } from '../network/fetch.ts';
import { pinnedService } from '../sharing/pinned-service.ts';
import type { Services } from '../sharing/services.ts';
import type { StoredGrant } from '../sharing/stored-grant.ts';
import { proofKey } from '../vault/log-records.ts';

/**
 * Everything about one grant in one file, which `zusage-audit check-receipt` checks: request, grant, receipts, proofs
 * with their openings, the status list of the moment. No value is in it: disclosures stay here.
 * @throws ServiceError, VaultError
 */
export async function receiptFile(services: Services, stored: StoredGrant): Promise<FileView> {
  const { vault } = services;
  const { jti, request, grant, receipts, vaultService, brand } = stored;
  const logged = await vault.get('logged', jti);
  const { keys, logVkey } = await pinnedService(services, vaultService);
  const log = parseVkey(logVkey).name;
  const seqs = new Set([
    ...(logged?.entries ?? []).map(({ seq }) => seq),
    ...(logged?.problems ?? []).flatMap(({ seq }) => (seq === null ? [] : [seq])),
  ]);
  const kept = await Promise.all(
    [...seqs].sort((a, b) => a - b).map((seq) => vault.get('proof', proofKey(jti, seq, log))),
  );
  const file = {
    v: 1,
    type: 'zusage-receipt',
    request,
    grant,
    receipts: receipts.filter((receipt) => !isOfEarlier(receipt, log, seqs)),
    proofs: kept.flatMap((one) => (one === undefined ? [] : [one.proof])),
    status: await statusOf(services, stored),
    vault_jwks: { keys },
    log_vkey: logVkey,
  };
  const host = decodeURIComponent(brand.slice('did:web:'.length)).replace(/[^A-Za-z0-9.-]+/g, '-');
  const name = `${host}-${jti.slice(9, 17)}.zusage.json`;
  return { name, text: `${JSON.stringify(file, null, 2)}\n` };
}

/** Said in a log before, and again in this one: its place is in the other, which the file does not prove. */
function isOfEarlier(receipt: string, log: string, proven: ReadonlySet<number>): boolean {
  const { payload } = parseJws(receipt, { typ: [RECEIPT_TYP], key: ['kid'] });
  const place = payload['log'] as { origin?: unknown } | null;
  return place !== null && place.origin !== log && proven.has(payload['seq'] as number);
}

/** The status list as everybody may read it; null when it cannot be had. Whether it holds is the checker's matter. */
async function statusOf(
  { door, options }: Services,
  { grant }: StoredGrant,
): Promise<string | null> {
  try {
    const { claims } = await parseGrant(grant, options);
    const { status, body } = await door(claims.status.status_list.uri);
    return status === 200 ? body : null;
  } catch (error) {
    if (error instanceof NetworkError || error instanceof FormatError) return null;
    throw error;
  }
}
