import { parseDisclosure } from '@zusage/protocol/disclosure';
import { isZusageError } from '@zusage/protocol/errors';
import { z } from '@zusage/protocol/shape';
import { Terms } from '@zusage/protocol/terms';
import type { VaultEntry } from '../vault/records.ts';
import { BackupCryptoError } from './errors.ts';

const Day = z.string().check(z.regex(/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/));
const Time = z.int().check(z.nonnegative());
const Texts = z.array(z.string());
const Label = z.looseObject({ en: z.string(), de: z.string() });
const Uses = z.looseObject({ attributes: Texts, purposes: Texts });

/** What the code that reads these records relies on. */
const SHAPES: Readonly<Record<string, z.core.$ZodType>> = {
  attribute: z.looseObject({
    id: z.string(),
    value: z.union([z.string(), z.number(), z.boolean(), Texts]),
    source: z.string(),
    enteredOn: Day,
    confirmedOn: Day,
    precision: z.enum(['exact', 'band', 'yes-no']),
    custom: z.optional(z.looseObject({ did: z.optional(z.string()), label: Label })),
  }),
  grant: z.looseObject({
    jti: z.string(),
    brand: z.string(),
    brandName: z.string(),
    origin: z.url(),
    key: z.looseObject({ x: z.string(), y: z.string(), d: z.string() }),
    terms: Terms,
    disclosures: Texts,
    datatypes: Texts,
    grant: z.string(),
    receipts: Texts,
    seq: Time,
    state: z.enum(['active', 'suspended', 'ended']),
    nbf: Time,
    exp: Time,
    vaultService: z.url(),
    uses: z.optional(z.looseObject({ days: z.optional(z.array(Uses)) })),
  }),
  answered: z.looseObject({ clientId: z.string(), nonce: z.string(), exp: Time }),
  brandKey: z.looseObject({ did: z.string(), privateJwk: z.looseObject({}) }),
  proof: z.looseObject({ jti: z.string(), seq: Time, proof: z.string() }),
  service: z.looseObject({ origin: z.string(), keys: z.array(z.looseObject({})) }),
  step: z.looseObject({ step: z.string() }),
  log: z.looseObject({
    id: z.string(),
    at: Time,
    event: z.string(),
    brand: z.string(),
    attributes: Texts,
    purposes: Texts,
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
  log: 'id',
  logged: 'jti',
  logWatch: 'origin',
};

/**
 * A file can be whole, under the right passphrase, and still not be what a vault writes.
 *
 * @throws BackupCryptoError `backup-damaged`
 */
export async function checkEntries(entries: readonly VaultEntry[]): Promise<void> {
  const names = new Set<string>();
  for (const { kind, key, value } of entries) {
    const shape = SHAPES[kind];
    const own = NAMES[kind];
    const name = JSON.stringify([kind, key]);
    const fine =
      !names.has(name) &&
      (shape === undefined || z.safeParse(shape, value).success) &&
      (own === undefined || (value as unknown as Record<string, unknown>)[own] === key) &&
      (kind !== 'grant' || (await areDisclosures(value['disclosures'] as readonly string[])));
    if (!fine) throw new BackupCryptoError('backup-damaged');
    names.add(name);
  }
}

async function areDisclosures(encoded: readonly string[]): Promise<boolean> {
  try {
    for (const one of encoded) await parseDisclosure(one);
    return true;
  } catch (error) {
    if (isZusageError(error)) return false;
    throw error;
  }
}
