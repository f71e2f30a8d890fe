import type { Manifest } from '@zusage/protocol/brand-document';
import {
  type Attribute,
  attribute,
  checkValue,
  customAttribute,
  freshness,
  isCustomId,
  splitUntil,
  type Text,
  type Value,
  withUntil,
} from '@zusage/protocol/vocabulary/index';
import type { Day, Seen } from '../messages.ts';
import type { AttributeRecord } from '../vault/records.ts';
import { CommandFailure } from './failure.ts';
import type { Services } from './services.ts';

/**
 * What a brand asks in its own words is answered for that brand alone, so its record carries brand and words. Without a
 * brand it is one of the person's own: its key is never one that a request leads to (`recordKey`).
 */
export type HeldAttribute = AttributeRecord & {
  readonly custom?: { readonly did?: string; readonly label: Text };
};

/** Key of an attribute in the vault: its id; a brand's own question is another one for each brand. */
export function recordKey(id: string, did: string): string {
  return isCustomId(id) ? `${id}@${did}` : id;
}

/** What `id` means in a request of this brand; undefined when nobody can say. */
export function attributeAsked(id: string, { custom }: Manifest): Attribute | undefined {
  const own = custom.find((entry) => entry.id === id);
  return own === undefined ? attribute(id) : customAttribute(own);
}

/** What a record in the vault means; undefined when this version does not know it. */
export function attributeHeld(record: HeldAttribute): Attribute | undefined {
  const { custom, id } = record;
  if (custom === undefined) return attribute(id);
  const asked = custom.did === undefined ? id : id.slice(0, id.indexOf('@'));
  return customAttribute({ id: asked, label: custom.label });
}

/** Convictions, mood, and what the law protects specially (GDPR Art. 9). */
export function isSensitive(what: Attribute): boolean {
  return what.class === 'value' || what.class === 'mood' || what.sensitivity === 'special';
}

/** Held for the person alone: no prompt offers it. */
export function isLocal(what: Attribute, record: HeldAttribute | undefined): boolean {
  return record !== undefined && isSensitive(what) && record.shareable !== true;
}

/**
 * The value as the vault keeps it: an intent has its own end inside.
 * @returns null when it does not fit the attribute
 */
export function valueToKeep(what: Attribute, value: unknown, until: Day | undefined): Value | null {
  const dated = 'until' in what.value && what.value.until === true;
  if (dated !== (until !== undefined)) return null;
  const kept = dated && typeof value === 'string' ? withUntil(value, until as Day) : value;
  return checkValue(what, kept) === null ? (kept as Value) : null;
}

/** The two parts of a kept value, as pages show and edit them. */
export function valueToEdit(what: Attribute, kept: Value): { value: Value; until?: Day } {
  const dated = 'until' in what.value && typeof kept === 'string' ? splitUntil(kept) : null;
  return dated ?? { value: kept };
}

/** Today where the person is. */
export function today({ now }: Pick<Services, 'now'>): Day {
  const at = new Date(now() * 1000);
  const two = (n: number) => String(n).padStart(2, '0');
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

/** @throws CommandFailure `edited` when the vault holds something else than the person saw; undefined: whatever it holds */
export function assertSeen(current: HeldAttribute | undefined, seen: Seen | undefined): void {
  if (seen === undefined) return;
  const what = current && attributeHeld(current);
  const now = what === undefined ? null : valueToEdit(what, current?.value as Value);
  if (
    JSON.stringify(now && [now.value, now.until]) ===
    JSON.stringify(seen && [seen.value, seen.until])
  )
    return;
  throw new CommandFailure('edited');
}

type Keeping = Pick<HeldAttribute, 'custom' | 'shareable'> & {
  seen?: Seen | undefined;
  source?: 'entered' | 'quiz' | undefined;
};

/** Writes a value the person just gave. The value has been checked. @throws CommandFailure `edited` */
export function keepValue(
  services: Services,
  key: string,
  value: Value,
  how: Keeping = {},
): Promise<HeldAttribute> {
  return services.vault.update('attribute', key, (current) =>
    withValue(services, key, current, value, how),
  );
}

/** The record as `keepValue` writes it over `current`. @throws CommandFailure `edited` */
export function withValue(
  services: Services,
  key: string,
  current: HeldAttribute | undefined,
  value: Value,
  { custom, shareable, seen, source = 'entered' }: Keeping,
): HeldAttribute {
  assertSeen(current, seen);
  const day = today(services);
  const open = shareable ?? current?.shareable;
  return {
    id: key,
    value,
    source,
    enteredOn: day,
    confirmedOn: day,
    precision: 'exact',
    ...(open && { shareable: open }),
    ...(custom && { custom }),
  };
}

/** The record, called still true today. @throws CommandFailure `unknown`; `value` for an intent whose day has passed */
export function confirmed(services: Services, current: HeldAttribute | undefined): HeldAttribute {
  const day = today(services);
  if (current === undefined) throw new CommandFailure('unknown');
  const what = attributeHeld(current);
  if (what === undefined) throw new CommandFailure('unknown');
  if (freshness(what, day, day, current.value as Value) === 'stale') {
    throw new CommandFailure('value');
  }
  return { ...current, confirmedOn: day };
}
