import { expect, test } from 'vitest';
import { encodeUtf8 } from './bytes.ts';
import { parseJson } from './json.ts';

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
