/** Whatever is done in whatever order, the vault holds what the person entered last. */
import { fc, test as property } from '@fast-check/vitest';
import { expect } from 'vitest';
import { backupOf, exportOf, offer } from '../backup/transfer.fixture.ts';
import type { Value } from '../messages.ts';
import { PASSPHRASE, Person } from '../sharing/person.fixture.ts';
import { VAULT, World } from '../sharing/world.fixture.ts';
import { readFile } from '../ui/app/import/read-file.ts';

const FULL = process.env['FULL'] === '1';

type Told = { value: Value; until?: string };
const TOLD: readonly (readonly [string, readonly Told[]])[] = [
  ['size.shoe', [{ value: 'EU 42' }, { value: 'EU 43' }]],
  ['preference.coffee-roast', [{ value: 'dark' }, { value: 'light' }]],
  ['context.allergies', [{ value: ['nuts'] }, { value: ['soy', 'nuts'] }]],
  [
    'intent.travel',
    [
      { value: 'hiking', until: '2027-06-30' },
      // Its day is over.
      { value: 'hiking', until: '2020-06-30' },
    ],
  ],
  ['contact.printed-catalogue', [{ value: true }, { value: false }]],
  ['custom.own.bike', [{ value: 'WTU "123"; x' }, { value: 'Grüße' }]],
];

type Step =
  | { is: 'save'; at: number; which: number }
  | { is: 'remove' | 'remove-and-undo' | 'confirm'; at: number }
  | { is: 'worker-dies' | 'lock' | 'import-here' | 'import-elsewhere' | 'restore-elsewhere' };

const at = fc.nat(TOLD.length - 1);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ is: fc.constant('save' as const), at, which: fc.nat(1) }) },
  {
    weight: 5,
    arbitrary: fc.record({
      is: fc.constantFrom('remove' as const, 'remove-and-undo' as const, 'confirm' as const),
      at,
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      is: fc.constantFrom(
        'worker-dies' as const,
        'lock' as const,
        'import-here' as const,
        'import-elsewhere' as const,
        'restore-elsewhere' as const,
      ),
    }),
  },
);

/** What the vault holds, without when and whence. */
async function values(person: Person): Promise<[string, Told][]> {
  const views = await person.run('attributes', {});
  return views
    .map(({ id, held }): [string, Told] => [
      id,
      { value: held?.value ?? '', ...(held?.until && { until: held.until }) },
    ])
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

/** As the page does it: reads the plain export, looks at the preview, and imports what is new. */
async function importInto(person: Person, exported: object): Promise<string[]> {
  const text = JSON.stringify(exported, null, 2);
  const read = readFile(new TextEncoder().encode(text));
  if ('failure' in read) return read.failure.code === 'empty' ? [] : [read.failure.code];
  const { good, bad } = read.entries;
  expect(bad).toEqual([]);
  const rows = good.map(({ row }) => row);
  const verdicts = await person.run('importPreview', { rows });
  const taken = rows.flatMap((row, i) => {
    const verdict = verdicts[i];
    return verdict?.state === 'new' ? [{ row, seen: verdict.seen }] : [];
  });
  if (taken.length > 0) await person.run('importApply', { rows: taken });
  return verdicts.map(({ state }) => state);
}

property.prop([fc.array(step, { minLength: 5, maxLength: FULL ? 30 : 14 })], {
  numRuns: FULL ? 40 : 4,
})(
  'any sequence of edit, delete, undo, lock, death, export, import and restore keeps what was told',
  async (steps) => {
    const world = await World.start();
    const someone = () => new Person({ door: world.door, now: () => world.now });
    let person = someone();
    await person.create(VAULT);
    const model = new Map<string, Told>();

    const act: { [K in Step['is']]: (step: Extract<Step, { is: K }>) => Promise<unknown> } = {
      async save({ at, which }) {
        const [id, all] = TOLD[at] as (typeof TOLD)[number];
        const told = all[which] as Told;
        model.set(id, told);
        if (!id.startsWith('custom.')) return person.run('saveAttribute', { id, ...told });
        return person.run('saveOwn', { id, label: 'Bike', value: String(told.value) });
      },
      async remove({ at }) {
        const [id] = TOLD[at] as (typeof TOLD)[number];
        if (model.delete(id)) await person.run('removeAttribute', { id });
      },
      async 'remove-and-undo'({ at }) {
        const [id] = TOLD[at] as (typeof TOLD)[number];
        if (!model.has(id)) return;
        const undo = await person.run('removeAttribute', { id });
        await person.run('undo', { id: undo.id });
      },
      async confirm({ at }) {
        const [id] = TOLD[at] as (typeof TOLD)[number];
        const told = model.get(id);
        if (told && told.until !== '2020-06-30') await person.run('confirmAttribute', { id });
      },
      'worker-dies': async () => person.restart(),
      async lock() {
        await person.run('lock', {});
        await person.run('unlock', { passphrase: PASSPHRASE });
      },
      async 'import-here'() {
        const states = await importInto(person, await exportOf(person, false));
        expect(states).toEqual([...model].map(() => 'same'));
      },
      async 'import-elsewhere'() {
        const other = someone();
        await other.create(VAULT);
        const states = await importInto(other, await exportOf(person, true));
        expect(states).toEqual([...model].map(() => 'new'));
        person = other;
      },
      async 'restore-elsewhere'() {
        const other = someone();
        const { id } = await offer(other, await backupOf(person));
        await other.run('restoreNew', { id, passphrase: PASSPHRASE, vaultService: VAULT });
        person = other;
      },
    };

    for (const one of steps) {
      await (act[one.is] as (step: Step) => Promise<unknown>)(one);
      expect(await values(person)).toEqual([...model].sort(([a], [b]) => (a < b ? -1 : 1)));
      expect(await person.vault.integrity()).toMatchObject({ ok: true });
    }
  },
  FULL ? 900_000 : 90_000,
);
