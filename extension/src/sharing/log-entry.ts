import type { LogView } from '../messages.ts';
import type { LogRecord } from '../vault/records.ts';
import type { Services } from './services.ts';

/** An entry of the person's own log: names of attributes and purposes, never values. */
export type LogEntry = Omit<LogRecord, 'event'> & {
  readonly id: string;
  /** Milliseconds since 1970: the order of entries of the same second, and nothing else. */
  readonly order: number;
  readonly event: LogView['event'];
  readonly site: string;
  /** IRIs. */
  readonly purposes: readonly string[];
  /** How often on that day, for `used` and `listed`. */
  readonly count?: number;
  /** The exact text of the prompt, without values. */
  readonly text?: string;
};

export type LogFacts = Omit<LogEntry, 'id' | 'at' | 'order'>;

/**
 * @param id one entry for each: a repeated step writes the same entry again
 * @throws VaultError `vault/locked`, `vault/storage`, …
 */
export async function log(
  { vault, now }: Services,
  facts: LogFacts,
  id: string = crypto.randomUUID(),
): Promise<void> {
  if ((await vault.get('log', id)) !== undefined) return;
  const entry: LogEntry = { ...facts, id, at: now(), order: Date.now() };
  await vault.put('log', id, entry as LogRecord);
}
