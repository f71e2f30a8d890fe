import {
  createCipheriv,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  hash,
} from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { parseJweHeader } from './jwe.ts';
import * as node from './primitives/node.ts';
import * as web from './primitives/web.ts';

// A sender that knows the key and breaks the rules: what it makes decrypts, for whoever does not look.

const own = await node.generateKey();
const ephemeral = await node.generateKey();
const publicOf = ({ kty, crv, x, y }: typeof own) => ({ kty, crv, x, y });
const epk = publicOf(ephemeral);

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** ECDH-ES and A256GCM (RFC 7518 §§4.6, 5.3) over any `apv`, with an IV of any length. */
function encrypted(apv: { apv?: unknown }, agreed = '', ivLength = 12): string {
  const header = { alg: 'ECDH-ES', enc: 'A256GCM', kid: 'k', epk, ...apv };
  const encodedHeader = Buffer.from(JSON.stringify(header)).toString('base64url');
  const secret = diffieHellman({
    privateKey: createPrivateKey({ key: { ...ephemeral }, format: 'jwk' }),
    publicKey: createPublicKey({ key: publicOf(own), format: 'jwk' }),
  });
  const party = Buffer.from(agreed);
  const named = Buffer.from('A256GCM');
  const info = [u32(named.length), named, u32(0), u32(party.length), party, u32(256)];
  const key = hash('sha256', Buffer.concat([u32(1), secret, ...info]), 'buffer');
  const iv = Buffer.alloc(ivLength, 7);
  const cipher = createCipheriv('aes-256-gcm', key, iv);
  cipher.setAAD(Buffer.from(encodedHeader));
  const ciphertext = Buffer.concat([cipher.update('hello'), cipher.final()]);
  const parts = [iv, ciphertext, cipher.getAuthTag()].map((part) => part.toString('base64url'));
  return [encodedHeader, '', ...parts].join('.');
}

describe('a JWE by whoever knows the key', () => {
  test.each([
    ['without apv', {}, ''],
    ['with an empty apv', { apv: '' }, ''],
    ['with an apv', { apv: 'YWJj' }, 'abc'],
  ])('%s is opened', async (_, header, agreed) => {
    const jwe = encrypted(header, agreed);
    expect(await parseJweHeader(jwe)).toEqual({ kid: 'k', epk });
    for (const half of [node, web]) {
      expect(Buffer.from(await half.decryptJwe(jwe, own, epk)).toString()).toBe('hello');
    }
  });

  test.each([
    ['null', null, ''],
    ['a number', 5, ''],
    ['a list', [97], 'a'],
    ['an object', { length: 1, 0: 97 }, 'a'],
    ['with padding', 'YWI=', 'ab'],
    ['with bits that are lost', 'YWJ', 'ab'],
    ['with a space', 'YW Jj', 'abc'],
    ['in the other alphabet', '+/+/', '\u00fb\u00ff\u00bf'],
  ])('with an apv that is %s is refused', async (_, apv, agreed) => {
    const jwe = encrypted({ apv }, agreed);
    await expect(parseJweHeader(jwe)).rejects.toMatchObject({ code: 'jwe/header' });
  });

  test.each([1, 8, 11, 13, 16])('with an IV of %d bytes is opened by nobody', async (length) => {
    const jwe = encrypted({}, '', length);
    for (const half of [node, web]) {
      await expect(half.decryptJwe(jwe, own, epk)).rejects.toThrow();
    }
  });

  test.each([0, 4, 8, 12, 13, 15])(
    'with %d bytes of its tag is opened by nobody',
    async (length) => {
      const parts = encrypted({}).split('.');
      const tag = Buffer.from(parts.pop() as string, 'base64url').subarray(0, length);
      const jwe = [...parts, tag.toString('base64url')].join('.');
      for (const half of [node, web]) {
        await expect(half.decryptJwe(jwe, own, epk)).rejects.toThrow();
      }
    },
  );
});
