import Papa from 'papaparse';
import type { ImportRow } from '../../../messages.ts';
import { Collector, type EntriesRead, MOST_ENTRIES } from './entries.ts';
import { fails } from './file-text.ts';

const COLUMNS = ['id', 'value', 'until', 'label'] as const;
type Column = (typeof COLUMNS)[number];

/**
 * A table (RFC 4180; comma, semicolon or tab). Its first line names the columns: `id` and `value`, perhaps `until` and
 * `label`; others are left alone. A row without a value says nothing. One without an id but with a label is one of the
 * person's own.
 */
export function readCsv(text: string): EntriesRead {
  const entries = new Collector();
  let places: Partial<Record<Column, number>> | null = null;
  let columns = 0;
  let line = 1;
  let cursor = 0;
  let failure: ReturnType<typeof fails> | null = null;
  Papa.parse<string[]>(text, {
    delimiter: delimiterOf(text),
    step({ data: cells, errors, meta }, parser) {
      const here = line;
      line += lineBreaks(text.slice(cursor, meta.cursor));
      cursor = meta.cursor;
      if (errors.some(({ type }) => type === 'Quotes')) failure = fails('csv-quotes', here);
      else if (cells.every((cell) => cell.trim() === '')) return;
      else if (places === null) {
        places = placesOf(cells);
        columns = cells.length;
        if (places.id === undefined || places.value === undefined)
          failure = fails('csv-header', here);
      } else if (entries.size >= MOST_ENTRIES) failure = fails('too-many', here);
      else take(entries, here, cells, places, columns);
      if (failure !== null) parser.abort();
    },
  });
  return failure ?? { entries };
}

/** The one that makes columns of the first line. */
function delimiterOf(text: string): string {
  const header = text.trimStart().split(/[\r\n]/, 1)[0] ?? '';
  const parts = (delimiter: string) => header.split(delimiter).length;
  return [',', ';', '\t'].reduce((best, one) => (parts(one) > parts(best) ? one : best));
}

function lineBreaks(text: string): number {
  return (text.match(/\r\n|\r|\n/g) ?? []).length;
}

function placesOf(header: string[]): Partial<Record<Column, number>> {
  const names = header.map((name) => name.trim().toLowerCase());
  const found = COLUMNS.map((column) => [column, names.indexOf(column)] as const);
  return Object.fromEntries(found.filter(([, place]) => place !== -1));
}

function take(
  entries: Collector,
  line: number,
  cells: string[],
  places: Partial<Record<Column, number>>,
  columns: number,
): void {
  const cell = (column: Column) => (cells[places[column] ?? -1] ?? '').trim();
  const [id, value, until, label] = COLUMNS.map(cell) as [string, string, string, string];
  const own = id === '' || id.startsWith('custom.own.');
  const row: ImportRow = {
    id,
    value,
    ...(until && { until }),
    ...(own && label && { custom: { label: { en: label, de: label } } }),
  };
  if (cells.slice(columns).some((more) => more.trim() !== '')) entries.refuse(line, id, 'columns');
  else if (value === '') return;
  else if (id === '' && label === '') entries.refuse(line, '', 'no-id');
  else entries.add(line, row);
}
