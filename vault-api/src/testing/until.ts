import { setTimeout } from 'node:timers/promises';

/** Milliseconds between two looks. */
const PAUSE = 10;

/** Waits for what comes about by itself. It has no limit of its own: how fast a machine is, no test can know. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await setTimeout(PAUSE);
}
