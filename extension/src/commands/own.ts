import { type Attribute, checkValue, customAttribute } from '@zusage/protocol/vocabulary/index';
import type { HeldAttribute } from '../sharing/attribute-lookup.ts';

/** What the ids of one's own attributes begin with. A request never leads to such a key (SPEC §2: a shop's has its DID). */
const PREFIX = 'custom.own.';
/** Characters of a name, as many as of a shop's question (SPEC §2). */
const LONGEST = 80;

export function ownKey(id: string): boolean {
  return id.startsWith(PREFIX);
}

export function newOwnKey(): string {
  return `${PREFIX}${crypto.randomUUID()}`;
}

/** One that the person made; undefined for an id that is no attribute id. */
export function ownAttribute(
  id: string,
  name: string,
): { what: Attribute; custom: NonNullable<HeldAttribute['custom']> } | undefined {
  const label = { en: name, de: name };
  const what = ownKey(id) ? customAttribute({ id, label }) : undefined;
  return what && { what, custom: { label } };
}

/** Good text of at most 80 characters. */
export function isOwnLabel(label: string): boolean {
  const what = customAttribute({ id: `${PREFIX}label`, label: { en: '', de: '' } }) as Attribute;
  return checkValue({ ...what, value: { kind: 'text', maxLength: LONGEST } }, label) === null;
}
