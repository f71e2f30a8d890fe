import { type Grant, parseGrant, verifyGrant } from '../grant.ts';
import { allowLoopback } from '../origin.ts';
import type { Receipt } from '../receipt.ts';
import type { ParsedRequest } from '../request.ts';
import { type Finding, Findings, UsageError } from './finding.ts';
import { intervalOf } from './grant-state.ts';
import { type History, readHistory } from './history.ts';
import { LOG_OPTIONS, onePositional, parseOptions } from './options.ts';
import { loadReceiptFile, type ReceiptFile } from './receipt-file.ts';
import {
  compareGrants,
  comparePlaces,
  orReport,
  receiptsOf,
  requestOf,
  type StatusAt,
  statusOf,
} from './receipt-parts.ts';
import { askVault, keysOfFile, vaultOfGrant } from './service-keys.ts';
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
  readonly status: StatusAt | null;
  readonly notProven: readonly NotProven[];
  readonly lang: 'de' | 'en';
  readonly html: boolean;
};

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
    const parsed = await parseGrant(file.grant, { [allowLoopback]: true });
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
