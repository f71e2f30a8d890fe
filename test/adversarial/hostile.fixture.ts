/** How often, and with what result, somebody without the key is let in. Few runs by default; `FULL=1` for many. */
import { readFileSync } from 'node:fs';
import { type ErrorCode, isZusageError } from '@zusage/protocol/errors';
import { vi } from 'vitest';
import { CHECKS } from '../../protocol/vectors/check.ts';

const isFull = process.env['FULL'] === '1';
if (isFull) vi.setConfig({ testTimeout: 600_000 });

/** @param few runs in every `npm test`; twenty times as many with `FULL=1` */
export const runs = (few: number) => ({ numRuns: isFull ? few * 20 : few });

/** `accepted`, or the code of a refusal. Anything else that is thrown is a bug, and is thrown on. */
export async function outcome(work: () => unknown): Promise<'accepted' | ErrorCode> {
  try {
    await work();
    return 'accepted';
  } catch (error) {
    if (isZusageError(error)) return error.code;
    throw error;
  }
}

type Vector = { check: string; input: Record<string, unknown> };

/** A valid vector: a message with the world in which it is accepted. */
export function vector(name: string): Vector {
  const file = new URL(`../../protocol/vectors/valid/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8')) as Vector;
}

/** The outcome of a vector's check over its input with some members replaced. */
export const checked = ({ check, input }: Vector, replaced: object = {}) =>
  outcome(() => CHECKS[check]?.({ ...input, ...replaced }));
