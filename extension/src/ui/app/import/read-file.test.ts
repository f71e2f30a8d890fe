import { expect, test } from 'vitest';
import { MOST_ENTRIES } from './entries.ts';
import { MOST_BYTES } from './file-text.ts';
import { readFile } from './read-file.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const read = (text: string | Uint8Array) => readFile(typeof text === 'string' ? bytes(text) : text);

function good(text: string | Uint8Array) {
  const result = read(text);
  if ('failure' in result) throw new Error(JSON.stringify(result.failure));
  return result.entries;
}

function failure(text: string | Uint8Array) {
  const result = read(text);
  if (!('failure' in result)) throw new Error(JSON.stringify(result.entries));
  const { code, line, column } = result.failure;
  return [code, line, column];
}

test.each([
  [',', 'id,value\nsize.shoe,EU 42\nmood.today,tired\n'],
  [';', 'id;value\r\nsize.shoe;EU 42\r\nmood.today;tired\r\n'],
  ['tab', 'ID\tValue\nsize.shoe\tEU 42\n\n\nmood.today\ttired'],
  ['byte order mark', '\uFEFFid,value\nsize.shoe,EU 42\nmood.today,tired'],
  ['delimiters left over at the end', 'id;value\nsize.shoe;EU 42;;\nmood.today;tired; \n'],
  ['further columns', 'label,id,value,mine\nShoe,size.shoe,EU 42,x\n,mood.today,tired\n'],
])('a table is read: %s', (_, text) => {
  expect(good(text).good.map(({ row }) => row)).toEqual([
    { id: 'size.shoe', value: 'EU 42' },
    { id: 'mood.today', value: 'tired' },
  ]);
});

test('a row of a table stands on the line it begins on, whatever is quoted', () => {
  const text = 'id;value;until\n"a.b";"one\ntwo; ""three""";\n\nc.d;x;2027-12-31\ne.f;;\n';
  expect(good(text).good).toEqual([
    { line: 2, row: { id: 'a.b', value: 'one\ntwo; "three"' } },
    { line: 5, row: { id: 'c.d', value: 'x', until: '2027-12-31' } },
  ]);
});

test('a row of one’s own needs a label instead of an id', () => {
  const { good: rows, bad } = good('id,value,label\n,WTU 123,Frame\n,x,\n,y,Frame\n');
  expect(rows).toMatchObject([
    { row: { value: 'WTU 123', custom: { label: { en: 'Frame', de: 'Frame' } } } },
  ]);
  expect(rows[0]?.row.id).toMatch(/^custom\.own\.[0-9a-f-]{36}$/);
  expect(bad).toEqual([
    { line: 3, id: '', reason: 'no-id' },
    { line: 4, id: 'Frame', reason: 'duplicate', first: 2 },
  ]);
});

test('what is wrong with a row is said with its line', () => {
  const text = [
    'id,value',
    'size.shoe,EU 42',
    'size.shoe,EU 43',
    'a.b,1,2',
    ',x',
    `c.d,${'x'.repeat(2001)}`,
    'e.f,GrÃ¶ÃŸe',
    'g.h,\uFFFD',
  ].join('\n');
  expect(good(text).bad).toEqual([
    { line: 3, id: 'size.shoe', reason: 'duplicate', first: 2 },
    { line: 4, id: 'a.b', reason: 'columns' },
    { line: 5, id: '', reason: 'no-id' },
    { line: 6, id: 'c.d', reason: 'too-long' },
    { line: 7, id: 'e.f', reason: 'garbled' },
    { line: 8, id: 'g.h', reason: 'garbled' },
  ]);
});

test.each([
  ['an export', '{"format":"x","attributes":[\n{"id":"size.shoe","value":"EU 42"}],"log":[1]}'],
  ['a list', '[\n{"id":"size.shoe","value":"EU 42","source":"entered"}]'],
  ['a plain object', '{\n"size.shoe": "EU 42"}'],
])('JSON is read: %s', (_, text) => {
  expect(good(text).good).toEqual([{ line: 2, row: { id: 'size.shoe', value: 'EU 42' } }]);
});

