import { readCsv } from './csv.ts';
import type { EntriesRead } from './entries.ts';
import { fails, textOf } from './file-text.ts';
import { readJsonFile } from './json.ts';

/** What a person chose, dropped or pasted; JSON begins with a brace or bracket, all else is a table. */
export function readFile(bytes: Uint8Array): EntriesRead {
  const decoded = textOf(bytes);
  if ('failure' in decoded) return decoded;
  const { text } = decoded;
  const read = /^\s*[[{]/.test(text) ? readJsonFile(text) : readCsv(text);
  if ('failure' in read) return read;
  const { good, bad } = read.entries;
  return good.length + bad.length === 0 ? fails('empty') : read;
}
