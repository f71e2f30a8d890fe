import { ATTRIBUTES } from '@zusage/protocol/vocabulary/index';
import type { HeldAttribute } from '../sharing/attribute-lookup.ts';
import type { Remembered } from '../vault/contents.ts';
import { ownKey } from './own.ts';

const PLACES = new Map(ATTRIBUTES.map(({ id }, place) => [id, place]));

/** An attribute by its key; its value is parsed when it is asked for. */
export type ListedAttribute = Remembered<HeldAttribute>;

/** The order in which a person meets the classes; then their own attributes by name, and shops' questions last. */
export function inOrder(listed: readonly ListedAttribute[]): ListedAttribute[] {
  return listed
    .map((one) => ({ one, place: placeOf(one.key), name: nameOf(one) }))
    .sort((a, b) => a.place - b.place || (a.name < b.name ? -1 : 1))
    .map(({ one }) => one);
}

function placeOf(key: string): number {
  return PLACES.get(key) ?? ATTRIBUTES.length + (ownKey(key) ? 0 : 1);
}

/** Only those beyond the vocabulary share a place. Of shops' questions nothing is parsed, there may be thousands. */
function nameOf(listed: ListedAttribute): string {
  const { key } = listed;
  return ownKey(key) ? `${listed.value.custom?.label.en.toLowerCase()} ${key}` : key;
}
