import { z } from '@zusage/protocol/shape';
import type { VaultEntry } from '../vault/records.ts';
import { BackupCryptoError } from './errors.ts';

const Day = z.string().check(z.regex(/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/));
const Time = z.int().check(z.nonnegative());
const Texts = z.array(z.string());

/** What the code that reads these records relies on. */
const SHAPES: Readonly<Record<string, z.core.$ZodType>> = {
  attribute: z.looseObject({
    id: z.string(),
    value: z.union([z.string(), z.number(), z.boolean(), Texts]),
    source: z.string(),
    enteredOn: Day,
    confirmedOn: Day,
    precision: z.enum(['exact', 'band', 'yes-no']),
  }),
  grant: z.looseObject({
    jti: z.string(),
    brand: z.string(),
    brandName: z.string(),
    origin: z.url(),
    key: z.looseObject({ x: z.string(), y: z.string(), d: z.string() }),
    terms: z.looseObject({}),
    datatypes: Texts,
    grant: z.string(),
    receipts: Texts,
    seq: Time,
    state: z.enum(['active', 'suspended', 'ended']),
    nbf: Time,
    exp: Time,
    vaultService: z.url(),
  }),
  logged: z.looseObject({
    jti: z.string(),
    entries: z.array(z.looseObject({ seq: Time })),
    awaited: z.array(z.looseObject({ seq: Time })),
    problems: z.array(z.looseObject({ code: z.string() })),
  }),
  logWatch: z.looseObject({ origin: z.string(), waiting: z.array(z.looseObject({})) }),
  settings: z.looseObject({
    vaultService: z.url(),
    blockedBrands: Texts,
    deadlineMinutes: z.int().check(z.positive(), z.maximum(1440)),
  }),
};

/** Where a record says its own name, it is the one it is kept under. */
const NAMES: Readonly<Record<string, string>> = {
  attribute: 'id',
  grant: 'jti',
  logged: 'jti',
  logWatch: 'origin',
};

/**
 * A file can be whole, under the right passphrase, and still not be what a vault writes.
 *
 * @throws BackupCryptoError `backup-damaged`
 */
export function checkEntries(entries: readonly VaultEntry[]): void {
  const names = new Set<string>();
  for (const { kind, key, value } of entries) {
    const shape = SHAPES[kind];
    const own = NAMES[kind];
    const name = JSON.stringify([kind, key]);
    const fine =
      !names.has(name) &&
      (shape === undefined || z.safeParse(shape, value).success) &&
      (own === undefined || (value as unknown as Record<string, unknown>)[own] === key);
    if (!fine) throw new BackupCryptoError('backup-damaged');
    names.add(name);
  }
}
