import { createPrivateKey, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateKey, importSigningKey, type SigningKey } from '@zusage/protocol/crypto';
import { type PrivateJwk, publicOf, thumbprint } from '@zusage/protocol/jwk';
import { noteSigner, vkeyOf } from './log/note.ts';
import {
  assertPrivate,
  makePrivateFolder,
  PrivateFileError,
  writePrivate,
} from './private-file.ts';

/** What the vault signs with. The log key signs checkpoints of the grant log and nothing else. */
export type VaultKeys = {
  /** ES256, for receipts, status lists and introspection replies, told apart by `typ`. */
  readonly signing: SigningKey & SigningObject;
  /** Ed25519 private key of the grant log. */
  readonly log: KeyObject;
  /** HMAC-SHA-256 key of page tokens, 32 bytes. */
  readonly paging: Uint8Array;
};

/** The signing key where it signs at once, without a promise. */
export type SigningObject = { readonly kid: string; readonly object: KeyObject };

export const SIGNING_FILE = 'signing-key.json';
const LOG_FILE = 'log-key.json';
const PAGING_FILE = 'paging-key.json';

/**
 * Reads the keys from the folder, generating on first start what is not there.
 * @throws PrivateFileError when others can read a key, or a key file is not a key
 */
export async function loadKeys(folder: string): Promise<VaultKeys> {
  makePrivateFolder(folder);
  const jwk = (await readOrMake(join(folder, SIGNING_FILE), generateKey)) as PrivateJwk;
  const log = await readOrMake(join(folder, LOG_FILE), async () =>
    generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' }),
  );
  if (!isPrivate(jwk, 'P-256') || !isPrivate(log, 'Ed25519') || typeof log.x !== 'string') {
    throw new PrivateFileError(`A key file in ${folder} does not hold the key it should.`);
  }
  const paging = await readOrMake(join(folder, PAGING_FILE), async () => ({
    kty: 'oct',
    k: randomBytes(32).toString('base64url'),
  }));
  if (typeof paging.k !== 'string') {
    throw new PrivateFileError(`A key file in ${folder} does not hold the key it should.`);
  }
  const signing = await importSigningKey(jwk);
  return {
    signing: {
      ...signing,
      kid: await thumbprint(publicOf(jwk)),
      object: createPrivateKey({ key: { ...jwk }, format: 'jwk' }),
    },
    log: createPrivateKey({ key: { ...log }, format: 'jwk' }),
    paging: Buffer.from(paging.k, 'base64url'),
  };
}

async function readOrMake(path: string, make: () => Promise<object>): Promise<JsonWebKey> {
  if (!existsSync(path)) writePrivate(path, `${JSON.stringify(await make())}\n`);
  assertPrivate(path);
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as JsonWebKey;
  } catch {
    throw new PrivateFileError(`${path} is not a key file.`);
  }
}

function isPrivate({ crv, d }: JsonWebKey, curve: string): boolean {
  return crv === curve && typeof d === 'string';
}

/** Where a log is served: the first, and those that follow one after a restored backup. */
export function logName(log: number): string {
  return log === 1 ? 'log' : `log-${log}`;
}

/** Names the logs of an issuer by where they are. */
export function logOrigin(issuer: string, log: number): string {
  return `${new URL(issuer).host}/${logName(log)}`;
}

/** C2SP signed-note verifier key of a log: `name+hex8(key id)+base64(0x01 ‖ key)`. */
export function logVkey(issuer: string, { log: key }: Pick<VaultKeys, 'log'>, log: number): string {
  return vkeyOf(noteSigner(logOrigin(issuer, log), key));
}