test('JSON keeps types, dates, questions and one’s own; what is no entry is said with its line', () => {
  const custom = { did: 'did:web:a.example', label: { en: 'a', de: 'b' } };
  const rows = [
    { id: 'a', value: ['x', 'y'], until: '2027-12-31', confirmedOn: '2026-01-01' },
    { id: 'b', value: true, custom },
    { id: 'c', value: 42, custom: { label: custom.label }, confirmedOn: 'yesterday' },
    { id: 'd', value: null },
    { id: '', value: 'x' },
    'x',
    { id: 'e', value: 'x', custom: {} },
  ];
  const { good: read, bad } = good(`[${rows.map((row) => JSON.stringify(row)).join(',\n')}]`);
  expect(read.map(({ row }) => row)).toEqual([
    rows[0],
    rows[1],
    { id: 'c', value: 42, custom: { label: custom.label } },
  ]);
  expect(bad).toEqual([
    { line: 4, id: 'd', reason: 'shape' },
    { line: 5, id: '', reason: 'shape' },
    { line: 6, id: '', reason: 'shape' },
    { line: 7, id: 'e', reason: 'shape' },
  ]);
});

test.each([
  ['', ['empty', null, null]],
  [' \n\n', ['empty', null, null]],
  ['id,value\n', ['empty', null, null]],
  ['size.shoe,EU 42\n', ['csv-header', 1, null]],
  ['\n\nname,value\n', ['csv-header', 3, null]],
  ['id,value\na,b\nc,"d\n', ['csv-quotes', 3, null]],
  ['{\n "a": 1,\n}', ['json-syntax', 3, 1]],
  ['{"a": 1,\n "a": 2}', ['json-duplicate', 2, 5]],
  ['{"ä": 1.5}', ['json-number', 1, 10]],
  [`${'['.repeat(17)}`, ['json-depth', 1, 17]],
  ['{"a": 1} x', ['json-syntax', 1, 10]],
  ['{"attributes": 1}', ['json-shape', null, null]],
] as [string, unknown[]][])('a wrong file says what is wrong and where: %j', (text, expected) => {
  expect(failure(text)).toEqual(expected);
});

test('other encodings are named, never guessed', () => {
  const latin = Uint8Array.from([...bytes('id,value\na,b\nc,'), 0xfc, 0x0a]);
  expect(failure(latin)).toEqual(['encoding', 3, null]);
  const wide = (text: string) => new Uint8Array(Uint16Array.from(Buffer.from(text)).buffer);
  expect(failure(wide('id,value\na,b\n'))).toEqual(['utf16', null, null]);
  expect(failure(Uint8Array.from([0xff, 0xfe, ...wide('id')]))).toEqual(['utf16', null, null]);
  expect(failure(bytes('PK\u0003\u0004 and so on'))).toEqual(['binary', null, null]);
  expect(failure(Uint8Array.from([1, 2, 3, 0, 5, 6, 7, 8]))).toEqual(['binary', null, null]);
});

test('size and number are bounded, and the line says where it became too many', () => {
  expect(failure(new Uint8Array(MOST_BYTES + 1).fill(32))).toEqual(['too-large', null, null]);
  const rows = Array.from({ length: MOST_ENTRIES + 1 }, (_, i) => `a.${i}`);
  expect(failure(`id,value\n${rows.map((id) => `${id},x\n`).join('')}`)).toEqual([
    'too-many',
    MOST_ENTRIES + 2,
    null,
  ]);
  const members = rows.map((id) => `"${id}": 1`).join(',\n');
  expect(failure(`{${members}}`)).toEqual(['too-many', MOST_ENTRIES + 1, null]);
  const list = rows.map((id) => `{"id":"${id}","value":1}`).join(',\n');
  expect(failure(`[${list}]`)).toEqual(['too-many', MOST_ENTRIES + 1, null]);
});

test('names of objects that JavaScript knows are names like any other', () => {
  expect(failure('{"__proto__": 1}')).toEqual(['json-syntax', 1, 13]);
  expect(good('{"constructor": "x"}').good[0]?.row.id).toBe('constructor');
  expect(good('id,value\n__proto__,x\n').good[0]?.row.id).toBe('__proto__');
});
