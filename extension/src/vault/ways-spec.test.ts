/** SPEC §19 followed to the letter, over libsodium's own wrappers and Node's HKDF. */
import { hkdfSync } from 'node:crypto';
import { decodeTyped } from '@zusage/protocol/typed-code';
import wrappers from 'libsodium-wrappers-sumo';
import { beforeAll, expect, test } from 'vitest';
import { DEFAULT_COST } from './kdf.ts';
import { wrapForPasskey } from './passkey.ts';
import { newRecovery } from './recovery-code.ts';
import { randomBytes, ready } from './sodium.ts';
import type { WrappedKey } from './wrapped-key.ts';
import { wrapForPassphrase } from './wrapping.ts';

let vaultKey: Uint8Array;
beforeAll(async () => {
  await Promise.all([ready, wrappers.ready]);
  vaultKey = randomBytes(32);
});

const u32be = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};
/** `lp` */
const lp = (...parts: (string | number | Uint8Array)[]) =>
  Buffer.concat(
    parts.flatMap((part) => {
      const bytes = typeof part === 'number' ? u32be(part) : Buffer.from(part);
      return [u32be(bytes.length), bytes];
    }),
  );

function opened({ nonce, ciphertext }: WrappedKey, kek: Uint8Array, ad: Uint8Array): Uint8Array {
  return wrappers.crypto_aead_xchacha20poly1305_ietf_decrypt(null, ciphertext, ad, nonce, kek);
}

function derived(secret: Uint8Array, kind: string, salt: Uint8Array): Uint8Array {
  const info = lp('zusage/vault/key/1', kind, salt);
  return new Uint8Array(hkdfSync('sha256', secret, '', info, 32));
}

test('passphrase', () => {
  const passphrase = Buffer.from('Grüße 7'.normalize('NFKC'));
  const wrapping = wrapForPassphrase(vaultKey, passphrase, DEFAULT_COST);
  const { passes, memory, salt } = wrapping.kdf;
  const kek = wrappers.crypto_pwhash(32, passphrase, salt, passes, memory, 2);
  const parameters = lp('argon2id13', passes, memory, 1, salt);
  const ad = lp('zusage/vault/wrapping/1', 'passphrase', parameters);
  expect(opened(wrapping, kek, ad)).toEqual(vaultKey);
});

test('recovery code', async () => {
  const { code, wrapping } = await newRecovery(vaultKey);
  const kek = derived(decodeTyped('recovery', code) as Uint8Array, 'recovery', wrapping.salt);
  const ad = lp('zusage/vault/wrapping/1', 'recovery', wrapping.salt);
  expect(opened(wrapping, kek, ad)).toEqual(vaultKey);
});

test('passkey', async () => {
  const prf = randomBytes(32);
  const [id, salt] = [randomBytes(16), randomBytes(32)];
  const wrapping = await wrapForPasskey(vaultKey, { id, salt }, Uint8Array.from(prf));
  const ad = lp('zusage/vault/wrapping/1', 'passkey', id, salt);
  expect(opened(wrapping, derived(prf, 'passkey', salt), ad)).toEqual(vaultKey);
});
