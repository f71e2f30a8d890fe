import { setTimeout } from 'node:timers/promises';
import type { Store } from '../store/port.ts';
import type { HeadFile } from './head-file.ts';
import type { NoteSigner } from './note.ts';
import { publishHead } from './publish.ts';

/** Milliseconds between two looks at what waits and what is to be published. */
const INTERVAL = 200;

/** What is waited for between two looks; it must end when the signal does. */
export type Rest = (stopping: AbortSignal) => Promise<void>;

const aWhile: Rest = (signal) =>
  setTimeout(INTERVAL, undefined, { signal, ref: false }).catch(() => {});

export type LogKeeper = {
  /** Stops after what is under way, and publishes what there is. */
  close(): Promise<void>;
};

/**
 * Sees to it that what waits gets its index and what has one is published, again and again.
 * @param everySecond what else has to happen now and then, before the look
 * @param onFailure told of what went wrong; the next look tries again
 */
export function keepLog({
  store,
  signer,
  file,
  everySecond,
  onFailure,
  rest = aWhile,
}: {
  readonly store: Store;
  readonly signer: NoteSigner;
  readonly file: HeadFile;
  readonly everySecond: () => Promise<void>;
  readonly onFailure: (error: unknown) => void;
  readonly rest?: Rest | undefined;
}): LogKeeper {
  const stopping = new AbortController();

  async function look(): Promise<void> {
    while (await store.noteChecks()) {
      // Each step lets others in between.
    }
    while ((await store.logQueueDepth()) > 0) {
      if (!(await store.sequence())) break;
    }
    await publishHead(store, signer, file);
  }

  async function guarded(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      onFailure(error);
    }
  }

  async function keep(): Promise<void> {
    await guarded(async () => {
      await store.sequence();
    });
    for (let count = 0; !stopping.signal.aborted; count++) {
      if ((count * INTERVAL) % 1000 === 0) await guarded(everySecond);
      await guarded(look);
      await rest(stopping.signal);
    }
    await guarded(look);
  }

  const kept = keep();
  return {
    close: async () => {
      stopping.abort();
      await kept;
    },
  };
}
