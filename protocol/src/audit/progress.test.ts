import { afterEach, expect, test, vi } from 'vitest';
import { progressBar } from './progress.ts';

afterEach(() => vi.useRealTimers());

function terminal(isTTY: boolean) {
  const written: string[] = [];
  const stream = { isTTY, write: (text: string) => written.push(text) };
  return { written, stream: stream as unknown as NodeJS.WriteStream };
}

test('a terminal gets a bar that is gone in the end', () => {
  vi.useFakeTimers();
  const { written, stream } = terminal(true);
  const bar = progressBar(1000, 'entries', stream);
  bar.to(500);
  bar.to(501); // Too soon to be drawn again.
  expect(written).toEqual([
    `\r${'█'.repeat(15)}${'░'.repeat(15)}  50 % 500 of 1,000 entries\u001b[K`,
  ]);
  bar.end();
  expect(written.at(-1)).toBe('\r\u001b[K');
});

test('a file or a pipe gets nothing, and neither does work without an amount', () => {
  for (const [isTTY, total] of [
    [false, 1000],
    [true, 0],
  ] as const) {
    const { written, stream } = terminal(isTTY);
    const bar = progressBar(total, 'entries', stream);
    bar.to(total);
    bar.end();
    expect(written).toEqual([]);
  }
});
