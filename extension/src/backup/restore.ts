import { VaultCryptoError } from '../vault/errors.ts';
import type { AttributeRecord, SettingsRecord, VaultEntry } from '../vault/records.ts';
import { SETTINGS } from '../vault/records.ts';
import { newStopRoot, type RecordWrite } from '../vault/sealed-store.ts';
import { merged, sameValue, settingsOf } from './merge.ts';

/** What the person decided. */
export interface RestoreChoice {
  /** Keys of the attributes whose value the backup's replaces. */
  readonly theirs: ReadonlySet<string>;
  /** The brands blocked in the backup shall be blocked here, too. */
  readonly blocks: boolean;
}

/** How many records of a sort are new here, here as they are, and changed by what the backup knows. */
export interface Tally {
  fresh: number;
  same: number;
  changed: number;
}

export interface RestorePlan {
  readonly attributes: Tally;
  readonly grants: Tally;
  readonly receipts: Tally;
  readonly proofs: Tally;
  readonly log: Tally;
  /** Attributes of which the vault holds another value. */
  readonly conflicts: readonly { mine: AttributeRecord; theirs: AttributeRecord }[];
  /** DIDs blocked in the backup and not here. */
  readonly blocks: readonly string[];
}

const key = ({ kind, key }: { kind: string; key: string }) => JSON.stringify([kind, key]);

/** What restoring would do; `here` is empty where there is no vault yet. */
export function planRestore(
  backup: readonly VaultEntry[],
  here: readonly VaultEntry[],
): RestorePlan {
  const mine = new Map(here.map((entry) => [key(entry), entry.value]));
  const tally = (): Tally => ({ fresh: 0, same: 0, changed: 0 });
  const tallies = { attribute: tally(), grant: tally(), proof: tally(), log: tally() };
  const receipts = tally();
  const conflicts: { mine: AttributeRecord; theirs: AttributeRecord }[] = [];
  for (const entry of backup) {
    const { kind, value } = entry;
    const held = mine.get(key(entry));
    if (kind === 'grant') {
      const had = new Set((held as typeof value | undefined)?.receipts);
      for (const receipt of value.receipts) receipts[had.has(receipt) ? 'same' : 'fresh'] += 1;
    }
    if (!(kind in tallies)) continue;
    const counts = tallies[kind as keyof typeof tallies];
    if (held === undefined) counts.fresh += 1;
    else if (kind === 'attribute') {
      const same = sameValue(held as AttributeRecord, value);
      counts[same ? 'same' : 'changed'] += 1;
      if (!same) conflicts.push({ mine: held as AttributeRecord, theirs: value });
    } else counts[isSame(merged(entry, held), held) ? 'same' : 'changed'] += 1;
  }
  const blocked = new Set(settingsOf(here)?.blockedBrands);
  const { attribute, grant, proof, log } = tallies;
  return {
    attributes: attribute,
    grants: grant,
    receipts,
    proofs: proof,
    log,
    conflicts,
    blocks: (settingsOf(backup)?.blockedBrands ?? []).filter((did) => !blocked.has(did)),
  };
}

/**
 * What is to be written into a vault that holds `here`. Each record is united with what is there at the moment of
 * writing, so nothing that happens in between is lost.
 */
export function restoreWrites(
  backup: readonly VaultEntry[],
  here: readonly VaultEntry[],
  choice: RestoreChoice,
): RecordWrite[] {
  const mine = new Map(here.map((entry) => [key(entry), entry.value]));
  const writes = backup.flatMap((entry): RecordWrite[] => {
    const { kind } = entry;
    if (kind === 'settings' || isSettled(entry, mine)) return [];
    const change = (current: unknown) =>
      kind === 'attribute' ? attributeOf(entry, current, choice) : merged(entry, current);
    const held = mine.get(key(entry));
    if (held !== undefined && isSame(change(held), held)) return [];
    return [{ kind, key: entry.key, change } as unknown as RecordWrite];
  });
  const blocks = choice.blocks ? (settingsOf(backup)?.blockedBrands ?? []) : [];
  const change = (current: SettingsRecord | undefined): SettingsRecord => {
    if (current === undefined) throw new VaultCryptoError('vault/corrupt');
    return {
      ...current,
      blockedBrands: [...new Set([...current.blockedBrands, ...blocks])],
      stopRoot: newStopRoot(),
      nextStopIndex: 0,
    };
  };
  return [...writes, { kind: 'settings', key: SETTINGS, change }];
}

/** An unfinished step of a grant that this vault has: it came to its end here. */
function isSettled({ kind, value }: VaultEntry, mine: ReadonlyMap<string, unknown>): boolean {
  if (kind !== 'step') return false;
  const signed = value['signed'] as { jti?: unknown } | undefined;
  return typeof signed?.jti === 'string' && mine.has(key({ kind: 'grant', key: signed.jti }));
}

function attributeOf(entry: VaultEntry, current: unknown, { theirs }: RestoreChoice) {
  if (current === undefined) return entry.value;
  const mine = current as AttributeRecord;
  const value = entry.value as AttributeRecord;
  if (!theirs.has(entry.key) || sameValue(mine, value)) return mine;
  // Whether shops may ask for it is a rule, and rules stay.
  const { shareable: _, ...restored } = value;
  return { ...restored, ...(mine.shareable && { shareable: mine.shareable }) };
}

/** The same record, whatever the order of its members. */
function isSame(one: unknown, other: unknown): boolean {
  return sorted(one) === sorted(other);
}

function sorted(value: unknown): string {
  return JSON.stringify(value, (_, member) =>
    member !== null && typeof member === 'object' && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );
}
