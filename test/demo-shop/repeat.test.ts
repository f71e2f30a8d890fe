import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { repeat } from './repeat.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('an act is repeated at its interval, for as long as nobody stops it', async () => {
  const act = vi.fn(async () => {});
  const repeated = repeat(act, 3600);
  await vi.advanceTimersByTimeAsync(3_599_999);
  expect(act).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  expect(act).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(24 * 3_600_000);
  expect(act).toHaveBeenCalledTimes(25);
  await repeated.stop();
  await vi.advanceTimersByTimeAsync(24 * 3_600_000);
  expect(act).toHaveBeenCalledTimes(25);
});

test('a slow act is never run twice at once, and stopping waits for it', async () => {
  let finish = () => {};
  const act = vi.fn(
    () =>
      new Promise<void>((resolve) => {
        finish = resolve;
      }),
  );
  const repeated = repeat(act, 60);
  await vi.advanceTimersByTimeAsync(600_000);
  expect(act).toHaveBeenCalledTimes(1);
  let stopped = false;
  const stopping = repeated.stop().then(() => {
    stopped = true;
  });
  await vi.advanceTimersByTimeAsync(0);
  expect(stopped).toBe(false);
  finish();
  await stopping;
  await vi.advanceTimersByTimeAsync(600_000);
  expect(act).toHaveBeenCalledTimes(1);
});
