/**
 * The worker dies at every step of what changes the ways in. Afterwards the vault opens with the old passphrase or the
 * new one, never with neither, and what the settings say of kit and passkeys is what opens it.
 */
import { expect, test } from 'vitest';
import { passkeyCommands } from '../commands/passkeys.ts';
import { recoveryCommands } from '../commands/recovery.ts';
import type { Services } from '../sharing/services.ts';
import type { Header } from './database.ts';
import { dieAt, type Fate, moments, reborn } from './death.fixture.ts';
import { VaultCryptoError } from './errors.ts';
import { DEFAULT_COST } from './kdf.ts';
import { isRecoveryWrapping } from './recovery-code.ts';
import {
  type Bench,
  emptyBench,
  PASSPHRASE,
  SERVICE,
  shoe,
  there,
  unlockedBench,
} from './vault.fixture.ts';
import { passphraseWrapping } from './wrapping.ts';

const NEXT = 'Zitronenfalter über dem Moor 8';
const PRF = Buffer.alloc(32, 9).toString('base64url');
const SALT = Buffer.alloc(32, 8).toString('base64url');
const CODE = /^([0-9A-Z]{4}-){6}[0-9A-Z]{4}$/;

const servicesOf = ({ vault, clock }: Bench) =>
  ({ vault, now: () => clock.now / 1000 }) as unknown as Services;

async function filled(): Promise<Bench> {
  const bench = await unlockedBench();
  await bench.vault.put('attribute', 'size.shoe', shoe('EU 42'));
  return bench;
}

type Scenario = {
  readonly name: string;
  readonly begin: () => Promise<Bench>;
  readonly act: (bench: Bench) => Promise<unknown>;
  /** Looks at what is there after the death, in a browser that was started anew. */
  readonly holds: (bench: Bench, before: Header | undefined) => Promise<void>;
};

/** It opens with `passphrase`, whole, and everything is in it. */
async function opens(bench: Bench, passphrase: string): Promise<void> {
  await bench.vault.unlock(passphrase);
  expect((await bench.vault.integrity()).ok).toBe(true);
  expect(await bench.vault.get('attribute', 'size.shoe')).toEqual(shoe('EU 42'));
}

/** Whether the passphrase's wrapping is another than before. */
async function rewrapped(bench: Bench, before: Header | undefined): Promise<boolean> {
  const nonceOf = ({ wrappings }: Header) => passphraseWrapping(wrappings).nonce;
  return Buffer.compare(nonceOf(there(before)), nonceOf(await bench.header())) !== 0;
}

const SCENARIOS: readonly Scenario[] = [
  {
    name: 'creating a vault',
    begin: async () => emptyBench(),
    act: ({ vault }) => vault.create(PASSPHRASE, { vaultService: SERVICE }),
    holds: async (bench) => {
      // None or a whole one; where there is none it can be made.
      if ((await bench.vault.state()) === 'none')
        await bench.vault.create(PASSPHRASE, { vaultService: SERVICE });
      else await bench.vault.unlock(PASSPHRASE);
      expect(await bench.settings()).toMatchObject({ vaultService: SERVICE });
      expect((await bench.vault.integrity()).ok).toBe(true);
    },
  },
  {
    name: 'changing the passphrase',
    begin: filled,
    act: ({ vault }) => vault.changePassphrase({ passphrase: PASSPHRASE }, NEXT),
    holds: async (bench, before) => {
      const isNew = await rewrapped(bench, before);
      await expect(bench.vault.unlock(isNew ? PASSPHRASE : NEXT)).rejects.toEqual(
        new VaultCryptoError('vault/wrong-passphrase'),
      );
      await opens(bench, isNew ? NEXT : PASSPHRASE);
      expect((await bench.header()).wrappings).toHaveLength(1);
    },
  },
  {
    name: 'unlocking after the default has risen',
    begin: async () => {
      const bench = await filled();
      bench.cost = { ...DEFAULT_COST, passes: 4 };
      bench.restartBrowser();
      return bench;
    },
    act: ({ vault }) => vault.unlock(PASSPHRASE),
    holds: (bench) => opens(bench, PASSPHRASE),
  },
  {
    name: 'making a kit in the place of one that was not confirmed',
    begin: async () => {
      const bench = await filled();
      await recoveryCommands(servicesOf(bench)).makeKit({});
      return bench;
    },
    act: (bench) => recoveryCommands(servicesOf(bench)).makeKit({}),
    holds: async (bench, before) => {
      await opens(bench, PASSPHRASE);
      const wrappings = (await bench.header()).wrappings.filter(isRecoveryWrapping);
      expect(wrappings).toHaveLength(1);
      // A code that nobody has seen is not taken for one that is on paper.
      expect((await bench.settings()).kit).not.toHaveProperty('confirmedOn');
      expect((await bench.settings()).kit?.ask).toHaveLength(2);
      expect(before?.wrappings).toHaveLength(2);
    },
  },
  {
    name: 'making a kit and opening with its code',
    begin: filled,
    act: async (bench) => {
      const { code } = await recoveryCommands(servicesOf(bench)).makeKit({});
      await bench.vault.changePassphrase({ code }, NEXT);
    },
    holds: async (bench, before) => {
      const passphrase = (await rewrapped(bench, before)) ? NEXT : PASSPHRASE;
      await opens(bench, passphrase);
      const hasKit = (await bench.header()).wrappings.some(isRecoveryWrapping);
      expect((await bench.settings()).kit !== undefined).toBe(hasKit);
      const { code } = await recoveryCommands(servicesOf(bench)).makeKit({ proof: { passphrase } });
      expect(code).toMatch(CODE);
    },
  },
  {
    name: 'adding a passkey',
    begin: filled,
    act: (bench) =>
      passkeyCommands(servicesOf(bench)).addPasskey({
        proof: { passphrase: PASSPHRASE },
        name: 'Laptop',
        question: { id: 'AQID', salt: SALT },
        prf: PRF,
      }),
    holds: async (bench) => {
      const { passkeys } = await bench.vault.ways();
      await opens(bench, PASSPHRASE);
      expect(((await bench.settings()).passkeys ?? []).length).toBe(passkeys.length);
      await bench.vault.lock();
      const prf = Buffer.from(PRF, 'base64url');
      if (passkeys.length > 0) await bench.vault.unlock({ passkey: { id: 'AQID', prf } });
    },
  },
];

test.each(SCENARIOS)(
  '$name: a worker that dies at any step leaves the old state or the new one',
  async ({ begin, act, holds }) => {
    const counted = await begin();
    const dry = dieAt(counted, 0);
    await act(counted);
    const steps = dry.steps();
    expect(steps).toBeGreaterThan(3);

    for (const [at, fate] of moments(steps)) {
      const bench = await begin();
      const before = (await bench.disk()).header;
      const death = dieAt(bench, at, fate);
      const outcome = await act(bench).then(
        () => 'done',
        () => 'failed',
      );
      expect(death.struck(), moment(at, fate)).toBe(true);
      reborn(bench);
      bench.restartBrowser();
      try {
        await holds(bench, before);
      } catch (error) {
        throw new Error(`${moment(at, fate)} of ${steps}, ${outcome}`, { cause: error });
      }
    }
  },
  process.env['FULL'] === '1' ? 900_000 : 120_000,
);

function moment(at: number, fate: Fate): string {
  return `step ${at} (${fate})`;
}
