import { expect, test } from 'vitest';
import { encodeUtf8 } from './bytes.ts';
import { parseJson, readJson } from './json.ts';

const refused = (input: string | Uint8Array) => {
  expect(() => parseJson(input)).toThrow(expect.objectContaining({ code: 'bytes/too-large' }));
};

test('a string of any length is a value or bytes/too-large, never a fault of the engine', () => {
  const fits = 'a'.repeat((1 << 20) - 2);
  expect(parseJson(`"${fits}"`)).toBe(fits);
  refused(`"${fits}a"`);
  refused(encodeUtf8(`"${fits}a"`));
  refused('"'.padEnd(20_000_000, 'a'));
});

test('a file is read with the place of each member, and of what is wrong', () => {
  const text = '{"a": [1,\n 2], "b": {"c": 3}}';
  const read = readJson(text);
  if (!read.ok) throw new Error(read.code);
  const { a } = read.value as { a: object };
  expect(read.places.get(a)?.get('1')).toBe(text.indexOf('2'));
  expect(read.places.get(read.value as object)?.get('b')).toBe(text.indexOf('"b"'));
  expect(readJson('[1,\n 2,\n]')).toEqual({ ok: false, code: 'json/syntax', at: 8 });
  expect(readJson('{"a":1,"a":2}')).toMatchObject({ code: 'json/duplicate-member' });
  expect(readJson('[1.5]')).toMatchObject({ code: 'json/number' });
});

test('a string of any length in a file is read or refused', () => {
  const long = readJson(`"${'ä'.repeat(8_000_000)}"`);
  expect(long.ok || long.code === 'bytes/too-large').toBe(true);
});
