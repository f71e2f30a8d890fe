import type { Browser } from 'webextension-polyfill';
import type { CommandName } from '../messages.ts';
import type { Sharing } from '../sharing/types.ts';
import type { Vault } from '../vault/vault.ts';

/** The world as this half of the worker sees it; `entrypoints/background.ts` gives it the browser's. */
export type Ports = {
  browser: Browser;
  sharing: Sharing;
  /** The vault's part of the commands (`src/commands`). Validates its arguments itself. */
  handle: (command: CommandName, args: unknown) => Promise<unknown>;
  /** Reads what the service knows about one grant whose time has come (`src/commands/read-due.ts`). */
  readDue: () => Promise<void>;
  vault: Pick<Vault, 'state' | 'deadline' | 'lock' | 'isBlocked' | 'update' | 'get' | 'erase'>;
  /** Milliseconds since 1970. */
  now: () => number;
  /** Uniform in (0, 1], unpredictable to a page. */
  random: () => number;
  /** Builds for development and tests: http on loopback counts as https. */
  loopback: boolean;
  /** What drawn answer times are divided by: 1, except in the e2e build. */
  answerDivisor: () => Promise<number>;
};
