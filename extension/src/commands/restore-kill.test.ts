/**
 * The worker dies at every step of what changes the whole vault: a restore, a deletion. Afterwards the old state is there
 * or the new one, and it can be done again.
 */
import { encodeBase64url } from '@zusage/protocol/bytes';
import { beforeAll, expect, test } from 'vitest';
import { writeBackup } from '../backup/write-backup.ts';
import type { Services } from '../sharing/services.ts';
import { dieAt, moments, reborn } from '../vault/death.fixture.ts';
import { DEFAULT_COST } from '../vault/kdf.ts';
import { SETTINGS, type SettingsRecord, type VaultEntry } from '../vault/records.ts';
import {
  type Bench,
  emptyBench,
  PASSPHRASE,
  SERVICE,
  START,
  shoe,
  unlockedBench,
} from '../vault/vault.fixture.ts';
import { backupCommands } from './backup.ts';

const FILE_PASSPHRASE = 'Zaunkönig im Holunder 5';
const BLOCKED = 'did:web:pushy.example';

const settings: SettingsRecord = {
  ...{ lang: 'en', vaultService: SERVICE, stopRoot: 'AAAAAAAAAAAAAAAAAAAAAA' },
  ...{ nextStopIndex: 7, blockedBrands: [BLOCKED], deadlineMinutes: 30 },
} as const;
const service = { origin: SERVICE, keys: [], logVkey: '', pinnedAt: 1 };
const entries: VaultEntry[] = [
  { kind: 'settings', key: SETTINGS, value: settings },
  { kind: 'service', key: SERVICE, value: service },
  { kind: 'attribute', key: 'size.shoe', value: shoe('EU 42') },
  { kind: 'attribute', key: 'size.hat', value: { ...shoe('57'), id: 'size.hat' } },
  { kind: 'answered', key: 'a', value: { clientId: 'a', nonce: 'n', exp: 1 } },
];
let file: Uint8Array;
beforeAll(async () => {
  file = Buffer.concat(
    await writeBackup({ made: START / 1000, entries }, FILE_PASSPHRASE, DEFAULT_COST),
  );
});

/** The commands over a bench, with the backup offered and verified. */
async function offered(bench: Bench) {
  const { vault, clock } = bench;
  const services = { vault, now: () => clock.now / 1000, options: {}, lang: 'en' };
  const commands = backupCommands(services as unknown as Services);
  const piece = encodeBase64url(file);
  const offer = { passphrase: FILE_PASSPHRASE, size: file.length, piece };
  const { id } = await commands.offerBackup(offer);
  return { id, commands };
}

const values = async ({ vault }: Bench) =>
  (await vault.all('attribute')).map(({ id, value }) => `${id}=${value}`).sort();

const CASES = [
  {
    name: 'a restore into a vault',
    begin: async () => {
      const bench = await unlockedBench();
      await bench.vault.put('attribute', 'size.shoe', shoe('EU 43'));
      const { stopRoot } = await bench.settings();
      const { id, commands } = await offered(bench);
      const choice = { id, theirs: ['size.shoe'], blocks: true };
      return { bench, stopRoot, act: () => commands.restoreBackup(choice) };
    },
    holds: async (bench: Bench, stopRoot: string) => {
      const now = await bench.settings();
      const isNew = now.stopRoot !== stopRoot;
      expect(await values(bench)).toEqual(
        isNew ? ['size.hat=57', 'size.shoe=EU 42'] : ['size.shoe=EU 43'],
      );
      expect(now.blockedBrands).toEqual(isNew ? [BLOCKED] : []);
      expect(now.vaultService).toBe(SERVICE);
      expect(await bench.vault.all('answered')).toHaveLength(isNew ? 1 : 0);
    },
  },
  {
    name: 'a restore as a new vault',
    begin: async () => {
      const bench = emptyBench();
      const { id, commands } = await offered(bench);
      const how = { id, passphrase: PASSPHRASE, vaultService: SERVICE };
      return { bench, stopRoot: settings.stopRoot, act: () => commands.restoreNew(how) };
    },
    holds: async (bench: Bench, stopRoot: string) => {
      if ((await bench.vault.state()) === 'none') {
        expect((await bench.disk()).rows).toEqual([]);
        return;
      }
      await bench.vault.unlock(PASSPHRASE);
      expect(await values(bench)).toEqual(['size.hat=57', 'size.shoe=EU 42']);
      const now = await bench.settings();
      expect(now).toMatchObject({ nextStopIndex: 0, blockedBrands: [BLOCKED] });
      expect(now.stopRoot).not.toBe(stopRoot);
    },
  },
  {
    name: 'the deletion of everything',
    begin: async () => {
      const bench = await unlockedBench();
      await bench.vault.put('attribute', 'size.shoe', shoe('EU 43'));
      return { bench, stopRoot: '', act: () => bench.vault.erase() };
    },
    holds: async (bench: Bench) => {
      const disk = await bench.disk();
      if (disk.header === undefined) {
        expect(disk.rows).toEqual([]);
        expect(await bench.vault.state()).toBe('none');
        await bench.vault.erase();
        expect(await bench.vault.isLost()).toBe(false);
        return;
      }
      await bench.vault.unlock(PASSPHRASE);
      expect(await values(bench)).toEqual(['size.shoe=EU 43']);
    },
  },
];

test.each(CASES)(
  '$name: a worker that dies at any step leaves the old state or the new one',
  async ({ begin, holds }) => {
    const dry = await begin();
    const counted = dieAt(dry.bench, 0);
    await dry.act();
    expect(counted.steps()).toBeGreaterThan(3);
    for (const [at, fate] of moments(counted.steps())) {
      const { bench, stopRoot, act } = await begin();
      const death = dieAt(bench, at, fate);
      const outcome = await act().then(
        () => 'done',
        () => 'failed',
      );
      expect(death.struck()).toBe(true);
      reborn(bench);
      try {
        await holds(bench, stopRoot);
        if ((await bench.vault.state()) === 'unlocked')
          expect((await bench.vault.integrity()).ok).toBe(true);
      } catch (error) {
        const where = `step ${at} (${fate}) of ${counted.steps()}, ${outcome}`;
        throw new Error(where, { cause: error });
      }
    }
  },
  process.env['FULL'] === '1' ? 600_000 : 60_000,
);
