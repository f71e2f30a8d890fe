import { type ParseArgsConfig, parseArgs } from 'node:util';
import { TlogError } from '../tlog/errors.ts';
import { parseTlogProof } from '../tlog/tlog-proof.ts';
import { UsageError } from './finding.ts';
import { headOf, isFinding, type PublishedHead } from './heads.ts';
import { jsonOf } from './material.ts';
import { SOURCE_DEFAULTS, type SourceOptions } from './source.ts';
import type { Trusted } from './trust.ts';
import { readUserFile } from './user-file.ts';

/** Options of every command that reads a log. */
export const LOG_OPTIONS = {
  key: { type: 'string' },
  witness: { type: 'string', multiple: true },
  quorum: { type: 'string' },
  known: { type: 'string', multiple: true },
  timeout: { type: 'string' },
  concurrency: { type: 'string' },
  patience: { type: 'string' },
  json: { type: 'boolean' },
} as const satisfies ParseArgsConfig['options'];

/** @throws UsageError for an unknown option, or one without its value */
export function parseOptions<const O extends NonNullable<ParseArgsConfig['options']>>(
  args: readonly string[],
  options: O,
) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : 'The options are wrong.');
  }
}

/** The one word after the command. @throws UsageError */
export function onePositional(positionals: readonly string[], what: string): string {
  const [word, ...more] = positionals;
  if (word === undefined || more.length > 0) throw new UsageError(`Name exactly one ${what}.`);
  return word;
}

/** @throws UsageError */
export function wholeNumber(value: string, name: string, max: number, min = 1): number {
  const number = Number(value);
  if (!/^[0-9]+$/.test(value) || number < min || number > max) {
    throw new UsageError(`--${name} must be a whole number from ${min} to ${max}.`);
  }
  return number;
}

export function sourceOptions(values: {
  timeout?: string | undefined;
  concurrency?: string | undefined;
  patience?: string | undefined;
}): SourceOptions {
  const { timeout, concurrency, patience } = values;
  return {
    ...SOURCE_DEFAULTS,
    ...(timeout !== undefined && { timeout: wholeNumber(timeout, 'timeout', 600) * 1000 }),
    ...(concurrency !== undefined && {
      concurrency: wholeNumber(concurrency, 'concurrency', 64),
    }),
    ...(patience !== undefined && { patience: wholeNumber(patience, 'patience', 600, 0) * 1000 }),
  };
}

/** Checkpoints that the user kept: signed notes, .tlog-proof files, or a monitor's state. @throws UsageError */
export async function knownHeads(
  files: readonly string[],
  trust: Trusted,
): Promise<PublishedHead[]> {
  const heads: PublishedHead[] = [];
  for (const file of files) {
    for (const note of notesIn(readUserFile(file, 8 << 20), file)) {
      const head = await headOf(note, file, trust);
      if (isFinding(head))
        throw new UsageError(`${file} is no checkpoint of this log (${head.detail}).`);
      heads.push(head);
    }
  }
  return heads;
}

/** A wallet's evidence (SPEC §17.8) holds two that contradict each other: whichever the log denies is the point. */
function notesIn(text: string, file: string): string[] {
  if (text.startsWith('{')) {
    const { note, other_note: other } = jsonOf(text, file) as { [member: string]: unknown };
    const notes = [note, other].filter((one) => typeof one === 'string');
    if (notes.length === 0) throw new UsageError(`${file} holds no checkpoint.`);
    return notes;
  }
  if (!text.startsWith('c2sp.org/tlog-proof@')) return [text];
  try {
    return [parseTlogProof(text).note];
  } catch (error) {
    if (!(error instanceof TlogError)) throw error;
    throw new UsageError(`${file} is no .tlog-proof (${error.code}).`);
  }
}
