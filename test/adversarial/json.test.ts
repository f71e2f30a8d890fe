import { fc, test } from '@fast-check/vitest';
import { FormatError } from '@zusage/protocol/errors';
import { parseJson } from '@zusage/protocol/json';
import { describe, expect } from 'vitest';
import { runs } from './hostile.fixture.ts';
import { anyText, mutation } from './mutation.fixture.ts';

/** The value, or the code; anything but a FormatError is a failure. */
function parsed(input: string | Uint8Array): { value: unknown } | { code: string } {
  try {
    return { value: parseJson(input) };
  } catch (error) {
    if (error instanceof FormatError) return { code: error.code };
    throw error;
  }
}

function agrees(text: string) {
  const result = parsed(text);
  if ('value' in result) expect(result.value).toStrictEqual(JSON.parse(text));
}

/** What the profile allows: safe integers, well-formed text, no `__proto__`, at most 16 deep. */
const allowed = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', maxDepth: 15 },
    fc.constantFrom(null, true, false),
    fc.maxSafeInteger().map((number) => (Object.is(number, -0) ? 0 : number)),
    fc.string({ unit: 'grapheme' }),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(
      fc.string({ unit: 'grapheme' }).filter((name) => name !== '__proto__'),
      tie('value'),
      { maxKeys: 4, noNullPrototype: true },
    ),
  ),
})).value;

describe('the strict JSON parser', () => {
  test.prop([anyText], runs(300))('agrees with JSON.parse on any text it accepts', agrees);

  test.prop([fc.uint8Array({ maxLength: 200 })], runs(200))(
    'refuses bytes with a code or reads them as JSON.parse reads their text',
    (bytes) => {
      const result = parsed(bytes);
      if ('value' in result) {
        expect(result.value).toStrictEqual(JSON.parse(new TextDecoder().decode(bytes)));
      }
    },
  );

  test.prop([allowed, fc.constantFrom(undefined, 1, '\t')], runs(200))(
    'reads everything the profile allows, however it is spaced',
    (value, space) => {
      expect(parsed(JSON.stringify(value, null, space))).toStrictEqual({ value });
    },
  );

  test.prop([allowed, mutation], runs(300))(
    'agrees with JSON.parse on mutated documents it accepts',
    (value, mutate) => agrees(mutate(JSON.stringify(value))),
  );

  test.prop([fc.string({ unit: 'grapheme' }), allowed, allowed], runs(100))(
    'never accepts a member twice, however its name is spelled',
    (name, first, second) => {
      const plain = JSON.stringify(name);
      const escaped = `"${[...Array(name.length).keys()]
        .map((index) => `\\u${name.charCodeAt(index).toString(16).padStart(4, '0')}`)
        .join('')}"`;
      const text = `{${plain}:${JSON.stringify(first)},${escaped}:${JSON.stringify(second)}}`;
      expect(parsed(text)).toEqual({
        code: name === '__proto__' ? 'json/proto' : 'json/duplicate-member',
      });
    },
  );

  test.prop([fc.double()], runs(200))('accepts a number only if it is a safe integer', (number) => {
    const accepted = 'value' in parsed(String(number));
    expect(accepted).toBe(Number.isSafeInteger(number));
  });

  test.prop([fc.integer({ min: 17, max: 100_000 }), fc.constantFrom('[', '{"a":')], runs(20))(
    'refuses any depth beyond 16 without running out of stack',
    (depth, opening) => {
      expect(parsed(opening.repeat(depth))).toEqual({ code: 'json/depth' });
    },
  );
});
