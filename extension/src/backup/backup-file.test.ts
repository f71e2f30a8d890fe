import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fc, test as property } from '@fast-check/vitest';
import wrappers from 'libsodium-wrappers-sumo';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { DEFAULT_COST } from '../vault/kdf.ts';
import type { VaultEntry } from '../vault/records.ts';
import { shoe } from '../vault/vault.fixture.ts';
import type { BackupContents } from './contents.ts';
import { MAX_HEADER } from './header.ts';
import { BackupReader } from './read-backup.ts';
import { CHUNK, MAX_FILE, writeBackup } from './write-backup.ts';

const PASSPHRASE = 'Möwe im Regen 31';
const isFull = process.env['FULL'] === '1';
// Each file that is read costs an Argon2id run.
vi.setConfig({ testTimeout: isFull ? 600_000 : 120_000 });
const HEADER = 135;
const SEALED = CHUNK + 17;

/** Some 150 KB: three chunks. */
const contents: BackupContents = {
  made: 1_790_000_000,
  entries: Array.from({ length: 300 }, (_, i): VaultEntry => {
    const key = `size.shoe-${i}`;
    return { kind: 'attribute', key, value: { ...shoe('ö'.repeat(180)), id: key } };
  }),
};
let file: Uint8Array;
beforeAll(async () => {
  await wrappers.ready;
  file = Buffer.concat(await writeBackup(contents, PASSPHRASE, DEFAULT_COST));
});

async function read(
  bytes: Uint8Array,
  { passphrase = PASSPHRASE, piece = 100_000, size = bytes.length } = {},
): Promise<BackupContents | null> {
  const reader = new BackupReader(size, passphrase);
  let read: BackupContents | null = null;
  for (let at = 0; at < Math.max(1, bytes.length); at += piece)
    read = await reader.push(bytes.subarray(at, at + piece));
  return read;
}
const code = (what: string) => ({ code: what });
const altered = (at: number, change: (byte: number) => number) =>
  file.with(at, change(file[at] as number) & 0xff);

describe('a backup file', () => {
  test('is read back, in pieces of any length', async () => {
    expect(await read(file)).toEqual(contents);
    for (const piece of [1000, SEALED, file.length])
      expect(await read(file, { piece })).toEqual(contents);
  });

  test('has a size that tells chunks, not bytes', async () => {
    expect(file.length).toBe(HEADER + 3 * SEALED);
    const little = { made: 1, entries: [] };
    const [header, chunk, ...more] = await writeBackup(little, PASSPHRASE, DEFAULT_COST);
    expect([header?.length, chunk?.length, more]).toEqual([HEADER, SEALED, []]);
  });

  test('is read by another implementation, from the description alone', () => {
    expect([...file.subarray(0, 10)]).toEqual([0x89, 0x5a, 0x53, 0x42, 0x4b, 13, 10, 0x1a, 1, 1]);
    const plaintext = independentlyRead(file, PASSPHRASE);
    const [first, ...lines] = plaintext.trimEnd().split('\n');
    expect(JSON.parse(first as string)).toEqual({
      zusage: 'backup',
      schema: 1,
      made: contents.made,
    });
    expect(lines.map((line) => JSON.parse(line))).toEqual(
      contents.entries.map(({ kind, key, value }) => [kind, key, value]),
    );
  });

  test('of the vectors is read by both', async () => {
    const vectors = new URL('../../../protocol/vectors/backup.json', import.meta.url);
    const vector = JSON.parse(readFileSync(vectors, 'utf8'));
    const bytes = Buffer.from(vector.file, 'base64url');
    expect(independentlyRead(bytes, vector.passphrase)).toBe(vector.plaintext);
    const { made, entries } = (await read(bytes, vector)) as BackupContents;
    const [first, ...lines] = vector.plaintext.trimEnd().split('\n');
    expect(JSON.parse(first)).toMatchObject({ made });
    expect(entries.map(({ kind, key, value }) => JSON.stringify([kind, key, value]))).toEqual(
      lines,
    );
  });

  test('shows nothing of what is in it, and never the same twice', async () => {
    expect(Buffer.from(file).includes('size.shoe')).toBe(false);
    const again = Buffer.concat(await writeBackup(contents, PASSPHRASE, DEFAULT_COST));
    for (const at of [20, 60, HEADER, HEADER + SEALED])
      expect(again.subarray(at, at + 16)).not.toEqual(Buffer.from(file).subarray(at, at + 16));
  });
});

