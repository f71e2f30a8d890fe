/** A backup that somebody else made, whole and under the passphrase they told: it is refused, or it breaks no screen. */
import { beforeAll, expect, test } from 'vitest';
import { checkEntries } from '../backup/check-entries.ts';
import { BackupCryptoError } from '../backup/errors.ts';
import type { CommandName } from '../messages.ts';
import { Person } from '../sharing/person.fixture.ts';
import { resumeAfterUnlock } from '../sharing/resume.ts';
import { VAULT, World } from '../sharing/world.fixture.ts';
import type { VaultEntry } from '../vault/records.ts';
import type { RecordWrite } from '../vault/sealed-store.ts';

/** What the screens ask for by themselves. */
const ASKED: [CommandName, object][] = [
  ['status', {}],
  ['searchAttributes', { text: 'x', limit: 50, sensitive: true }],
  ['dueAttributes', {}],
  ['attributes', {}],
  ['undos', {}],
  ['grants', {}],
  ['log', { limit: 100 }],
  ['publicLogs', {}],
  ['logShops', {}],
  ['firstCards', {}],
  ['practice', {}],
];
const STRANGE = [undefined, null, 7, -1, 'x', '', true, [], [null], ['x'], {}, { en: 7 }];
const SETTINGS_APART = (entry: VaultEntry) => entry.kind !== 'settings';

let person: Person;
let entries: VaultEntry[];

beforeAll(async () => {
  const world = await World.start();
  const brand = await world.brand('shop.example');
  person = new Person({ door: world.door, now: () => world.now });
  await person.create(VAULT);
  const { request } = await brand.request({ attributes: { required: ['size.shoe'] } });
  const asked = person.asked(request, brand.origin);
  await person.share(asked, ['size.shoe'], { entered: [{ id: 'size.shoe', value: 'EU 42' }] });
  await person.run('saveAttribute', { id: 'preference.color', value: ['blue', 'green'] });
  const own = { id: 'custom.hut@did:web:shop.example', value: 'Höllental' };
  await person.vault.put('attribute', own.id, {
    ...own,
    source: 'entered',
    enteredOn: '2026-11-01',
    confirmedOn: '2026-11-01',
    precision: 'exact',
    custom: { did: 'did:web:shop.example', label: { en: 'Hut', de: 'Hütte' } },
  } as never);
  entries = (await person.vault.everything()).filter(SETTINGS_APART);
  expect(new Set(entries.map(({ kind }) => kind)).size).toBeGreaterThan(5);
});

/** The entry with one member another, or gone. */
function* mutations(entry: VaultEntry): Generator<[what: string, VaultEntry]> {
  const value = entry.value as unknown as Record<string, unknown>;
  for (const strange of STRANGE.slice(1))
    yield ['all of it', { ...entry, value: strange } as never];
  for (const member of Object.keys(value)) {
    for (const strange of STRANGE) {
      const changed = JSON.parse(JSON.stringify({ ...value, [member]: strange }));
      yield [`${member} = ${JSON.stringify(strange)}`, { ...entry, value: changed }];
    }
  }
}

const isRefused = async (entry: VaultEntry) => {
  try {
    await checkEntries([entry]);
    return false;
  } catch (error) {
    if (error instanceof BackupCryptoError) return true;
    throw error;
  }
};

test('every screen works after whatever was not refused', async () => {
  const broken = new Set<string>();
  let letIn = 0;
  for (const entry of entries) {
    for (const [what, hostile] of mutations(entry)) {
      if (await isRefused(hostile)) continue;
      letIn += 1;
      await person.vault.putAll([hostile as unknown as RecordWrite]);
      for (const [command, args] of ASKED) {
        await person.run(command, args as never).catch((error: { code?: string }) => {
          if (typeof error.code !== 'string') broken.add(`${command}: ${entry.kind}.${what}`);
        });
      }
      await resumeAfterUnlock(person.services).catch((error: { code?: string }) => {
        if (typeof error.code !== 'string') broken.add(`unlock: ${entry.kind}.${what}`);
      });
    }
    await person.vault.putAll([entry as unknown as RecordWrite]);
  }
  expect(letIn).toBeGreaterThan(50);
  expect([...broken]).toEqual([]);
}, 120_000);
