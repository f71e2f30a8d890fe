// How a row of the vocabulary is written down. Pairs are [English, German].
import type {
  Attribute,
  Band,
  Option,
  Precision,
  Sensitivity,
  Text,
  ValueSchema,
} from '../attribute.ts';
import { type AttributeClass, CLASSES } from '../classes.ts';
import { category } from '../dpv.ts';

type Pair = readonly [en: string, de: string];

const text = ([en, de]: Pair): Text => ({ en, de });

/** Options or bands, written `{ id: [English, German] }`; an id is what goes over the wire. */
export function options(rows: Readonly<Record<string, Pair>>): Option[] {
  return Object.entries(rows).map(([id, pair]) => ({ id, label: text(pair) }));
}

/** Options whose id is also their label in both languages, such as EU 42 or XL. */
export function sameWords(...ids: string[]): Option[] {
  return ids.map((id) => ({ id, label: { en: id, de: id } }));
}

/** Bands of numbers, both ends belonging to them: `['3-4', 3, 4, [English, German]]`. */
export function ranges(...rows: [id: string, min: number, max: number, label: Pair][]): Band[] {
  return rows.map(([id, min, max, label]) => ({ id, label: text(label), min, max }));
}

/** Attribute with the class its id names, and that class's half-life. */
export function define(
  id: `${Exclude<AttributeClass, 'custom'>}.${string}`,
  row: {
    label: Pair;
    help: Pair;
    example: Pair;
    value: ValueSchema;
    /** Name of a pinned DPV category. */
    category: string;
    sensitivity?: Sensitivity;
    precisions?: readonly Precision[];
    bands?: readonly Band[];
  },
): Attribute {
  const name = id.slice(0, id.indexOf('.')) as AttributeClass;
  return {
    id,
    class: name,
    label: text(row.label),
    help: text(row.help),
    example: text(row.example),
    value: row.value,
    category: category(row.category),
    sensitivity: row.sensitivity ?? 'ordinary',
    halfLifeDays: CLASSES[name].halfLifeDays,
    precisions: row.precisions ?? ['exact'],
    ...(row.bands ? { bands: row.bands } : {}),
  };
}
