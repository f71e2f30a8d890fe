import { beforeAll, expect, test } from 'vitest';
import { VaultCryptoError, VaultRefusal } from './errors.ts';
import { checkedKdfParameters, DEFAULT_COST, encodedKdfParameters } from './kdf.ts';
import { passphraseBytes } from './passphrase.ts';
import { randomBytes, ready } from './sodium.ts';
import {
  type PassphraseWrapping,
  unwrapWithPassphrase,
  type Wrapping,
  wrapForPassphrase,
} from './wrapping.ts';

const right = passphraseBytes('correct horse');
let vaultKey: Uint8Array;
let wrapping: PassphraseWrapping;

beforeAll(async () => {
  await ready;
  vaultKey = randomBytes(32);
  wrapping = wrapForPassphrase(vaultKey, right, DEFAULT_COST);
});

test('the passphrase gives the vault key back, beside wrappings this version does not know', () => {
  const recovery: Wrapping = { kind: 'recovery-code' };
  expect(unwrapWithPassphrase([recovery, wrapping], right)).toEqual(vaultKey);
});

test('another passphrase does not open it', () => {
  expect(() => unwrapWithPassphrase([wrapping], passphraseBytes('correct horsf'))).toThrow(
    new VaultCryptoError('vault/wrong-passphrase'),
  );
});

test('altered KDF parameters within the range are authenticated', () => {
  const altered = { ...wrapping, kdf: { ...wrapping.kdf, passes: 4 } };
  expect(() => unwrapWithPassphrase([altered], right)).toThrow(
    new VaultCryptoError('vault/wrong-passphrase'),
  );
});

test('a vault without a passphrase wrapping is corrupt', () => {
  expect(() => unwrapWithPassphrase([{ kind: 'recovery-code' }], right)).toThrow(
    new VaultCryptoError('vault/corrupt'),
  );
});

test.each([
  ['too few passes', { passes: 2 }],
  ['too many passes', { passes: 11 }],
  ['a broken number of passes', { passes: 3.5 }],
  ['too little memory', { memory: 64 * 1024 * 1024 - 1024 }],
  ['too much memory', { memory: 512 * 1024 * 1024 + 1024 }],
  ['memory that is not whole KiB', { memory: 64 * 1024 * 1024 + 1 }],
  ['more than one lane', { parallelism: 2 }],
  ['another algorithm', { algorithm: 'argon2i13' }],
  ['a short salt', { salt: new Uint8Array(15) }],
  ['a salt that is not bytes', { salt: 'AAAAAAAAAAAAAAAA' }],
])('parameters with %s are refused before they are run', (_, change) => {
  const altered = { ...wrapping, kdf: { ...wrapping.kdf, ...change } } as PassphraseWrapping;
  expect(() => unwrapWithPassphrase([altered], right)).toThrow(
    new VaultRefusal('vault/kdf-parameters'),
  );
});

test('the ends of the accepted range are accepted', () => {
  const { kdf } = wrapping;
  const most = { ...kdf, passes: 10, memory: 512 * 1024 * 1024 };
  expect(checkedKdfParameters(most)).toEqual(most);
  expect(checkedKdfParameters(kdf)).toEqual({ ...kdf, ...DEFAULT_COST });
  expect(() => checkedKdfParameters(undefined)).toThrow(new VaultRefusal('vault/kdf-parameters'));
});

test('the encoding of the parameters is pinned: a vault made today opens tomorrow', () => {
  const kdf = checkedKdfParameters({ ...wrapping.kdf, salt: new Uint8Array(16).fill(7) });
  expect(Buffer.from(encodedKdfParameters(kdf)).toString('hex')).toBe(
    '0000000a6172676f6e3269643133' +
      '0000000400000003' +
      '0000000404000000' +
      '0000000400000001' +
      `00000010${'07'.repeat(16)}`,
  );
});
