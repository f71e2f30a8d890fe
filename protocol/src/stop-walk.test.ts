import { expect, test } from 'vitest';
import { decodeBase64url } from './bytes.ts';
import { newStopRoot, stopValue } from './stop.ts';
import { isWalkDone, STOP_WALK_BEGIN, type StopAnswer, walkStopSheet } from './stop-walk.ts';

const root = newStopRoot();
const numbers = Promise.all(Array.from({ length: 80 }, (_, i) => stopValue(root, i)));

/** A service that knows these numbers, and gives no answer to those. */
async function service(known: readonly number[], silent: readonly number[] = []) {
  const values = await numbers;
  const asked: number[] = [];
  const quiet = new Set(silent);
  const send = async (value: string): Promise<StopAnswer> => {
    const i = values.indexOf(value);
    asked.push(i);
    return quiet.delete(i) ? null : { known: known.includes(i) };
  };
  return { asked, send };
}
const walk = (send: (value: string) => Promise<StopAnswer>, from = STOP_WALK_BEGIN) =>
  walkStopSheet(decodeBase64url(root), from, send, () => undefined);

test('every number that the sheet was used for is found, with gaps of up to nineteen', async () => {
  const { asked, send } = await service([0, 1, 5, 25]);
  const end = await walk(send);
  expect(end).toEqual({ next: 46, ended: 4, missed: 20 });
  expect(isWalkDone(end)).toBe(true);
  expect(asked).toEqual(Array.from({ length: 46 }, (_, i) => i));
});

test('a sheet that was never used ends after twenty', async () => {
  const { asked, send } = await service([]);
  expect(await walk(send)).toEqual({ next: 20, ended: 0, missed: 20 });
  expect(asked).toHaveLength(20);
});

test('without an answer it stops, and goes on where it was', async () => {
  const { asked, send } = await service([0, 1, 2, 3], [2]);
  const broken = await walk(send);
  expect(broken).toEqual({ next: 2, ended: 2, missed: 0 });
  expect(isWalkDone(broken)).toBe(false);
  expect(await walk(send, broken)).toEqual({ next: 24, ended: 4, missed: 20 });
  expect(asked.slice(0, 5)).toEqual([0, 1, 2, 2, 3]);
});
