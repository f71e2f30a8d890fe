import {
  type Attribute,
  atPrecision,
  CLASSES,
  freshness,
  type Lang,
  type Precision,
  showValue,
  type Value,
} from '@zusage/protocol/vocabulary/index';
import type { AttributeView, InputView, PromptItem } from '../messages.ts';
import {
  attributeHeld,
  type HeldAttribute,
  isLocal,
  isSensitive,
  today,
  valueToEdit,
} from '../sharing/attribute-lookup.ts';
import type { Services } from '../sharing/services.ts';

/** How to draw the input of an attribute, with words in one language. */
export function inputView({ value }: Attribute, lang: Lang): InputView {
  switch (value.kind) {
    case 'choice':
    case 'choices': {
      const options = value.options.map(({ id, label }) => ({ id, label: label[lang] }));
      return value.kind === 'choice'
        ? { kind: 'choice', options }
        : { kind: 'choices', options, max: value.max };
    }
    case 'text':
      return { kind: 'text', maxLength: value.maxLength };
    case 'number': {
      const { min, max, step, unit } = value;
      return { kind: 'number', min, max, step, ...(unit && { unit: unit[lang] }) };
    }
    case 'date':
    case 'yes-no':
    case 'email':
    case 'phone':
      return { kind: value.kind };
  }
}

/** What it is called; a brand's own words are marked as such wherever they stand. */
export function labelOf({ words, lang }: Services, what: Attribute): string {
  const label = what.label[lang];
  return what.class === 'custom' ? words('worker_custom', label) : label;
}

/** What a held attribute is called: the person's own words stand as they are. */
export function labelHeld(services: Services, what: Attribute, record: HeldAttribute): string {
  return isOwn(record) ? what.label[services.lang] : labelOf(services, what);
}

/** One that the person made, and no shop can ask for. */
export function isOwn({ custom }: HeldAttribute): boolean {
  return custom !== undefined && custom.did === undefined;
}

/** An attribute in words. `key`: its id, or for a brand's own question the key of its record. */
export function attributeView(
  services: Services,
  key: string,
  what: Attribute,
  record?: HeldAttribute,
): AttributeView {
  const { lang, words } = services;
  const own = record !== undefined && isOwn(record);
  return {
    id: key,
    classId: own ? 'own' : what.class,
    classLabel: own ? words('worker_own_class') : CLASSES[what.class].label[lang],
    label: record ? labelHeld(services, what, record) : labelOf(services, what),
    help: own ? words('worker_own_help') : what.help[lang],
    example: what.example[lang],
    input: inputView(what, lang),
    sensitivity: what.sensitivity,
    sensitive: isSensitive(what),
    hasUntil: 'until' in what.value && what.value.until === true,
    ...(record && { held: heldView(services, what, record) }),
  };
}

function heldView(services: Services, what: Attribute, record: HeldAttribute) {
  const kept = record.value as Value;
  const { value, until } = valueToEdit(what, kept);
  return {
    value: typeof value === 'object' ? [...value] : value,
    shown: showValue(what, kept, services.lang),
    source: record.source,
    enteredOn: record.enteredOn,
    confirmedOn: record.confirmedOn,
    ...(until !== undefined && { until }),
    freshness: freshness(what, record.confirmedOn, today(services), kept),
    shareable: !isOwn(record) && !isLocal(what, record),
  };
}

/** What the vault holds, in words; undefined for what this version of the vocabulary does not know. */
export function heldAttributeView(
  services: Services,
  record: HeldAttribute,
): AttributeView | undefined {
  const what = attributeHeld(record);
  return what && attributeView(services, record.id, what, record);
}

/** What would be shared at each precision; without a value the words are empty. */
export function precisionViews(
  { words, lang }: Services,
  what: Attribute,
  record?: HeldAttribute,
): PromptItem['precisions'] {
  return what.precisions.flatMap((id) => {
    const value = record && atPrecision(what, record.value as Value, id);
    if (value === null) return [];
    const shown = value === undefined ? '' : showValue(what, value, lang);
    return [{ id, label: precisionWords(words, id), shown }];
  });
}

function precisionWords(words: Services['words'], precision: Precision): string {
  switch (precision) {
    case 'exact':
      return words('worker_precision_exact');
    case 'band':
      return words('worker_precision_band');
    case 'yes-no':
      return words('worker_precision_yes_no');
  }
}
