import type { Trust } from '../tlog/checkpoint.ts';
import { TlogError } from '../tlog/errors.ts';
import { formatVkey, KeyType, parseVkey, type VerifierKey } from '../tlog/vkey.ts';
import { Undecided, UsageError } from './finding.ts';
import type { LogSource } from './source.ts';

/** Where the log's key comes from; `log` and `file` are the word of whoever wrote them. */
export type KeyOrigin = 'option' | 'state' | 'log' | 'file' | 'vault';

export type Trusted = Trust & {
  readonly witnesses: readonly VerifierKey[];
  /** How many of the witnesses must have cosigned. */
  readonly quorum: number;
  readonly keyFrom: KeyOrigin;
  readonly vkey: string;
};

function keyOf(vkey: string, type: KeyType, what: string): VerifierKey {
  try {
    const key = parseVkey(vkey.trim());
    if (key.type === type) return key;
  } catch (error) {
    if (!(error instanceof TlogError)) throw error;
  }
  throw new UsageError(`${what} is no such verifier key (C2SP signed-note).`);
}

/**
 * The option's key, else the state's, else the one the log serves itself: then a first visit can be deceived, and the
 * command says so.
 * @throws UsageError, Undecided
 */
export async function trustFor(
  source: LogSource | null,
  options: {
    key?: string | undefined;
    witness?: string[] | undefined;
    quorum?: string | undefined;
  },
  kept: { vkey: string; from: 'state' | 'file' | 'vault' } | null,
): Promise<Trusted> {
  const witnesses = (options.witness ?? []).map((vkey) =>
    keyOf(vkey, KeyType.cosignature, '--witness'),
  );
  const quorum = Number(options.quorum ?? (witnesses.length > 0 ? 1 : 0));
  if (!Number.isInteger(quorum) || quorum < 0 || quorum > witnesses.length) {
    throw new UsageError('--quorum must be a number from 0 to the number of witnesses.');
  }
  const { vkey, keyFrom } = await chooseKey(source, options.key, kept);
  const log = keyOf(vkey, KeyType.ed25519, keyFrom === 'option' ? '--key' : 'The key of the log');
  return { log, witnesses, quorum, keyFrom, vkey: formatVkey(log) };
}

async function chooseKey(
  source: LogSource | null,
  option: string | undefined,
  kept: { vkey: string; from: 'state' | 'file' | 'vault' } | null,
): Promise<{ vkey: string; keyFrom: KeyOrigin }> {
  if (option !== undefined) return { vkey: option, keyFrom: 'option' };
  if (kept !== null) return { vkey: kept.vkey, keyFrom: kept.from };
  if (source === null) throw new UsageError('Give the key of the log with --key.');
  const served = await source.read('key', 1024);
  if (served === null) {
    const place = source.remote
      ? 'Name its prefix, as in https://vault.example/log'
      : 'Name its folder';
    throw new Undecided(
      `${source.where}/key is not there. ${place}, or give the log’s key with --key.`,
    );
  }
  return { vkey: new TextDecoder().decode(served), keyFrom: 'log' };
}
