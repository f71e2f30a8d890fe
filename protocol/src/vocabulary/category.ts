import { isCustomId } from './custom.ts';
import { category } from './dpv.ts';
import { attribute } from './find.ts';

/**
 * The categories of these attributes: full IRIs, each once, sorted. A grant's `personal_data` holds
 * exactly these, in any order (PROTOCOL.md §4). null when one id is neither built in nor in `custom`
 * (the brand's own ids, from its manifest): nothing is known about such data, so nothing is claimed.
 */
export function categoriesOf(
  datatypes: readonly string[],
  custom: ReadonlySet<string> = new Set(),
): string[] | null {
  const found = new Set<string>();
  for (const id of datatypes) {
    const own = isCustomId(id) && custom.has(id) ? category('Preference') : undefined;
    const iri = attribute(id)?.category ?? own;
    if (iri === undefined) return null;
    found.add(iri);
  }
  return [...found].sort();
}
