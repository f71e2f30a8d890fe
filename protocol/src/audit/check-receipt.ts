import { encodeBase64url, encodeUtf8 } from '../bytes.ts';
import { isZusageError } from '../errors.ts';
import { type Grant, parseGrant, verifyGrant } from '../grant.ts';
import { parseJws } from '../jws.ts';
import { assertNarrower } from '../narrowing.ts';
import { allowLoopback } from '../origin.ts';
import { RECEIPT_TYP, type Receipt, type ReceiptEvent, verifyReceipt } from '../receipt.ts';
import { type ParsedRequest, parseRequest } from '../request.ts';
import { STATUS_TYP, Status, vaultOfStatusUri, verifyStatusList } from '../status-list.ts';
import {
  METADATA_PATH,
  parseVaultKeys,
  parseVaultMetadata,
  type VaultKey,
} from '../vault-metadata.ts';
import { type Finding, type FindingCode, Findings, Undecided, UsageError } from './finding.ts';
import { type History, intervalOf, readHistory } from './history.ts';
import { LOG_OPTIONS, onePositional, parseOptions, sourceOptions } from './options.ts';
import { loadReceiptFile, type ReceiptFile } from './receipt-file.ts';
import { openSource } from './source.ts';
import { type Trusted, trustFor } from './trust.ts';

const { known: _, ...SHARED } = LOG_OPTIONS;
const OPTIONS = {
  ...SHARED,
  lang: { type: 'string' },
  html: { type: 'boolean' },
  vault: { type: 'string' },
} as const;

/** What a receipt file does not prove. A closed union; the page has a sentence for each. */
export type NotProven =
  | 'person'
  | 'brand'
  | 'service-keys'
  | 'log-key'
  | 'witness'
  | 'first-visit'
  | 'no-proofs'
  | 'text'
  | 'no-request'
  | 'values'
  | 'no-receipts'
  | 'no-status'
  | 'after'
  | 'conduct';

/** What a receipt file says, as far as it holds. */
export type CheckedReceipt = {
  readonly file: ReceiptFile;
  readonly findings: Findings;
  readonly trust: Trusted;
  /** Whose word the service's keys are. */
  readonly keysFrom: 'file' | 'vault';
  readonly grant: Grant | null;
  readonly request: ParsedRequest | null;
  readonly receipts: readonly Receipt[];
  readonly history: History;
  readonly status: { readonly state: keyof typeof Status; readonly at: number } | null;
  readonly notProven: readonly NotProven[];
  readonly lang: 'de' | 'en';
  readonly html: boolean;
};

type Report = (finding: Finding) => void;
const LOOPBACK = { [allowLoopback]: true };

/** `check-receipt FILE`: everything in one file, verified as far as a file can be. */
export async function checkReceipt(args: readonly string[]): Promise<CheckedReceipt> {
  const { values, positionals } = parseOptions(args, OPTIONS);
  const path = onePositional(positionals, 'receipt file');
  if (values.lang !== undefined && values.lang !== 'de' && values.lang !== 'en') {
    throw new UsageError('--lang is de or en.');
  }
  const file = loadReceiptFile(path);
  const findings = new Findings();
  const report = (finding: Finding) => findings.add(finding);

  const grant = await orReport(report, 'grant/invalid', 'grant', async () => {
    const parsed = await parseGrant(file.grant, LOOPBACK);
    await verifyGrant(parsed);
    return parsed;
  });
  const vault = grant === null ? null : vaultOfGrant(grant);
  const asked = values.vault === undefined ? null : await askVault(values.vault, vault, values);
  const keys = asked?.keys ?? (await keysOfFile(file, path));
  const vkey = asked?.vkey ?? file.log_vkey;
  const trust = await trustFor(null, values, { vkey, from: asked === null ? 'file' : 'vault' });

  const request = await requestOf(file, grant, report);
  const receipts = grant && vault ? await receiptsOf(file, grant, { vault, keys }, report) : [];
  const materials = file.proofs.map(
    (text, i) => ({ file: `proof ${i}`, kind: 'proof', text }) as const,
  );
  const history: History =
    grant === null
      ? { events: [], grant: null, closed: 0, unplaced: 0 }
      : await readHistory(materials, grant.claims.jti, trust, report);
  compareGrants(grant, history, report);
  comparePlaces(receipts, history, trust, report);
  const status = grant && vault ? await statusOf(file, grant, keys, report) : null;
  const checked = {
    file,
    findings,
    trust,
    keysFrom: asked === null ? 'file' : 'vault',
    grant,
    request,
    receipts,
    history,
    status,
    lang: values.lang ?? grant?.claims.shown.lang ?? 'en',
    html: values.html === true,
  } as const;
  return { ...checked, notProven: notProven(checked) };
}

