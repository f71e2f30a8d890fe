import {
  createCipheriv,
  createDecipheriv,
  createSecretKey,
  type KeyObject,
  randomBytes,
} from 'node:crypto';
import { existsSync, linkSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { assertPrivate, PrivateFileError, writePrivate } from '../private-file.ts';
import { randomsOf } from './randoms.ts';

/** `person` goes when a grant is erased, `kept` stays. */
export type Part = 'kept' | 'person';

/** Where an opening belongs: it opens nowhere else. */
export type OpeningPlace = {
  readonly log: number;
  readonly index: number;
  /** `2026-11`, UTC */
  readonly month: string;
  readonly part: Part;
};

/** Seals openings under a key for each month, so that destroying a key destroys what backups still hold of that month. */
export type OpeningKeys = {
  /** AES-256-GCM: 12 bytes nonce, ciphertext, 16 bytes tag. Makes the month's key if it is the first. */
  seal(place: OpeningPlace, plaintext: Buffer): Buffer;
  /** @returns null when the month's key is gone, or the bytes were sealed elsewhere */
  open(place: OpeningPlace, sealed: Uint8Array): Buffer | null;
  /** The months and parts there are keys for. */
  list(): { month: string; part: Part }[];
  destroy(month: string, part: Part): void;
};

const FILE = /^opening-key-(\d{4}-\d{2})-(kept|person)\.json$/;
const NONCE_SIZE = 12;
const TAG_SIZE = 16;

/**
 * One file for each month and part in `folder`, mode 0600: no database, so no backup of one holds them.
 * @throws (its functions) PrivateFileError when others can read a key, or a file holds none
 */
export function openingKeys(folder: string): OpeningKeys {
  const known = new Map<string, KeyObject>();
  const path = (month: string, part: Part) => join(folder, `opening-key-${month}-${part}.json`);

  const find = (month: string, part: Part): KeyObject | null => {
    const file = path(month, part);
    const cached = known.get(file);
    if (cached !== undefined) return cached;
    if (!existsSync(file)) return null;
    assertPrivate(file);
    const key = keyIn(file);
    known.set(file, key);
    return key;
  };
  const findOrMake = (month: string, part: Part): KeyObject => {
    const there = find(month, part);
    if (there !== null) return there;
    makeOnce(path(month, part));
    return find(month, part) as KeyObject;
  };

  return {
    seal: (place, plaintext) => {
      const nonce = newNonce();
      const cipher = createCipheriv('aes-256-gcm', findOrMake(place.month, place.part), nonce);
      cipher.setAAD(boundTo(place));
      const sealed = cipher.update(plaintext);
      cipher.final();
      return Buffer.concat([nonce, sealed, cipher.getAuthTag()]);
    },
    open: (place, sealed) => {
      const key = find(place.month, place.part);
      if (key === null) return null;
      const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE_SIZE));
      decipher.setAAD(boundTo(place));
      decipher.setAuthTag(sealed.subarray(-TAG_SIZE));
      try {
        const opened = decipher.update(sealed.subarray(NONCE_SIZE, -TAG_SIZE));
        decipher.final();
        return opened;
      } catch {
        return null;
      }
    },
    list: () =>
      readdirSync(folder).flatMap((name) => {
        const match = FILE.exec(name);
        return match === null ? [] : [{ month: match[1] as string, part: match[2] as Part }];
      }),
    destroy: (month, part) => {
      rmSync(path(month, part), { force: true });
      known.delete(path(month, part));
    },
  };
}

const newNonce = randomsOf(NONCE_SIZE);

function boundTo({ log, index, part }: OpeningPlace): Buffer {
  return Buffer.from(`${log}/${index}/${part}`);
}

/** Whoever comes second finds the key of the first: a link is made or is there. */
function makeOnce(file: string): void {
  const draft = `${file}.${randomBytes(6).toString('hex')}`;
  const key = { kty: 'oct', k: randomBytes(32).toString('base64url') };
  writePrivate(draft, `${JSON.stringify(key)}\n`);
  try {
    linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

function keyIn(file: string): KeyObject {
  try {
    const { k } = JSON.parse(readFileSync(file, 'utf8')) as { k?: unknown };
    const key = Buffer.from(String(k), 'base64url');
    if (key.length === 32) return createSecretKey(key);
  } catch {
    // Said below.
  }
  throw new PrivateFileError(`${file} is not a key file.`);
}
