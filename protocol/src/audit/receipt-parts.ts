import { encodeBase64url, encodeUtf8 } from '../bytes.ts';
import { isZusageError } from '../errors.ts';
import type { Grant } from '../grant.ts';
import { parseJws } from '../jws.ts';
import { assertNarrower } from '../narrowing.ts';
import { allowLoopback } from '../origin.ts';
import { RECEIPT_TYP, type Receipt, type ReceiptEvent, verifyReceipt } from '../receipt.ts';
import { type ParsedRequest, parseRequest } from '../request.ts';
import { STATUS_TYP, Status, verifyStatusList } from '../status-list.ts';
import type { VaultKey } from '../vault-metadata.ts';
import type { Finding, FindingCode } from './finding.ts';
import type { History } from './history.ts';
import type { ReceiptFile } from './receipt-file.ts';
import type { Trusted } from './trust.ts';

type Report = (finding: Finding) => void;

/** The state that a status list shows, and when it was signed (seconds since 1970). */
export type StatusAt = { readonly state: keyof typeof Status; readonly at: number };

/** The request that the grant answers, and no wider grant than it asked for. */
export async function requestOf(
  file: ReceiptFile,
  grant: Grant | null,
  report: Report,
): Promise<ParsedRequest | null> {
  const { request: compact } = file;
  if (compact === null) return null;
  const request = await orReport(report, 'request/invalid', 'request', async () =>
    parseRequest(compact, { [allowLoopback]: true }),
  );
  if (request === null || grant === null) return null;
  const { claims } = grant;
  if (claims.request_hash !== request.requestHash || claims.aud !== request.brand.did) {
    report({ code: 'request/invalid', path: 'request', detail: 'another request' });
    return null;
  }
  await orReport(report, 'request/wider', 'request', async () => assertNarrower(grant, request));
  return request;
}

/** The service's receipts, in order of their numbers. */
export async function receiptsOf(
  file: ReceiptFile,
  grant: Grant,
  { vault, keys }: { vault: string; keys: readonly VaultKey[] },
  report: Report,
): Promise<Receipt[]> {
  const receipts: Receipt[] = [];
  for (const [i, compact] of file.receipts.entries()) {
    const receipt = await orReport(report, 'receipt/invalid', `receipt ${i}`, async () => {
      const { payload } = parseJws(compact, { typ: [RECEIPT_TYP], key: ['kid'] });
      const event = payload['event'] as ReceiptEvent;
      return verifyReceipt(compact, grant, { vault, keys, event });
    });
    if (receipt !== null) receipts.push(receipt);
  }
  return receipts.sort((a, b) => a.claims.seq - b.claims.seq);
}

/** The registration in the log must be of this very grant. */
export function compareGrants(grant: Grant | null, history: History, report: Report): void {
  if (grant === null || history.grant === null || history.grant.hash === grant.hash) return;
  report({ code: 'history/contradiction', detail: 'the log registers another grant' });
}

/** A receipt promises a place in the log; the proof of the same event must show that one. */
export function comparePlaces(
  receipts: readonly Receipt[],
  { events }: History,
  trust: Trusted,
  report: Report,
): void {
  for (const { claims } of receipts) {
    const event = events.find(({ seq }) => seq === claims.seq);
    const { log } = claims;
    if (event === undefined) continue;
    const holds =
      event.type === claims.event &&
      (log === null ||
        (log.origin === trust.log.name &&
          log.index === event.entry.index &&
          log.leaf === encodeBase64url(event.entry.leaf)));
    if (holds) continue;
    const exhibits = [{ name: 'receipt.jws', bytes: encodeUtf8(JSON.stringify(claims)) }];
    report({ code: 'receipt/contradiction', detail: `number ${claims.seq}`, exhibits });
  }
}

export async function statusOf(
  file: ReceiptFile,
  grant: Grant,
  keys: readonly VaultKey[],
  report: Report,
): Promise<StatusAt | null> {
  const { status } = file;
  if (status === null) return null;
  return orReport(report, 'status/invalid', 'status', async () => {
    const { uri, idx } = grant.claims.status.status_list;
    const { payload } = parseJws(status, { typ: [STATUS_TYP], key: ['kid'] });
    const at = Number(payload['iat']);
    const list = await verifyStatusList(status, { uri, now: at, keys });
    const value = list.get(idx);
    const [state] = Object.entries(Status).find(([, code]) => code === value) ?? [];
    return { state: (state ?? 'notRegistered') as keyof typeof Status, at };
  });
}

/** null, with the finding, for what is not the protocol's or does not hold. */
export async function orReport<T>(
  report: Report,
  code: FindingCode,
  path: string,
  work: () => Promise<T>,
): Promise<T | null> {
  try {
    return await work();
  } catch (error) {
    if (!isZusageError(error)) throw error;
    report({ code, path, detail: error.code });
    return null;
  }
}
