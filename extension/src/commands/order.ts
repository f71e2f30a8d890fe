import { ATTRIBUTES } from '@zusage/protocol/vocabulary/index';
import type { HeldAttribute } from '../sharing/attribute-lookup.ts';
import type { Remembered } from '../vault/contents.ts';
import { ownKey } from './own.ts';

const PLACES = new Map(ATTRIBUTES.map(({ id }, place) => [id, place]));

/** An attribute by its key; its value is parsed when it is asked for. */
export type ListedAttribute = Remembered<HeldAttribute>;

type Placed = { readonly one: ListedAttribute; readonly place: number; readonly name: string };

/** Sorting all of fewer pages than this is quicker. */
const MANY = 8;

/** The order in which a person meets the classes; then their own attributes by name, and shops' questions last. */
export function inOrder(listed: readonly ListedAttribute[]): ListedAttribute[] {
  return listed
    .map(placed)
    .sort(compare)
    .map(({ one }) => one);
}

/** As the beginning of `inOrder`; the thousands behind it are not sorted. */
export function firstInOrder(
  listed: readonly ListedAttribute[],
  limit: number,
): readonly ListedAttribute[] {
  if (listed.length < MANY * limit) return inOrder(listed).slice(0, limit);
  const first: Placed[] = [];
  for (const one of listed) {
    const next = placed(one);
    const last = first[limit - 1];
    if (last !== undefined && compare(last, next) < 0) continue;
    if (last !== undefined) first.pop();
    const at = first.findLastIndex((before) => compare(before, next) < 0);
    first.splice(at + 1, 0, next);
  }
  return first.map(({ one }) => one);
}

function placed(one: ListedAttribute): Placed {
  return { one, place: placeOf(one.key), name: nameOf(one) };
}

/** No two have the same name: a key is part of it. */
function compare(a: Placed, b: Placed): number {
  return a.place - b.place || (a.name < b.name ? -1 : 1);
}

function placeOf(key: string): number {
  return PLACES.get(key) ?? ATTRIBUTES.length + (ownKey(key) ? 0 : 1);
}

/** Only those beyond the vocabulary share a place. Of shops' questions nothing is parsed, there may be thousands. */
function nameOf(listed: ListedAttribute): string {
  const { key } = listed;
  return ownKey(key) ? `${listed.value.custom?.label.en.toLowerCase()} ${key}` : key;
}
