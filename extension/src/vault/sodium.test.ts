import wrappers from 'libsodium-wrappers-sumo';
import { beforeAll, expect, test } from 'vitest';
import * as sodium from './sodium.ts';

beforeAll(() => Promise.all([sodium.ready, wrappers.ready]));

const key = () => sodium.randomBytes(32);
const plain = (bytes: Uint8Array | null) => (bytes === null ? null : [...bytes]);
const LENGTHS = [0, 1, 15, 16, 17, 255, 256, 60_001];

test('Argon2id gives what the wrappers give', () => {
  const salt = sodium.randomBytes(16);
  for (const passphrase of ['', 'p', 'pass wörd '.repeat(90)]) {
    const password = new TextEncoder().encode(passphrase);
    const memory = 8 * 1024 * 1024;
    const algorithm = wrappers.crypto_pwhash_ALG_ARGON2ID13;
    const theirs = wrappers.crypto_pwhash(32, password, salt, 3, memory, algorithm);
    expect(plain(sodium.argon2id(password, salt, 3, memory))).toEqual(plain(theirs));
  }
});

test('subkeys are what the wrappers derive', () => {
  const root = key();
  for (const id of [1, 2, 3]) {
    const theirs = wrappers.crypto_kdf_derive_from_key(32, id, 'zs_recrd', root);
    expect(plain(sodium.deriveSubkey(root, id, 'zs_recrd'))).toEqual(plain(theirs));
  }
});

test('what one side seals the other opens, at every length', () => {
  const [k, nonce, ad] = [key(), sodium.randomBytes(24), sodium.randomBytes(40)];
  for (const length of LENGTHS) {
    const message = sodium.randomBytes(length);
    const ours = sodium.encrypt(message, ad, nonce, k);
    const theirs = wrappers.crypto_aead_xchacha20poly1305_ietf_encrypt(message, ad, null, nonce, k);
    expect(plain(ours)).toEqual(plain(theirs));
    expect(plain(sodium.decrypt(theirs, ad, nonce, k))).toEqual(plain(message));
  }
});

test('one changed bit anywhere opens nothing', () => {
  const [k, nonce, ad] = [key(), sodium.randomBytes(24), sodium.randomBytes(8)];
  const sealed = sodium.encrypt(sodium.randomBytes(32), ad, nonce, k);
  const flip = (bytes: Uint8Array, at: number) => bytes.with(at, (bytes[at] as number) ^ 1);
  for (let at = 0; at < sealed.length; at++) {
    expect(sodium.decrypt(flip(sealed, at), ad, nonce, k)).toBeNull();
  }
  expect(sodium.decrypt(sealed, flip(ad, 0), nonce, k)).toBeNull();
  expect(sodium.decrypt(sealed, ad, flip(nonce, 0), k)).toBeNull();
  expect(sodium.decrypt(sealed, ad, nonce, flip(k, 31))).toBeNull();
  expect(sodium.decrypt(sealed.slice(0, 15), ad, nonce, k)).toBeNull();
});

test('a key of the wrong length never reaches libsodium', () => {
  const [nonce, none] = [sodium.randomBytes(24), new Uint8Array()];
  expect(() => sodium.encrypt(none, none, nonce, sodium.randomBytes(31))).toThrow(RangeError);
  expect(() => sodium.encrypt(none, none, sodium.randomBytes(12), key())).toThrow(RangeError);
  expect(() => sodium.deriveSubkey(key(), 1, 'short')).toThrow(RangeError);
  expect(() => sodium.argon2id(none, sodium.randomBytes(15), 3, 8_388_608)).toThrow(RangeError);
});

test('padding is that of the wrappers, and what is not padded is refused', () => {
  for (const length of LENGTHS) {
    const message = sodium.randomBytes(length);
    const padded = sodium.pad(message, 256);
    expect(plain(padded)).toEqual(plain(wrappers.pad(message, 256)));
    expect(plain(sodium.unpad(padded, 256))).toEqual(plain(message));
  }
  expect(sodium.unpad(new Uint8Array(256), 256)).toBeNull();
  expect(sodium.unpad(new Uint8Array(255).fill(0x80), 256)).toBeNull();
  expect(sodium.unpad(new Uint8Array(), 256)).toBeNull();
  expect(sodium.unpad(sodium.pad(new Uint8Array(1), 512), 256)).toBeNull();
});
