import { rename } from 'node:fs/promises';
import { CommandError } from './commands/command.ts';
import type { Config } from './config.ts';
import { loadKeys, logOrigin } from './keys.ts';
import { headFile } from './log/head-file.ts';
import { compareHead } from './log/publish.ts';
import { checkpointSigner } from './log-writer.ts';
import { headFilePath } from './service.ts';
import type { Store } from './store/port.ts';

/**
 * The way out of quarantine: the log that was lost in part is not continued. Another one begins, whose first entry names
 * the last checkpoint that was published of the old one; what is not known any more is suspended.
 * @param origin of the new log, as a confirmation
 * @returns a sentence for the operator
 * @throws CommandError, PrivateFileError, StoreError
 */
export async function followLog(store: Store, config: Config, origin: string): Promise<string> {
  const issuer = config.issuer ?? `http://${config.host}:${config.port}`;
  const from = await store.logHead();
  const keys = await loadKeys(config.data);
  const path = headFilePath(config);
  const file = headFile(path);
  if ((await compareHead(store, checkpointSigner(issuer, keys, from.log), file)) === 'same') {
    throw new CommandError(
      'The log is the one that was published last; there is none to follow it.',
    );
  }
  const note = (await file.read()) ?? (await store.published())?.note ?? null;
  const log = Math.max(from.log, numberIn(note)) + 1;
  const expected = logOrigin(issuer, log);
  if (origin !== expected) {
    throw new CommandError(`The log that follows is ${expected}; say its name to begin it.`);
  }
  const body = { origin: note?.split('\n')[0] ?? logOrigin(issuer, from.log), checkpoint: note };
  const first = { type: 'log-follows', body };
  const now = Math.floor(Date.now() / 1000);
  if (!(await store.followLog({ from, log, first, now }))) {
    throw new CommandError('The log goes on meanwhile; stop the service first.');
  }
  await rename(path, `${path}.before-log-${log}`).catch(ignoreMissing);
  return `${expected} begins when the service starts.`;
}

/** The number of a log in the origin that a note begins with. */
function numberIn(note: string | null): number {
  return Number(/^\S+\/log-([0-9]{1,9})\n/.exec(note ?? '')?.[1] ?? 1);
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}
