import { fc, test } from '@fast-check/vitest';
import { decodeBase64url, encodeBase64url } from '@zusage/protocol/bytes';
import { FormatError } from '@zusage/protocol/errors';
import { describe, expect } from 'vitest';
import { runs } from './hostile.fixture.ts';
import { anyText, mutation } from './mutation.fixture.ts';

const bytes = fc.uint8Array({ maxLength: 1_000 });

function decoded(text: string): Uint8Array | 'bytes/base64url' {
  try {
    return decodeBase64url(text);
  } catch (error) {
    if (error instanceof FormatError && error.code === 'bytes/base64url') return error.code;
    throw error;
  }
}

describe('base64url', () => {
  test.prop([bytes], runs(100))('gives back the bytes, in the spelling of RFC 4648', (given) => {
    const text = encodeBase64url(given);
    expect(text).toBe(Buffer.from(given).toString('base64url'));
    expect(decoded(text)).toEqual(given);
  });

  test.prop([anyText], runs(300))('accepts only the one spelling of some bytes', (text) => {
    const result = decoded(text);
    if (typeof result !== 'string') expect(encodeBase64url(result)).toBe(text);
  });

  test.prop([bytes, mutation], runs(200))(
    'never reads a changed text as the same bytes',
    (given, mutate) => {
      const text = encodeBase64url(given);
      const changed = mutate(text);
      fc.pre(changed !== text);
      expect(decoded(changed)).not.toEqual(given);
    },
  );
});
