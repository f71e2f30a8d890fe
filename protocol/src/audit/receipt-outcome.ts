import type { CheckedReceipt, NotProven } from './check-receipt.ts';
import { FINDINGS, type Finding } from './finding.ts';
import { intervalOf } from './grant-state.ts';
import type { ExitCode } from './outcome.ts';
import type { KeyOrigin } from './trust.ts';

/** What `check-receipt --json` prints. */
export type ReceiptOutcome = {
  readonly command: 'check-receipt';
  readonly exit: ExitCode;
  readonly verified: boolean;
  readonly not_proven: readonly NotProven[];
  readonly findings: readonly (Omit<Finding, 'exhibits'> & { says: string })[];
  readonly keys: {
    readonly log_vkey: string;
    readonly log_from: KeyOrigin;
    readonly service_from: 'file' | 'vault';
  };
  readonly grant: {
    readonly id: string;
    readonly brand: string;
    readonly subject: string;
    readonly datatypes: readonly string[];
    readonly purpose: readonly string[];
    readonly from: number;
    readonly until: number;
    readonly retention: string;
  } | null;
  readonly text: { readonly lang: string; readonly text: string } | null;
  readonly status: CheckedReceipt['status'];
  readonly receipts: number;
  readonly events: readonly {
    seq: number;
    event: string;
    index: number;
    operator_time: number | null;
    witnessed_before: number | null;
  }[];
};

export function receiptOutcome(checked: CheckedReceipt): ReceiptOutcome {
  const { findings, grant, request, trust, history } = checked;
  const verified = findings.count === 0;
  const shown = grant?.claims.shown.lang;
  return {
    command: 'check-receipt',
    exit: verified ? 0 : 1,
    verified,
    not_proven: checked.notProven,
    findings: findings.list.map(({ exhibits: _, ...finding }) => ({
      says: FINDINGS[finding.code],
      ...finding,
    })),
    keys: { log_vkey: trust.vkey, log_from: trust.keyFrom, service_from: checked.keysFrom },
    grant: grant && {
      id: grant.claims.jti,
      brand: grant.claims.aud,
      subject: grant.pseudonym,
      datatypes: grant.details.datatypes,
      purpose: grant.details.purpose,
      from: grant.claims.nbf,
      until: grant.claims.exp,
      retention: grant.details.retention,
    },
    text: request && shown ? { lang: shown, text: request.terms.text[shown] } : null,
    status: checked.status,
    receipts: checked.receipts.length,
    events: history.events.map(({ seq, type, at, entry, heads }) => ({
      seq,
      event: type,
      index: entry.index,
      operator_time: at,
      witnessed_before: intervalOf(entry.index, heads, trust.quorum).before,
    })),
  };
}
