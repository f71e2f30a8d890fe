import { isCustomId } from './custom.ts';
import { category } from './dpv.ts';
import { attribute } from './find.ts';

/**
 * The categories of these attributes: full IRIs, each once, sorted. A grant's `personal_data` holds
 * exactly these, in any order (SPEC §4). A brand's own attribute is a preference (§2); whether
 * its manifest lists it is a matter of bounds. null when one id is neither: nothing is known about such
 * data, so nothing is claimed.
 */
export function categoriesOf(datatypes: readonly string[]): string[] | null {
  const found = new Set<string>();
  for (const id of datatypes) {
    const iri = attribute(id)?.category ?? (isCustomId(id) ? category('Preference') : undefined);
    if (iri === undefined) return null;
    found.add(iri);
  }
  return [...found].sort();
}
