/** The worker dies at every step of a move to another vault service: it is the old one or the new one, never half. */
import { beforeAll, expect, test } from 'vitest';
import type { Services } from '../sharing/services.ts';
import { VAULT as NEW, World } from '../sharing/world.fixture.ts';
import { type Death, dieAt, moments, reborn } from '../vault/death.fixture.ts';
import type { ServiceRecord } from '../vault/records.ts';
import { type Bench, shoe, unlockedBench } from '../vault/vault.fixture.ts';
import { moveCommands } from './move-service.ts';

const OLD = 'https://old.example';
const ROOT = 'AAAAAAAAAAAAAAAAAAAAAA';
const PINNED_ON = 1;
const pinned: ServiceRecord = { origin: OLD, keys: [], logVkey: '', pinnedAt: PINNED_ON };

let world: World;
beforeAll(async () => {
  world = await World.start();
});

/** A vault at the old service, of which a sheet was printed and grants were counted. */
async function atTheOld(): Promise<Bench> {
  const bench = await unlockedBench();
  await bench.vault.putAll([
    { kind: 'service', key: OLD, value: pinned },
    { kind: 'attribute', key: 'size.shoe', value: shoe('EU 42') },
  ]);
  await bench.changeSettings({ vaultService: OLD, stopRoot: ROOT, nextStopIndex: 7 });
  return bench;
}

/** A person who was at the new service before. */
async function onceAtTheNew(): Promise<Bench> {
  const bench = await atTheOld();
  await move(bench);
  const known = await bench.vault.get('service', NEW);
  await bench.vault.put('service', NEW, { ...(known as ServiceRecord), pinnedAt: PINNED_ON });
  await bench.changeSettings({ vaultService: OLD, stopRoot: ROOT, nextStopIndex: 7 });
  return bench;
}

function move({ vault, clock }: Bench, death?: Death): Promise<unknown> {
  const door: World['door'] = (...call) =>
    death === undefined ? world.door(...call) : death.meet(() => world.door(...call));
  const services = { vault, door, now: () => clock.now / 1000, options: {} };
  return moveCommands(services as unknown as Services).moveService({ vaultService: NEW });
}

/** @returns whether the vault is at the new service */
async function isMoved(bench: Bench): Promise<boolean> {
  const { vaultService, stopRoot, nextStopIndex } = await bench.settings();
  const moved = vaultService === NEW;
  // The sheet, its count and the service belong together.
  expect({ vaultService, isOldRoot: stopRoot === ROOT, nextStopIndex }).toEqual(
    moved
      ? { vaultService: NEW, isOldRoot: false, nextStopIndex: 0 }
      : { vaultService: OLD, isOldRoot: true, nextStopIndex: 7 },
  );
  // Never at a service that is not pinned; and of one that was, what is pinned is not taken from a move that failed.
  const known = await bench.vault.get('service', NEW);
  expect(known !== undefined && known.pinnedAt !== PINNED_ON).toBe(moved);
  expect(await bench.vault.get('service', OLD)).toEqual(pinned);
  expect(await bench.vault.get('attribute', 'size.shoe')).toEqual(shoe('EU 42'));
  expect((await bench.vault.integrity()).ok).toBe(true);
  return moved;
}

test.each([
  { name: 'a new one', begin: atTheOld },
  { name: 'one where the person was before', begin: onceAtTheNew },
])(
  'a move to $name: a worker that dies at any step leaves the old service or the new one',
  async ({ begin }) => {
    const counted = await begin();
    const dry = dieAt(counted, 0);
    await move(counted, dry);
    const steps = dry.steps();
    expect(steps).toBeGreaterThan(5);
    expect(await isMoved(counted)).toBe(true);
    const ends = new Set<boolean>();
    for (const [at, fate] of moments(steps)) {
      const bench = await begin();
      const death = dieAt(bench, at, fate);
      const outcome = await move(bench, death).then(
        () => 'done',
        () => 'failed',
      );
      expect(death.struck()).toBe(true);
      reborn(bench);
      try {
        const moved = await isMoved(bench);
        ends.add(moved);
        if (outcome === 'done') expect(moved).toBe(true);
        // Said again it is carried out; said once more it changes nothing, and the new sheet holds.
        await move(bench);
        expect(await isMoved(bench)).toBe(true);
        const { stopRoot } = await bench.settings();
        await move(bench);
        expect((await bench.settings()).stopRoot).toBe(stopRoot);
      } catch (error) {
        throw new Error(`step ${at} (${fate}) of ${steps}, ${outcome}`, { cause: error });
      }
    }
    // A table in which everything ends alike would have looked at one side only.
    expect([...ends].sort()).toEqual([false, true]);
  },
  process.env['FULL'] === '1' ? 300_000 : 60_000,
);