describe('a file that is not taken', () => {
  test('cut off at every border, or anywhere', async () => {
    for (const border of [0, 1, 2, 3].map((chunk) => HEADER + chunk * SEALED)) {
      for (const length of [border - 1, border, border + 1]) {
        if (length === file.length) continue;
        const bytes = file.length < length ? Buffer.concat([file, Buffer.alloc(1)]) : file;
        await expect(read(bytes.subarray(0, length))).rejects.toMatchObject(code('backup-damaged'));
      }
    }
    await expect(read(new Uint8Array())).rejects.toMatchObject(code('backup-foreign'));
    await expect(read(file.subarray(0, 5))).rejects.toMatchObject(code('backup-damaged'));
  });

  property.prop([fc.nat(), fc.nat()], { numRuns: isFull ? 60 : 6 })(
    'cut off at a random place',
    async (n) => {
      const cut = file.subarray(0, 8 + (n % (file.length - 8)));
      await expect(read(cut)).rejects.toMatchObject(code('backup-damaged'));
    },
  );

  property.prop([fc.nat(), fc.nat(7)], { numRuns: isFull ? 100 : 8 })(
    'with any bit flipped',
    async (n, bit) => {
      const bytes = altered(n % file.length, (byte) => byte ^ (1 << bit));
      await expect(read(bytes)).rejects.toMatchObject({
        code: expect.stringMatching(/^backup-(damaged|foreign|newer|kdf|passphrase)$/),
      });
    },
  );

  test('with any bit of the header flipped', async () => {
    const reader = (bytes: Uint8Array) => read(bytes.subarray(0, HEADER + SEALED));
    // The salt to the ciphertext cost an Argon2id run each: some of them here, all of them above by chance.
    const places = [0, 7, 8, 9, 10, 11, 12, 13, 14, 15, 18, 19, 22, 23, 40, 63, 64, 110, 111, 134];
    for (const at of places) {
      await expect(reader(altered(at, (byte) => byte ^ 1))).rejects.toMatchObject({
        code: expect.stringMatching(/^backup-(damaged|foreign|newer|kdf|passphrase)$/),
      });
    }
  });

  test('chunks exchanged, repeated, left out, or followed by more', async () => {
    const [head, a, b, c] = [0, 1, 2, 3].map((i) =>
      i === 0
        ? file.subarray(0, HEADER)
        : file.subarray(HEADER + (i - 1) * SEALED, HEADER + i * SEALED),
    ) as [Uint8Array, Uint8Array, Uint8Array, Uint8Array];
    for (const parts of [
      [head, b, a, c],
      [head, a, a, b, c],
      [head, a, c],
      [head, a, b, c, c],
      [head, a, b, c, a],
      [head],
    ])
      await expect(read(Buffer.concat(parts))).rejects.toMatchObject(code('backup-damaged'));
  });

  test('of somebody else, of a newer version', async () => {
    const foreign = Buffer.from('{"attributes":[]}'.repeat(1000));
    await expect(read(foreign)).rejects.toMatchObject(code('backup-foreign'));
    await expect(read(Buffer.from('x'))).rejects.toMatchObject(code('backup-foreign'));
    await expect(read(altered(8, () => 2))).rejects.toMatchObject(code('backup-newer'));
    // A wrapping of a kind this version does not know, and no other.
    await expect(read(altered(10, () => 9))).rejects.toMatchObject(code('backup-newer'));
  });

  test('that asks for too little or too much work', async () => {
    for (const at of [13, 14, 15, 16, 17, 18, 19])
      await expect(read(altered(at, () => 255))).rejects.toMatchObject(code('backup-kdf'));
    await expect(read(altered(18, () => 2))).rejects.toMatchObject(code('backup-kdf'));
    await expect(read(altered(13, () => 2))).rejects.toMatchObject(code('backup-kdf'));
  });

  test('under another passphrase, or none', async () => {
    await expect(read(file, { passphrase: 'Möwe' })).rejects.toMatchObject(
      code('backup-passphrase'),
    );
    await expect(read(file, { passphrase: '' })).rejects.toMatchObject(code('vault/passphrase'));
  });

  test('absurdly large: before any of it is read; longer than it said: as soon as it is', async () => {
    expect(() => new BackupReader(MAX_FILE + 1, PASSPHRASE)).toThrow('backup-too-large');
    const reader = new BackupReader(MAX_HEADER, PASSPHRASE);
    await expect(reader.push(file)).rejects.toMatchObject(code('backup-damaged'));
  });

  test('too much for a backup is said, and no half of it made', async () => {
    const entry: VaultEntry = { kind: 'attribute', key: 'a', value: shoe('x'.repeat(1_000_000)) };
    const large = { made: 1, entries: Array.from({ length: 68 }, () => entry) };
    await expect(writeBackup(large, PASSPHRASE, DEFAULT_COST)).rejects.toMatchObject(
      code('backup-too-large'),
    );
  });
});

