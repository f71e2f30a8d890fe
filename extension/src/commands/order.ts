import { ATTRIBUTES } from '@zusage/protocol/vocabulary/index';
import type { HeldAttribute } from '../sharing/attribute-lookup.ts';
import { isOwn } from './views.ts';

const PLACES = new Map(ATTRIBUTES.map(({ id }, place) => [id, place]));

/** The order in which a person meets the classes; then their own attributes by name, and shops' questions last. */
export function inOrder(records: readonly HeldAttribute[]): HeldAttribute[] {
  return records
    .map((record) => ({ record, place: placeOf(record), name: nameOf(record) }))
    .sort((a, b) => a.place - b.place || (a.name < b.name ? -1 : 1))
    .map(({ record }) => record);
}

function placeOf(record: HeldAttribute): number {
  return PLACES.get(record.id) ?? ATTRIBUTES.length + (isOwn(record) ? 0 : 1);
}

/** Only those beyond the vocabulary share a place. */
function nameOf({ id, custom }: HeldAttribute): string {
  return custom === undefined ? id : `${custom.label.en.toLowerCase()} ${id}`;
}
