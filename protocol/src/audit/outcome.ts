import { encodeBase64 } from '../tlog/base64.ts';
import { FINDINGS, type Finding, type Findings } from './finding.ts';
import type { PublishedHead } from './heads.ts';
import type { KeyOrigin, Trusted } from './trust.ts';

/** 0 verified, 1 the log is wrong, 2 usage, 3 nothing decided. */
export type ExitCode = 0 | 1 | 2 | 3;

/** What a command found out; `--json` prints it as it is. */
export type Outcome = {
  readonly command: string;
  readonly exit: ExitCode;
  readonly verified: boolean;
  readonly log: {
    readonly where: string;
    readonly origin: string;
    readonly vkey: string;
    readonly key_from: KeyOrigin;
  } | null;
  readonly checkpoint: {
    readonly size: number;
    readonly root: string;
    readonly cosignatures: readonly { name: string; time: number }[];
  } | null;
  readonly findings: readonly (Omit<Finding, 'exhibits'> & { says: string })[];
  /** All findings, also those not listed. */
  readonly finding_count: number;
  readonly checked: { readonly [what: string]: string | number | boolean | null };
  readonly not_checked: readonly string[];
  /** Folders with evidence. */
  readonly evidence: readonly string[];
};

export function outcomeOf(
  command: string,
  where: string,
  trust: Trusted,
  head: PublishedHead | null,
  findings: Findings,
  said: Pick<Outcome, 'checked' | 'not_checked' | 'evidence'>,
): Outcome {
  const verified = findings.count === 0;
  return {
    command,
    exit: verified ? 0 : 1,
    verified,
    log: { where, origin: trust.log.name, vkey: trust.vkey, key_from: trust.keyFrom },
    checkpoint: head && {
      size: head.size,
      root: encodeBase64(head.root),
      cosignatures: head.cosignatures,
    },
    findings: findings.list.map(({ exhibits: _, ...finding }) => ({
      says: FINDINGS[finding.code],
      ...finding,
    })),
    finding_count: findings.count,
    ...said,
  };
}

/** For people at a terminal. */
export function textOf(outcome: Outcome): string {
  const { log, checkpoint, findings } = outcome;
  const lines = [outcome.verified ? 'VERIFIED' : 'THE LOG IS WRONG', ''];
  if (log !== null) lines.push(`log         ${log.origin}, read from ${log.where}`);
  if (checkpoint !== null) {
    lines.push(`checkpoint  ${checkpoint.size.toLocaleString('en')} entries, ${checkpoint.root}`);
    for (const { name, time } of checkpoint.cosignatures) {
      lines.push(`witness     ${name} at ${new Date(time * 1000).toISOString()}`);
    }
  }
  for (const [what, count] of Object.entries(outcome.checked)) {
    lines.push(
      `${what.replaceAll('_', ' ')}: ${typeof count === 'number' ? count.toLocaleString('en') : count}`,
    );
  }
  if (outcome.not_checked.length > 0) lines.push('', 'Not checked:');
  for (const what of outcome.not_checked) lines.push(`  - ${what}`);
  if (findings.length > 0) lines.push('', 'Found:');
  for (const { code, says, ...where } of findings) {
    const place = Object.entries(where).map(([name, value]) => `${name} ${value}`);
    lines.push(`  ${code}: ${says}${place.length > 0 ? ` (${place.join(', ')})` : ''}`);
  }
  const more = outcome.finding_count - findings.length;
  if (more > 0) lines.push(`  and ${more} more`);
  if (outcome.evidence.length > 0) lines.push('', 'Evidence:');
  for (const folder of outcome.evidence) lines.push(`  ${folder}`);
  return lines.join('\n');
}
