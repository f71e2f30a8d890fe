import { attribute, showValue } from '@zusage/protocol/brand';
import type { Product } from './products.ts';
import type { Values } from './store.ts';
import { type Lang, say } from './words.ts';

/** A product with its place for this person, and the words why. */
export type Ranked = {
  readonly product: Product;
  /** Above 0: fits. Below 0: does not, and comes last. */
  readonly score: number;
  readonly reasons: readonly string[];
};

type Match = { score: number; reason: string } | null;
type Rule = (value: unknown, product: Product, shown: string, lang: Lang) => Match;

/** How each attribute changes the order. One the shop has no rule for changes nothing. */
const RULES: Readonly<Record<string, Rule>> = {
  'size.shoe': (value, { sizes }, shown, lang) => {
    if (sizes === undefined) return null;
    const wanted =
      String(value)
        .match(/[0-9]+(?:\.5)?/g)
        ?.map(Number) ?? [];
    const [from, to = from] = wanted;
    if (from === undefined || to === undefined) return null;
    const fits = from <= sizes[1] && to >= sizes[0];
    return fits
      ? { score: 4, reason: say('reasonSize', lang, shown) }
      : { score: -10, reason: say('reasonNoSize', lang, shown) };
  },
  'preference.coffee-roast': (value, { roast }, shown, lang) =>
    roast !== undefined && roast === value ? chosen(5, shown, lang) : null,
  'preference.brew-method': (value, { brew }, shown, lang) =>
    overlaps(value, brew) ? chosen(3, shown, lang) : null,
  'interest.outdoor': (value, { activities }, shown, lang) =>
    overlaps(value, activities) ? chosen(3, shown, lang) : null,
  'intent.travel': (value, { trips }, shown, lang) =>
    overlaps([String(value).split(' until ')[0]], trips) ? chosen(3, shown, lang) : null,
};

function chosen(score: number, shown: string, lang: Lang): Match {
  return { score, reason: say('reasonChosen', lang, shown) };
}

function overlaps(value: unknown, options: readonly string[] | undefined): boolean {
  return Array.isArray(value) && value.some((item) => options?.includes(item));
}

/** What the person told the shop, in plain words: `Shoe size` – `EU 42`. */
export function toldUs(values: Values, lang: Lang): { id: string; label: string; shown: string }[] {
  return Object.entries(values).flatMap(([id, { value }]) => {
    const known = attribute(id);
    if (known === undefined) return [];
    return [{ id, label: known.label[lang], shown: showValue(known, value, lang) }];
  });
}

/** Best first; what fits equally keeps the shop's own order. */
export function rank(products: readonly Product[], values: Values, lang: Lang): Ranked[] {
  const told = toldUs(values, lang);
  return products
    .map((product) => {
      const matches = told.flatMap(({ id, shown }) => {
        const match = RULES[id]?.(values[id]?.value, product, shown, lang);
        return match ? [match] : [];
      });
      const score = matches.reduce((sum, match) => sum + match.score, 0);
      return { product, score, reasons: matches.map(({ reason }) => reason) };
    })
    .sort((left, right) => right.score - left.score);
}