function vaultOfGrant(grant: Grant): string | null {
  try {
    return vaultOfStatusUri(grant.claims.status.status_list.uri);
  } catch (error) {
    if (!isZusageError(error)) throw error;
    return null;
  }
}

/** The keys by the service's own address (RFC 8414). @throws UsageError, Undecided */
async function askVault(
  address: string,
  vault: string | null,
  values: Parameters<typeof sourceOptions>[0],
): Promise<{ keys: VaultKey[]; vkey: string }> {
  const origin = URL.canParse(address) ? new URL(address).origin : '';
  if (vault !== null && origin !== vault) {
    throw new UsageError(`The grant is of the service ${vault}, not of ${address}.`);
  }
  const source = openSource(origin, sourceOptions(values));
  const text = async (path: string) => {
    const bytes = await source.read(path, 1 << 16);
    if (bytes === null) throw new Undecided(`${origin}/${path} is not there.`);
    return new TextDecoder().decode(bytes);
  };
  try {
    const metadata = parseVaultMetadata(await text(METADATA_PATH.slice(1)), origin, LOOPBACK);
    const keys = await parseVaultKeys(await text(metadata.jwks_uri.slice(origin.length + 1)));
    return { keys, vkey: metadata.log_vkey };
  } catch (error) {
    if (!isZusageError(error)) throw error;
    throw new Undecided(`${origin} answers nothing that fits (${error.code}).`);
  }
}

async function keysOfFile(file: ReceiptFile, path: string): Promise<VaultKey[]> {
  try {
    return await parseVaultKeys(JSON.stringify(file.vault_jwks));
  } catch (error) {
    if (!isZusageError(error)) throw error;
    throw new UsageError(`${path} holds no keys of the service (${error.code}).`);
  }
}

async function requestOf(
  file: ReceiptFile,
  grant: Grant | null,
  report: Report,
): Promise<ParsedRequest | null> {
  const { request: compact } = file;
  if (compact === null) return null;
  const request = await orReport(report, 'request/invalid', 'request', async () =>
    parseRequest(compact, LOOPBACK),
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

async function receiptsOf(
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
function compareGrants(grant: Grant | null, history: History, report: Report): void {
  if (grant === null || history.grant === null || history.grant.hash === grant.hash) return;
  report({ code: 'history/contradiction', detail: 'the log registers another grant' });
}

/** A receipt promises a place in the log; the proof of the same event must show that one. */
function comparePlaces(
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

async function statusOf(
  file: ReceiptFile,
  grant: Grant,
  keys: readonly VaultKey[],
  report: Report,
): Promise<CheckedReceipt['status']> {
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

function notProven(checked: Omit<CheckedReceipt, 'notProven'>): NotProven[] {
  const { trust, history, request, receipts, status } = checked;
  const isWitnessed = history.events.every(
    ({ entry, heads }) => intervalOf(entry.index, heads, trust.quorum).before !== null,
  );
  const unless = (holds: boolean, what: NotProven) => (holds ? [] : [what]);
  return [
    'person',
    'brand',
    ...unless(checked.keysFrom !== 'file', 'service-keys'),
    ...unless(trust.keyFrom !== 'file', 'log-key'),
    ...(history.events.length === 0
      ? (['no-proofs'] as const)
      : [...unless(isWitnessed, 'witness'), 'first-visit' as const]),
    request === null ? 'no-request' : 'text',
    'values',
    ...unless(receipts.length > 0, 'no-receipts'),
    ...unless(status !== null, 'no-status'),
    'after',
    'conduct',
  ];
}

async function orReport<T>(
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
