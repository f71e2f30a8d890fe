import { type Json, type Places, readJson } from '@zusage/protocol/json';
import type { ImportRow, Value } from '../../../messages.ts';
import { Collector, type EntriesRead, MOST_ENTRIES } from './entries.ts';
import { type FileProblem, fails, placeOf } from './file-text.ts';

const CODES: Readonly<Record<string, FileProblem>> = {
  'json/duplicate-member': 'json-duplicate',
  'json/number': 'json-number',
  'json/depth': 'json-depth',
  'bytes/too-large': 'too-large',
};

type Members = { [member: string]: Json };

/**
 * The export of a vault (an object whose `attributes` are `{id, value, until?, confirmedOn?, custom?}`, whatever else it
 * holds), such a list by itself, or a plain object `{id: value}`.
 */
export function readJsonFile(text: string): EntriesRead {
  const read = readJson(text);
  if (!read.ok) {
    const { line, column } = placeOf(text, read.at);
    return fails(CODES[read.code] ?? 'json-syntax', line, column);
  }
  const { value, places } = read;
  const list = Array.isArray(value) ? value : isObject(value) ? value['attributes'] : undefined;
  const lines = new Lines(text, places);
  if (Array.isArray(list)) return fromList(list, lines);
  return isObject(value) && list === undefined ? fromMembers(value, lines) : fails('json-shape');
}

function fromList(list: Json[], lines: Lines): EntriesRead {
  if (list.length > MOST_ENTRIES) return fails('too-many', lines.of(list, String(MOST_ENTRIES)));
  const entries = new Collector();
  for (const [i, item] of list.entries()) {
    const line = lines.of(list, String(i));
    const row = isObject(item) ? rowOf(item) : null;
    if (row !== null) entries.add(line, row);
    else entries.refuse(line, isObject(item) ? String(item['id'] ?? '') : '', 'shape');
  }
  return { entries };
}

function fromMembers(members: Members, lines: Lines): EntriesRead {
  const all = Object.entries(members);
  const last = all[MOST_ENTRIES]?.[0];
  if (last !== undefined) return fails('too-many', lines.of(members, last));
  const entries = new Collector();
  for (const [id, value] of all) {
    const line = lines.of(members, id);
    if (isValue(value)) entries.add(line, { id, value });
    else entries.refuse(line, id, 'shape');
  }
  return { entries };
}

/** Members beyond these are left alone: an export says more about an attribute than an import believes. */
function rowOf({ id, value, until, confirmedOn, custom }: Members): ImportRow | null {
  if (typeof id !== 'string' || id === '' || !isValue(value)) return null;
  if (until !== undefined && typeof until !== 'string') return null;
  const known = custom === undefined ? {} : customOf(custom);
  if (known === null) return null;
  return {
    id,
    value,
    ...(until && { until }),
    ...(typeof confirmedOn === 'string' &&
      /^\d{4}-\d{2}-\d{2}$/.test(confirmedOn) && { confirmedOn }),
    ...known,
  };
}

function customOf(custom: Json): Pick<ImportRow, 'custom'> | null {
  if (!isObject(custom) || !isObject(custom['label'])) return null;
  const { did, label } = custom as { did?: Json; label: Members };
  const { en, de } = label;
  if (typeof en !== 'string' || typeof de !== 'string') return null;
  if (did !== undefined && typeof did !== 'string') return null;
  return { custom: { ...(did !== undefined && { did }), label: { en, de } } };
}

function isObject(value: Json | undefined): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isValue(value: Json | undefined): value is Value {
  if (Array.isArray(value)) return value.every((one) => typeof one === 'string');
  return ['string', 'number', 'boolean'].includes(typeof value);
}

/** Finds lines of members that come in the order of the text, without counting from the start each time. */
class Lines {
  readonly #starts: number[] = [0];
  readonly #places: Places;

  constructor(text: string, places: Places) {
    this.#places = places;
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) {
      this.#starts.push(at + 1);
    }
  }

  of(container: object, member: string): number {
    const at = this.#places.get(container)?.get(member) ?? 0;
    let low = 0;
    let high = this.#starts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((this.#starts[middle] as number) <= at) low = middle;
      else high = middle;
    }
    return low + 1;
  }
}
