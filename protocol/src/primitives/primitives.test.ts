import { fc, test } from '@fast-check/vitest';
import { CompactEncrypt, importJWK } from 'jose';
import { describe, expect, it } from 'vitest';
import type { Bytes } from '../bytes.ts';
import * as node from './node.ts';
import * as web from './web.ts';

const bytes = (max = 300) =>
  fc.uint8Array({ maxLength: max }).map((array) => new Uint8Array(array) as Bytes);

/** Of P-256. */
const P = 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n;
const coordinate = (value: bigint) =>
  Buffer.from(value.toString(16).padStart(64, '0'), 'hex').toString('base64url');
const numberOf = (text: string) => BigInt(`0x${Buffer.from(text, 'base64url').toString('hex')}`);

describe('both halves of #primitives', () => {
  it('are what this engine and a browser choose', async () => {
    expect((await import('#primitives')).sha256).toBe(node.sha256);
  });

  test.prop([bytes()])('hash alike', async (data) => {
    expect(await web.sha256(data)).toEqual(await node.sha256(data));
    const text = String.fromCharCode(...data);
    expect(await web.hashOf(text)).toBe(await node.hashOf(text));
  });

  test.prop([bytes(64), bytes(64), fc.integer({ min: 1, max: 64 })])(
    'derive alike',
    async (key, info, length) => {
      expect(await web.hkdfSha256(key, info, length)).toEqual(
        await node.hkdfSha256(key, info, length),
      );
    },
  );

  test.prop([bytes()])('spell alike', (data) => {
    const text = web.toBase64url(data);
    expect(node.toBase64url(data)).toBe(text);
    expect(node.fromBase64url(text)).toEqual(data);
    expect(web.fromBase64url(text)).toEqual(data);
  });

  for (const [signer, verifier] of [
    [node, web],
    [web, node],
  ] as const) {
    test.prop([bytes(), fc.nat(63)], { numRuns: 20 })(
      'verify what the other signed',
      async (data, place) => {
        const { d, ...jwk } = await signer.generateKey();
        const privateKey = await signer.importPrivateKey({ ...jwk, d });
        const signature = await signer.sign(privateKey, data);
        expect(signature).toHaveLength(64);
        const key = await verifier.importPublicKey(jwk);
        expect(await verifier.verify(key, signature, data)).toBe(true);
        const broken = signature.map((byte, n) => (n === place ? byte ^ 1 : byte));
        expect(await verifier.verify(key, broken, data)).toBe(false);
        expect(await verifier.verify(key, signature.subarray(1), data)).toBe(false);
      },
    );
  }

  test.prop([bytes(2000), fc.option(bytes(20)), fc.nat(4), fc.nat(10_000)], { numRuns: 40 })(
    'open what is encrypted to a key, and nothing altered',
    async (data, apv, part, place) => {
      const own = await node.generateKey();
      const { d: _, ...publicJwk } = own;
      const encryption = new CompactEncrypt(data).setProtectedHeader({
        alg: 'ECDH-ES',
        enc: 'A256GCM',
        kid: 'k',
      });
      if (apv !== null) encryption.setKeyManagementParameters({ apv });
      const jwe = await encryption.encrypt(await importJWK(publicJwk, 'ECDH-ES'));
      const { epk } = JSON.parse(Buffer.from(jwe.split('.')[0] as string, 'base64url').toString());
      expect(await node.decryptJwe(jwe, own, epk)).toEqual(data);
      expect(await web.decryptJwe(jwe, own, epk)).toEqual(data);
      const parts = jwe.split('.').map((text) => Buffer.from(text, 'base64url'));
      const altered = parts[part] as Buffer;
      if (altered.length === 0) return;
      altered[place % altered.length] = (altered[place % altered.length] as number) ^ 1;
      const other = parts.map((buffer) => buffer.toString('base64url')).join('.');
      await expect(node.decryptJwe(other, own, epk)).rejects.toThrow();
      await expect(web.decryptJwe(other, own, epk)).rejects.toThrow();
      const truncated = [...parts.slice(0, 4), (parts[4] as Buffer).subarray(0, 12)];
      const short = truncated.map((buffer) => buffer.toString('base64url')).join('.');
      await expect(node.decryptJwe(short, own, epk)).rejects.toThrow();
    },
  );

  it('write and read short numbers in a signature alike', async () => {
    const jwk = await node.generateKey();
    const { d: _, ...publicJwk } = jwk;
    const [privateKey, key, other] = [
      await node.importPrivateKey(jwk),
      await node.importPublicKey(publicJwk),
      await web.importPublicKey(publicJwk),
    ];
    let short = 0;
    // One signature in 128 has an r or s that begins with a zero.
    for (let n = 0; short < 6 && n < 5000; n++) {
      const data = new Uint8Array([n & 255, n >> 8]);
      const signature = await node.sign(privateKey, data);
      expect(signature).toHaveLength(64);
      expect(await node.verify(key, signature, data)).toBe(true);
      if (signature[0] !== 0 && signature[32] !== 0) continue;
      short++;
      expect(await web.verify(other, signature, data)).toBe(true);
    }
    expect(short).toBe(6);
    for (const wrong of [new Uint8Array(64), new Uint8Array(64).fill(255), new Uint8Array(0)]) {
      expect(await node.verify(key, wrong, wrong)).toBe(false);
    }
  });

  it('refuse a point off the curve', async () => {
    const { x, y } = await node.generateKey();
    const off = { kty: 'EC', crv: 'P-256', x: y, y: x } as const;
    await expect(web.importPublicKey(off)).rejects.toThrow();
    await expect(node.importPublicKey(off)).rejects.toThrow();
  });

  test.prop([fc.constantFrom('x', 'y'), fc.nat(31), fc.integer({ min: 1, max: 255 })], {
    numRuns: 50,
  })(
    'refuse a key that is one byte off, and take its other root',
    async (member, place, change) => {
      const { d: _, ...jwk } = await node.generateKey();
      const bytes = Buffer.from(jwk[member], 'base64url');
      bytes[place] = (bytes[place] as number) ^ change;
      const altered = { ...jwk, [member]: bytes.toString('base64url') };
      await expect(web.importPublicKey(altered)).rejects.toThrow();
      await expect(node.importPublicKey(altered)).rejects.toThrow();
      const root = { ...jwk, y: coordinate(P - numberOf(jwk.y)) };
      await web.importPublicKey(root);
      await node.importPublicKey(root);
    },
  );

  it('refuse a coordinate that is written with p added, or has another length', async () => {
    // The points with x = 0; each coordinate is below p, so that it is written in one way. How long one is, WebCrypto leaves to whoever calls (jwk.ts).
    const y = 0x66485c780e2f83d72433bd5d84a06bb6541c2af31dae871728bf856a174f93f4n;
    const point = (x: bigint) =>
      ({ kty: 'EC', crv: 'P-256', x: coordinate(x), y: coordinate(y) }) as const;
    await web.importPublicKey(point(0n));
    await node.importPublicKey(point(0n));
    await expect(web.importPublicKey(point(P))).rejects.toThrow();
    for (const wrong of [point(P), { ...point(0n), x: '' }, { ...point(0n), x: 'A'.repeat(44) }]) {
      await expect(node.importPublicKey(wrong)).rejects.toThrow();
    }
  });
});
