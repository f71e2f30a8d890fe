import { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { addBrand, openLogStore } from '../testing/log-store.ts';
import { wholeLog } from '../testing/whole-log.ts';
import type { HeadFile } from './head-file.ts';
import { compareHead, LogDamage, publishHead } from './publish.ts';

type Log = Awaited<ReturnType<typeof openLogStore>>;
let log: Log;
beforeEach(async () => {
  log = await openLogStore();
});
afterEach(() => log.remove());

const sizeIn = (note: string | null) => Number(note?.split('\n')[1]);

test.each([false, true])(
  'the file of the head cannot be written (carried out: %s): nothing is published until it can be',
  async (persisted) => {
    await publishHead(log.store, log.signer, log.file);
    await addBrand(log.store, 'shop', log.clock.now);
    const broken: HeadFile = {
      ...log.file,
      write: async (note) => {
        if (persisted) await log.file.write(note);
        throw new Error('disk I/O error');
      },
    };
    await expect(publishHead(log.store, log.signer, broken)).rejects.toThrow('disk I/O error');
    expect((await log.store.published())?.size).toBe(0);
    expect(sizeIn(await log.file.read())).toBe(persisted ? 1 : 0);
    // Either way a start finds nothing wrong, and publishes the same note.
    expect(await compareHead(log.store, log.signer, log.file)).toBe('same');
    expect(await publishHead(log.store, log.signer, log.file)).toBe(true);
    expect((await log.store.published())?.note).toBe(await log.file.read());
    expect(await publishHead(log.store, log.signer, log.file)).toBe(false);
  },
);

test('a head that does not follow from the tiles is not published', async () => {
  await addBrand(log.store, 'shop', log.clock.now);
  const tile = async () => Buffer.alloc(32, 7);
  const store = { ...log.store, logTile: tile };
  await expect(publishHead(store, log.signer, log.file)).rejects.toThrow(LogDamage);
  const head = await log.store.logHead();
  const other = { ...log.store, logHead: async () => ({ ...head, root: Buffer.alloc(32, 7) }) };
  await expect(publishHead(other, log.signer, log.file)).rejects.toThrow(LogDamage);
  expect(await log.store.published()).toBeNull();
});

test('two processes that write one log make one log', { timeout: 60_000 }, async () => {
  const changes = 400;
  const racers = ['one', 'other'].map(
    (name) =>
      new Promise<number>((resolve, reject) => {
        const script = new URL('../testing/log-racer.ts', import.meta.url);
        const worker = new Worker(script, { workerData: { data: log.data, name, changes } });
        worker.once('error', reject).once('exit', resolve);
      }),
  );
  let publications = 0;
  const outcomes = Promise.all(racers);
  let isOver = false;
  outcomes.finally(() => {
    isOver = true;
  });
  while (!isOver) {
    if (await publishHead(log.store, log.signer, log.file)) publications++;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  expect(await outcomes).toEqual([0, 0]);
  await addBrand(log.store, 'last', log.clock.now);
  await publishHead(log.store, log.signer, log.file);
  const { entries, faults } = wholeLog(log.data);
  expect(faults).toEqual([]);
  expect(entries).toHaveLength(2 * changes + 1);
  expect(publications).toBeGreaterThan(0);
});

test('a clock that runs backwards beyond a minute stops the log, and time in it never goes back', async () => {
  await addBrand(log.store, 'one', log.clock.now);
  log.clock.now -= 60;
  await addBrand(log.store, 'two', log.clock.now);
  log.clock.now -= 1;
  await addBrand(log.store, 'three', log.clock.now);
  expect((await log.store.logHead()).size).toBe(2);
  const minutes = () => wholeLog(log.data).entries.map((entry) => JSON.parse(entry).t as string);
  expect(new Set(minutes()).size).toBe(1);
  expect(await log.store.logQueueDepth()).toBe(1);
  log.clock.now += 61;
  await log.store.sequence();
  expect(await log.store.logQueueDepth()).toBe(0);
});
