import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { newStopRoot, stopHash, stopValue } from './stop.ts';

const vectors = JSON.parse(
  readFileSync(new URL('../vectors/stop.json', import.meta.url), 'utf8'),
) as { stop_root: string; stop: { i: number; S: string; stop: string }[] };

test('the independent vectors of the stop sheet hold, value and hash', async () => {
  expect(vectors.stop).toHaveLength(5);
  for (const { i, S, stop } of vectors.stop) {
    expect(await stopValue(vectors.stop_root, i)).toBe(S);
    expect(await stopHash(S)).toBe(stop);
  }
});

test('a root of the wrong length, a number out of range, a value of the wrong length: stop/shape', async () => {
  const refused = { code: 'stop/shape' };
  await expect(stopValue('AAAA', 0)).rejects.toMatchObject(refused);
  await expect(stopValue(newStopRoot(), -1)).rejects.toMatchObject(refused);
  await expect(stopValue(newStopRoot(), 2 ** 32)).rejects.toMatchObject(refused);
  await expect(stopHash('AAAA')).rejects.toMatchObject(refused);
});
