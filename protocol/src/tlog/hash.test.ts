import { createHash, createHmac, generateKeyPairSync, hkdfSync, sign } from 'node:crypto';
import { fc, test as property } from '@fast-check/vitest';
import { expect, test } from 'vitest';
import { encodeUtf8 } from '../bytes.ts';
import { hkdf32, hmacSha256, sha256 } from './hash.ts';
import * as node from './hash-node.ts';
import * as web from './hash-web.ts';

const expected = (data: Uint8Array) => new Uint8Array(createHash('sha256').update(data).digest());
const bytes = (maxLength: number) => fc.uint8Array({ maxLength });

test('SHA-256 for browsers is SHA-256 at every length around the block sizes, and of a megabyte', () => {
  for (const length of [...Array(300).keys(), 1 << 20]) {
    const data = new Uint8Array(length).map((_, i) => (i * 31 + length) & 0xff);
    expect(web.sha256(data)).toEqual(expected(data));
    expect(node.sha256(data)).toEqual(expected(data));
  }
});

property.prop([bytes(2000)])('SHA-256 of any bytes', (data) => {
  expect(web.sha256(data)).toEqual(expected(data));
  expect(sha256(data)).toEqual(expected(data));
});

property.prop([fc.uint8Array({ maxLength: 64 }), bytes(500)])('HMAC (RFC 2104)', (key, message) => {
  expect(hmacSha256(key, message)).toEqual(
    new Uint8Array(createHmac('sha256', key).update(message).digest()),
  );
});

property.prop([fc.uint8Array({ minLength: 32, maxLength: 32 }), fc.string()])(
  'HKDF (RFC 5869) with an empty salt',
  (key, info) => {
    expect(hkdf32(new Uint8Array(key), info)).toEqual(
      new Uint8Array(hkdfSync('sha256', key, new Uint8Array(), encodeUtf8(info), 32)),
    );
  },
);

test.each([
  ['Node', node.ed25519],
  ['browsers', web.ed25519],
])('Ed25519 on %s: holds, and fails for any flipped bit', async (_, ed25519) => {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const raw = new Uint8Array(publicKey.export({ format: 'der', type: 'spki' }).subarray(-32));
  const message = encodeUtf8('a checkpoint\n');
  const signature = new Uint8Array(sign(null, message, privateKey));
  const verify = ed25519(raw);
  expect(await verify(signature, message)).toBe(true);
  for (const at of [0, 20, 31, 32, 50, 63]) {
    const other = signature.slice();
    other[at] = (other[at] as number) ^ 4;
    expect(await verify(other, message)).toBe(false);
  }
  expect(await verify(signature, encodeUtf8('another text\n'))).toBe(false);
});
