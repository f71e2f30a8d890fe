import type { Ports } from './ports.ts';

/** Name of the alarm. */
export const READ = 'read';
/** Milliseconds between two looks at what is to be read, drawn uniformly. */
export const READ_PAUSE = { shortest: 60_000, longest: 8 * 60_000 } as const;

/**
 * Reads uses bit by bit while the vault is unlocked (SPEC §8.3 "Reading"): an alarm at a random moment, one grant for
 * each. Alarms live longer than the worker, so a start of it sets none where one is set.
 */
export class Reading {
  readonly #ports: Ports;

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  /** At every unlock and start of the worker. @param deadline of the vault; null when it is locked */
  async plan(deadline: number | null): Promise<void> {
    const { alarms } = this.#ports.browser;
    if (deadline === null) return this.stop();
    if ((await alarms.get(READ)) === undefined) await this.#next();
  }

  /** The alarm rang. */
  async take(): Promise<void> {
    const { vault, readDue } = this.#ports;
    if ((await vault.deadline()) === null) return this.stop();
    await this.#next();
    await readDue().catch(() => undefined);
  }

  async stop(): Promise<void> {
    await this.#ports.browser.alarms.clear(READ);
  }

  async #next(): Promise<void> {
    const { browser, now, random } = this.#ports;
    const { shortest, longest } = READ_PAUSE;
    await browser.alarms.create(READ, { when: now() + shortest + random() * (longest - shortest) });
  }
}