/** SPEC §18 followed to the letter, over libsodium's own wrappers. */
function independentlyRead(bytes: Uint8Array, passphrase: string): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const [salt, nonce, wrapped, stream] = [
    bytes.subarray(23, 39),
    bytes.subarray(39, 63),
    bytes.subarray(63, 111),
    bytes.subarray(111, 135),
  ];
  const [passes, memory] = [view.getUint32(15), view.getUint32(19) * 1024];
  const kek = wrappers.crypto_pwhash(
    32,
    new TextEncoder().encode(passphrase.normalize('NFKC')),
    salt,
    passes,
    memory,
    wrappers.crypto_pwhash_ALG_ARGON2ID13,
  );
  const u32 = (n: number) => Buffer.from([n >> 24, n >> 16, n >> 8, n]);
  const parts = (...all: (string | Uint8Array)[]) =>
    Buffer.concat(all.flatMap((part) => [u32(Buffer.byteLength(part)), Buffer.from(part)]));
  const kdf = parts('argon2id13', u32(passes), u32(memory), u32(1), salt);
  const fileKey = wrappers.crypto_aead_xchacha20poly1305_ietf_decrypt(
    null,
    wrapped,
    parts('zusage/backup/wrapping/1', 'passphrase', kdf),
    nonce,
    kek,
  );
  const key = wrappers.crypto_kdf_derive_from_key(32, 3, 'zs_bckup', fileKey);
  const ad = createHash('sha256').update(bytes.subarray(0, 135)).digest();
  const state = wrappers.crypto_secretstream_xchacha20poly1305_init_pull(stream, key);
  const plaintext: Uint8Array[] = [];
  for (let at = 135; at < bytes.length; at += 65_553) {
    const sealed = bytes.subarray(at, at + 65_553);
    const chunk = wrappers.crypto_secretstream_xchacha20poly1305_pull(state, sealed, ad);
    if (chunk === false) throw new Error('a chunk does not open');
    const last = at + 65_553 === bytes.length;
    if (chunk.tag !== (last ? 3 : 0)) throw new Error('not the last chunk, or not marked as such');
    plaintext.push(last ? wrappers.unpad(chunk.message, 65_536) : chunk.message);
  }
  return Buffer.concat(plaintext).toString('utf8');
}
