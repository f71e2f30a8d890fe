import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { packJws, unpackJws } from './jws.ts';

const part = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url');

test('a JWS takes three quarters of its text and comes back byte for byte', () => {
  fc.assert(
    fc.property(fc.uint8Array(), fc.uint8Array({ maxLength: 3000 }), (header, payload) => {
      const compact = `${part(header)}.${part(payload)}.${part(randomBytes(64))}`;
      const packed = packJws(compact);
      expect(packed.length).toBe(3 + header.length + payload.length + 64);
      expect(unpackJws(packed)).toBe(compact);
    }),
  );
});

test('what is none, or is written in another way, comes back byte for byte, too', () => {
  const signature = part(randomBytes(64));
  const other = ['', 'a', 'a.b', 'e30.e30', `e30.e31.${signature}`, `e30=.e30.${signature}`];
  for (const text of [...other, `e30.e30.${part(randomBytes(63))}`, `e30.e30.${signature}.e30`]) {
    expect(unpackJws(packJws(text))).toBe(text);
  }
  fc.assert(fc.property(fc.string(), (text) => unpackJws(packJws(text)) === text.toWellFormed()));
});
