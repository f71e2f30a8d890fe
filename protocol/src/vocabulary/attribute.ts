// The shape of one attribute of the vocabulary (SPEC §13). Types and the id grammar only, so
// that a page of the extension can import this file for next to nothing.
import type { AttributeClass } from './classes.ts';
import { CLASS_NAMES } from './classes.ts';

export type Lang = 'en' | 'de';

/** The same words in both languages of the product. */
export type Text = Readonly<Record<Lang, string>>;

/** `special` = special category of personal data (GDPR Art. 9): asked for alone, never by default. */
export type Sensitivity = 'ordinary' | 'personal' | 'special';

/** How exactly a value is shared: as it is, as a range or group, or only that there is one. */
export type Precision = 'exact' | 'band' | 'yes-no';

/** One thing to choose. `id` is what goes over the wire, `label` what people see. */
export type Option = { readonly id: string; readonly label: Text };

/**
 * What a value may be. The value itself is JSON, its type fixed by the kind:
 *
 * | kind    | JSON type        | exact value |
 * |---------|------------------|-------------|
 * | choice  | string           | an option id |
 * | choices | array of strings | 1 to `max` different option ids |
 * | text    | string           | 1 to `maxLength` code points, NFC, no invisible characters |
 * | number  | number           | a safe integer from `min` to `max` in steps of `step`, in `unit` |
 * | date    | string           | YYYY-MM-DD |
 * | yes-no  | boolean          | |
 * | email   | string           | one address, at most 254 characters |
 * | phone   | string           | E.164 with the plus sign, no spaces |
 *
 * With `until` the value carries its own expiry and is written `<value> until <YYYY-MM-DD>`
 * (intent.ts): the brand learns the date with the intent, and nobody needs a second field for it.
 */
export type ValueSchema =
  | { readonly kind: 'choice'; readonly options: readonly Option[]; readonly until?: true }
  | { readonly kind: 'choices'; readonly options: readonly Option[]; readonly max: number }
  | { readonly kind: 'text'; readonly maxLength: number; readonly until?: true }
  | {
      readonly kind: 'number';
      readonly min: number;
      readonly max: number;
      readonly step: number;
      readonly unit?: Text;
    }
  | { readonly kind: 'date' }
  | { readonly kind: 'yes-no' }
  | { readonly kind: 'email' }
  | { readonly kind: 'phone' };

/** A coarser value: a range of numbers (both ends belong to it) or a group of options. */
export type Band = { readonly id: string; readonly label: Text } & (
  | { readonly min: number; readonly max: number }
  | { readonly options: readonly string[] }
);

export type Value = string | number | boolean | readonly string[];

export type Attribute = {
  readonly id: string;
  readonly class: AttributeClass;
  readonly label: Text;
  /** One sentence: what a brand can do with it. */
  readonly help: Text;
  readonly example: Text;
  readonly value: ValueSchema;
  /** Full IRI of a pinned DPV category, https://w3id.org/dpv/pd#… */
  readonly category: string;
  readonly sensitivity: Sensitivity;
  /** `own-date`: fresh until the date inside the value. */
  readonly halfLifeDays: number | 'own-date';
  /** What the person may choose from, the most exact first. */
  readonly precisions: readonly Precision[];
  /** For `choice` and `number` with precision `band`; a `date` is banded by its month. */
  readonly bands?: readonly Band[];
};

const ID = /^([a-z0-9-]+)\.[a-z0-9-]+(?:\.[a-z0-9-]+)?$/;

/** Grammar of §11: `class.name[.detail]`, `[a-z0-9-]`, at most 64 characters, a known class. */
export function isAttributeId(s: string): boolean {
  return s.length <= 64 && CLASS_NAMES.includes(ID.exec(s)?.[1] as AttributeClass);
}
