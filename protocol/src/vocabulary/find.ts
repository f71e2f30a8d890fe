import type { Attribute } from './attribute.ts';
import { ATTRIBUTES } from './attributes.ts';

/** The built-in attribute with this id. A brand's own ones are made by `customAttribute`. */
export function attribute(id: string): Attribute | undefined {
  return ATTRIBUTES.find((row) => row.id === id);
}
