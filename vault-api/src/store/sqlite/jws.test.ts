import { hash, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { packJws, unpackJws } from './jws.ts';
import { JWS_DICTIONARY } from './jws-dictionary.ts';

const part = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url');

test('a JWS comes back byte for byte', () => {
  fc.assert(
    fc.property(
      fc.uint8Array(),
      fc.uint8Array({ maxLength: 3000 }),
      fc.boolean(),
      (header, payload, isDeflated) => {
        const compact = `${part(header)}.${part(payload)}.${part(randomBytes(64))}`;
        expect(unpackJws(packJws(compact, { isDeflated }))).toBe(compact);
      },
    ),
  );
});

test('what is none, or is written in another way, comes back byte for byte, too', () => {
  const signature = part(randomBytes(64));
  const other = ['', 'a', 'a.b', 'e30.e30', `e30.e31.${signature}`, `e30=.e30.${signature}`];
  for (const text of [...other, `e30.e30.${part(randomBytes(63))}`, `e30.e30.${signature}.e30`]) {
    expect(unpackJws(packJws(text, { isDeflated: true }))).toBe(text);
  }
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(unpackJws(packJws(text, { isDeflated: false }))).toBe(text.toWellFormed());
    }),
  );
});

test('what was packed once can be unpacked for good', () => {
  expect(hash('sha256', JWS_DICTIONARY)).toBe(
    '5a0140c932567459b445198bc7addee58180e3fc0563040d60f872e33bc44bd6',
  );
  const packed =
    'AQA1I73yzwZldzw1ci0ABwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBw';
  const head = part(Buffer.from('{"alg":"ES256","typ":"consent-receipt+jwt","kid":"k"}'));
  const payload = part(Buffer.from('{"event":"registered","seq":0}'));
  const compact = `${head}.${payload}.${part(Buffer.alloc(64, 7))}`;
  expect(unpackJws(Buffer.from(packed, 'base64url'))).toBe(compact);
});
