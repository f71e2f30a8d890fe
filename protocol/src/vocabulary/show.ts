// The plain words for a value. Prompt, list and receipt all use this, so that what is shown is what is
// shared.
import type { Attribute, Lang, Text, Value } from './attribute.ts';
import { dayNumber } from './day.ts';
import { splitUntil } from './intent.ts';

const LOCALE = { en: 'en-GB', de: 'de-DE' } as const;
const YES = { en: 'Yes', de: 'Ja' };
const NO = { en: 'No', de: 'Nein' };
const THERE_IS = { en: 'only that there is one', de: 'nur, dass es eine Angabe gibt' };
const THERE_IS_NONE = { en: 'that there is none', de: 'dass es keine Angabe gibt' };
const UNTIL = { en: 'until', de: 'bis' };

/**
 * Works for a value at every precision: an option's or band's label, a number with its unit, a date in
 * words, "yes". What the vocabulary does not know is shown as it is, never hidden.
 */
export function showValue(attribute: Attribute, value: Value, lang: Lang): string {
  const schema = attribute.value;
  if (typeof value === 'boolean') {
    if (schema.kind === 'yes-no') return (value ? YES : NO)[lang];
    return (value ? THERE_IS : THERE_IS_NONE)[lang];
  }
  if (typeof value === 'number') {
    const digits = new Intl.NumberFormat(LOCALE[lang]).format(value);
    return schema.kind === 'number' && schema.unit ? `${digits} ${schema.unit[lang]}` : digits;
  }
  if (typeof value === 'string') return showString(attribute, value, lang);
  return value.map((id) => labelOf(attribute, id)?.[lang] ?? id).join(', ');
}

function showString(attribute: Attribute, value: string, lang: Lang): string {
  if (attribute.value.kind === 'date') return showDay(value, lang);
  const dated = 'until' in attribute.value ? splitUntil(value) : null;
  if (dated === null) return labelOf(attribute, value)?.[lang] ?? value;
  const words = labelOf(attribute, dated.value)?.[lang] ?? dated.value;
  return `${words}, ${UNTIL[lang]} ${showDay(dated.until, lang)}`;
}

function labelOf(attribute: Attribute, id: string): Text | undefined {
  const options = 'options' in attribute.value ? attribute.value.options : [];
  return [...options, ...(attribute.bands ?? [])].find((row) => row.id === id)?.label;
}

/** "31 March 2027", "31. März 2027"; a month: "March 2027". Anything else comes back as it is. */
function showDay(day: string, lang: Lang): string {
  const month = day.length === 7;
  const number = dayNumber(month ? `${day}-01` : day);
  if (number === null) return day;
  return new Intl.DateTimeFormat(LOCALE[lang], {
    ...(month ? {} : { day: 'numeric' }),
    month: 'long',
    year: 'numeric',
    timeZone: 'UTC',
  }).format(number * 86_400_000);
}
