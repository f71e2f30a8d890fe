// What a brand asks beyond the vocabulary, as listed in its manifest (SPEC §2).
import { type Attribute, isAttributeId, type Text } from './attribute.ts';
import { CLASSES } from './classes.ts';
import { category } from './dpv.ts';

const HELP: Text = {
  en: 'This brand asks for it in its own words.',
  de: 'Diese Marke fragt danach mit eigenen Worten.',
};
const EXAMPLE: Text = { en: 'Free text', de: 'Freier Text' };

/** True for an id of the class `custom`. Whether a brand listed it is the manifest's matter. */
export function isCustomId(id: string): boolean {
  return id.startsWith('custom.') && isAttributeId(id);
}

/**
 * The attribute behind an entry `{id, label}` of a brand's manifest: text of at most 200 characters,
 * `pd:Preference`, `personal` because nobody but the brand knows what it asks. undefined when the id is
 * not of the class `custom`. The label is the brand's and must be shown as such.
 */
export function customAttribute(entry: { id: string; label: Text }): Attribute | undefined {
  if (!isCustomId(entry.id)) return undefined;
  return {
    id: entry.id,
    class: 'custom',
    label: entry.label,
    help: HELP,
    example: EXAMPLE,
    value: { kind: 'text', maxLength: 200 },
    category: category('Preference'),
    sensitivity: 'personal',
    halfLifeDays: CLASSES.custom.halfLifeDays,
    precisions: ['exact'],
  };
}
