import { z } from '@zusage/protocol/shape';
import {
  ATTRIBUTES,
  CLASSES,
  freshness,
  showValue,
  type Value,
} from '@zusage/protocol/vocabulary/index';
import type { AttributesFound, AttributeView } from '../messages.ts';
import {
  attributeHeld,
  type HeldAttribute,
  isSensitive,
  today,
} from '../sharing/attribute-lookup.ts';
import type { Services } from '../sharing/services.ts';
import { argsOf, NoArgs } from './args.ts';
import { firstInOrder, inOrder, type ListedAttribute } from './order.ts';
import { heldAttributeView, isOwn } from './views.ts';

/** What is asked about at one time. */
const MOST_DUE = 10;

const Search = z.strictObject({
  text: z.string().check(z.maxLength(200)),
  limit: z.int().check(z.minimum(1), z.maximum(20_000)),
  sensitive: z.boolean(),
});

/** Without anything that folding by Unicode's rules would change. */
const PLAIN = /^[ -~]*$/;

/** Folded words of one record, by which it is found. */
type Words = { readonly name: string; readonly all: string };

const BUILT_IN = new Map(ATTRIBUTES.map((what) => [what.id, what]));
/** A shop's question or one of the person's own: never sensitive, whatever is answered. */
const isCustomKey = (key: string) => key.startsWith('custom.');

export function searchCommands(services: Services) {
  const { vault } = services;
  /** By the record itself: an edited one is another object, and its words are made anew. */
  const known = new WeakMap<ListedAttribute, Words | null>();

  function wordsOf(listed: ListedAttribute): Words | null {
    const before = known.get(listed);
    if (before !== undefined) return before;
    const made = makeWords(services, listed.value);
    known.set(listed, made);
    return made;
  }

  return {
    searchAttributes: async (args: unknown): Promise<AttributesFound> => {
      const { text, limit, sensitive: wanted } = argsOf(Search, args);
      const words = fold(text).split(' ').filter(Boolean);
      // Whoever searches for nothing, as after an unlock, has nothing parsed but what is drawn.
      const has = (listed: ListedAttribute, sensitive: boolean) => {
        if (words.length === 0) return true;
        const own = wordsOf(listed);
        const where = own && (sensitive && !wanted ? own.name : own.all);
        return words.every((word) => where?.includes(word));
      };
      const parts = { open: part(), sensitive: part() };
      for (const listed of await vault.listed('attribute')) {
        const what = BUILT_IN.get(listed.key);
        if (what === undefined && !isCustomKey(listed.key)) continue;
        const sensitive = what !== undefined && isSensitive(what);
        const into = sensitive ? parts.sensitive : parts.open;
        into.held += 1;
        if (has(listed, sensitive)) into.records.push(listed);
      }
      const found = ({ held, records }: Part) => ({
        held,
        total: records.length,
        found: viewsOf(
          services,
          firstInOrder(records, limit).map(({ value }) => value),
        ),
      });
      const hidden = { ...found({ ...parts.sensitive, records: [] }) };
      return {
        ...found(parts.open),
        sensitive: wanted
          ? found(parts.sensitive)
          : { ...hidden, total: parts.sensitive.records.length },
      };
    },

    /** A plan whose day has passed cannot be called still true; a sensitive value is not brought up unasked. */
    dueAttributes: async (args: unknown): Promise<{ total: number; due: AttributeView[] }> => {
      argsOf(NoArgs, args);
      const day = today(services);
      const due = inOrder(await vault.listed('attribute'))
        .map(({ value }) => value)
        .filter((record) => {
          const what = attributeHeld(record);
          if (what === undefined || isSensitive(what)) return false;
          return freshness(what, record.confirmedOn, day, record.value as Value) !== 'fresh';
        })
        .sort((a, b) => a.confirmedOn.localeCompare(b.confirmedOn));
      return { total: due.length, due: viewsOf(services, due.slice(0, MOST_DUE)) };
    },
  };
}

type Part = { held: number; records: ListedAttribute[] };

function part(): Part {
  return { held: 0, records: [] };
}

function viewsOf(services: Services, records: readonly HeldAttribute[]): AttributeView[] {
  return records.flatMap((record) => heldAttributeView(services, record) ?? []);
}

function makeWords(services: Services, record: HeldAttribute): Words | null {
  const what = attributeHeld(record);
  if (what === undefined) return null;
  const { lang, words } = services;
  let name: string | undefined;
  let all: string | undefined;
  return {
    get name() {
      const group = isOwn(record) ? words('worker_own_class') : CLASSES[what.class].label[lang];
      name ??= fold(`${what.label[lang]} ${group}`);
      return name;
    },
    get all() {
      all ??= `${this.name} ${fold(showValue(what, record.value as Value, lang))}`;
      return all;
    },
  };
}

/** Without capitals, accents and dots: "Größe" is found by "grosse" and by "größe". */
function fold(text: string): string {
  if (PLAIN.test(text)) return text.toLowerCase().trim();
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replaceAll('ß', 'ss').trim();
}
