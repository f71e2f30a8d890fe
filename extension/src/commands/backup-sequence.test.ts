/** Whatever a person does, in whatever order, the vault holds what a plain map would hold. */
import { fc, test as property } from '@fast-check/vitest';
import { beforeAll, expect } from 'vitest';
import { backupOf, exportOf, offer } from '../backup/transfer.fixture.ts';
import type { ImportRow, ImportVerdict } from '../messages.ts';
import { PASSPHRASE, Person } from '../sharing/person.fixture.ts';
import { VAULT, World } from '../sharing/world.fixture.ts';

const VALUES = {
  'size.shoe': ['EU 41', 'EU 42', 'EU 43'],
  'preference.coffee-roast': ['light', 'dark', 'espresso'],
  'preference.coffee-flavour': [['nutty'], ['fruity', 'spicy'], ['caramel', 'floral']],
} as const;
type Id = keyof typeof VALUES;
type Model = Partial<Record<string, unknown>>;
const IDS = Object.keys(VALUES) as Id[];
const isFull = process.env['FULL'] === '1';

let world: World;
beforeAll(async () => {
  world = await World.start();
});

/** A vault under test, what it should hold, and what was saved of it so far. */
class Run {
  person = new Person({ door: world.door, now: () => world.now });
  model: Model = {};
  saved: { file: Uint8Array; model: Model }[] = [];
  exported: { attributes: ImportRow[]; model: Model }[] = [];

  /** One that was saved, by any number; undefined when none was. */
  static pick<T>(all: readonly T[], n: number): T | undefined {
    return all[n % Math.max(all.length, 1)];
  }

  async held(): Promise<Model> {
    const all = await this.person.vault.all('attribute');
    expect((await this.person.vault.integrity()).ok).toBe(true);
    return Object.fromEntries(all.map(({ id, value }) => [id, value]));
  }
}

type Step = (run: Run) => Promise<void>;

const id = fc.constantFrom(...IDS);

const edit = fc.tuple(id, fc.nat(2)).map(([key, n]): [string, Step] => [
  `edit ${key} ${n}`,
  async (run) => {
    const value = VALUES[key][n as 0 | 1 | 2];
    const given = typeof value === 'string' ? value : [...value];
    await run.person.run('saveAttribute', { id: key, value: given });
    run.model = { ...run.model, [key]: given };
  },
]);

const remove = id.map((key): [string, Step] => [
  `remove ${key}`,
  async (run) => {
    if (!(key in run.model)) return;
    await run.person.run('removeAttribute', { id: key });
    const { [key]: _, ...rest } = run.model;
    run.model = rest;
  },
]);

const lock = fc.boolean().map((browser): [string, Step] => [
  `lock${browser ? ' by closing the browser' : ''}`,
  async (run) => {
    if (browser) run.person.restart({ browser });
    else await run.person.run('lock', {});
    await expect(run.person.run('attributes', {})).rejects.toMatchObject({ code: 'locked' });
    await run.person.run('unlock', { passphrase: PASSPHRASE });
  },
]);

const die = fc.constant<[string, Step]>(['die', async (run) => run.person.restart()]);

const backup = fc.constant<[string, Step]>([
  'backup',
  async (run) => {
    run.saved.push({ file: await backupOf(run.person), model: run.model });
  },
]);

const restore = fc.tuple(fc.nat(9), fc.subarray(IDS)).map(([n, theirs]): [string, Step] => [
  `restore ${n}, theirs ${theirs}`,
  async (run) => {
    const from = Run.pick(run.saved, n);
    if (from === undefined) return;
    const { id, view } = await offer(run.person, from.file);
    const differs = IDS.filter(
      (key) =>
        key in run.model &&
        key in from.model &&
        JSON.stringify(run.model[key]) !== JSON.stringify(from.model[key]),
    );
    expect(view.conflicts.map((conflict) => conflict.id).sort()).toEqual(differs.sort());
    await run.person.run('restoreBackup', { id, theirs: [...theirs], blocks: false });
    const taken = Object.fromEntries(
      theirs.filter((key) => key in from.model).map((key) => [key, from.model[key]]),
    );
    run.model = { ...from.model, ...run.model, ...taken };
  },
]);

const elsewhere = fc.nat(9).map((n): [string, Step] => [
  `restore ${n} in a new browser`,
  async (run) => {
    const from = Run.pick(run.saved, n);
    if (from === undefined) return;
    run.person = new Person({ door: world.door, now: () => world.now });
    const { id } = await offer(run.person, from.file);
    await run.person.run('restoreNew', { id, passphrase: PASSPHRASE, vaultService: VAULT });
    run.model = from.model;
  },
]);

const save = fc.constant<[string, Step]>([
  'export',
  async (run) => {
    const { attributes } = await exportOf(run.person, false);
    run.exported.push({ attributes: attributes as ImportRow[], model: run.model });
  },
]);

/** All of an export that does not stand against what is there, and all that the person chose of the rest. */
const bringBack = fc.tuple(fc.nat(9), fc.boolean()).map(([n, over]): [string, Step] => [
  `import ${n}${over ? ' over what is there' : ''}`,
  async (run) => {
    const from = Run.pick(run.exported, n);
    if (from === undefined || from.attributes.length === 0) return;
    const rows = from.attributes.map(({ id, value }) => ({ id, value }));
    const verdicts = await run.person.run('importPreview', { rows });
    const wanted = rows.flatMap((row, i) => {
      const verdict = verdicts[i] as ImportVerdict;
      const isWanted = verdict.state === 'new' || (over && verdict.state === 'conflict');
      return isWanted && 'seen' in verdict ? [{ row, seen: verdict.seen }] : [];
    });
    if (wanted.length > 0) await run.person.run('importApply', { rows: wanted });
    run.model = over ? { ...run.model, ...from.model } : { ...from.model, ...run.model };
  },
]);

const step = fc.oneof(
  { weight: 4, arbitrary: edit },
  { weight: 2, arbitrary: remove },
  lock,
  die,
  { weight: 2, arbitrary: backup },
  { weight: 2, arbitrary: restore },
  elsewhere,
  save,
  { weight: 2, arbitrary: bringBack },
);

property.prop([fc.array(step, { minLength: 3, maxLength: isFull ? 30 : 10 })], {
  numRuns: isFull ? 40 : 3,
})(
  'any sequence of edit, lock, unlock, export, import, backup and restore gives the same vault',
  async (steps) => {
    const run = new Run();
    await run.person.create(VAULT);
    for (const [name, act] of steps) {
      await act(run);
      expect(await run.held(), name).toEqual(run.model);
    }
    run.person.restart({ browser: true });
    await run.person.unlock();
    expect(await run.held()).toEqual(run.model);
  },
  isFull ? 900_000 : 180_000,
);
