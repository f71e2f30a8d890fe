import type { Attribute } from './attribute.ts';
import { ATTRIBUTES } from './attributes.ts';

const BY_ID = new Map(ATTRIBUTES.map((row) => [row.id, row]));

/** The built-in attribute with this id. A brand's own ones are made by `customAttribute`. */
export function attribute(id: string): Attribute | undefined {
  return BY_ID.get(id);
}
