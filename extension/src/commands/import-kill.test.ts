/** The worker dies at every step of an import and of its undo. Afterwards all of it is there, or nothing. */
import { expect, test } from 'vitest';
import type { HeldAttribute } from '../sharing/attribute-lookup.ts';
import type { Services } from '../sharing/services.ts';
import { dieAt, moments, reborn } from '../vault/death.fixture.ts';
import { type Bench, shoe, unlockedBench } from '../vault/vault.fixture.ts';
import { importCommands } from './import.ts';
import { undoCommands } from './undo.ts';

const servicesOf = ({ vault, clock }: Bench) =>
  ({
    vault,
    now: () => clock.now / 1000,
    lang: 'en',
    words: (key: string) => key,
  }) as unknown as Services;

const ROWS = [
  { row: { id: 'size.shoe', value: 'EU 43' }, seen: { value: 'EU 42' } },
  { row: { id: 'size.jacket', value: 'M' }, seen: null },
  { row: { id: 'preference.coffee-roast', value: 'dark' }, seen: null },
];
const OLD = ['size.shoe=EU 42'];
const NEW = ['preference.coffee-roast=dark', 'size.jacket=M', 'size.shoe=EU 43'];

async function filled(): Promise<Bench> {
  const bench = await unlockedBench();
  await bench.vault.put('attribute', 'size.shoe', shoe('EU 42'));
  return bench;
}

const imported = (bench: Bench) => importCommands(servicesOf(bench)).importApply({ rows: ROWS });

async function held({ vault }: Bench): Promise<string[]> {
  const records: HeldAttribute[] = await vault.all('attribute');
  expect((await vault.integrity()).ok).toBe(true);
  return records.map(({ id, value }) => `${id}=${value}`).sort();
}

const undos = (bench: Bench) => undoCommands(servicesOf(bench)).undos({});
const undo = (bench: Bench, id: string) => undoCommands(servicesOf(bench)).undo({ id });

const CASES = [
  {
    name: 'an import',
    begin: filled,
    act: imported,
    async holds(bench: Bench) {
      const kept = await undos(bench);
      expect(await held(bench)).toEqual(kept.length === 0 ? OLD : NEW);
      for (const { id } of kept) await undo(bench, id);
      expect(await held(bench)).toEqual(OLD);
    },
  },
  {
    name: 'the undo of an import',
    async begin() {
      const bench = await filled();
      await imported(bench);
      return bench;
    },
    async act(bench: Bench) {
      const [last] = await undos(bench);
      await undo(bench, last?.id ?? '');
    },
    async holds(bench: Bench) {
      const kept = await undos(bench);
      expect(await held(bench)).toEqual(kept.length === 0 ? OLD : NEW);
    },
  },
];

test.each(CASES)(
  '$name: a worker that dies at any step leaves all or nothing',
  async ({ begin, act, holds }) => {
    const counted = await begin();
    const dry = dieAt(counted, 0);
    await act(counted);
    expect(dry.steps()).toBeGreaterThan(3);
    for (const [at, fate] of moments(dry.steps())) {
      const bench = await begin();
      const death = dieAt(bench, at, fate);
      const outcome = await act(bench).then(
        () => 'done',
        () => 'failed',
      );
      expect(death.struck()).toBe(true);
      reborn(bench);
      try {
        await holds(bench);
      } catch (error) {
        throw new Error(`step ${at} (${fate}) of ${dry.steps()}, ${outcome}`, { cause: error });
      }
    }
  },
  process.env['FULL'] === '1' ? 300_000 : 60_000,
);
