import { signal } from '@preact/signals';
import type { CommandName, Commands, Status } from '../messages.ts';
import { type AskError, ask } from './ask.ts';

/** What the worker said last about the vault; null until it answered. */
export const status = signal<Status | null>(null);

/** What went wrong last, until the next command succeeds. */
export const failure = signal<AskError | null>(null);

/** What a screen reader is told politely after something succeeded. */
export const said = signal('');

export async function loadStatus(): Promise<void> {
  const answer = await ask('status', {});
  if (answer.ok) status.value = answer.value;
  else failure.value = answer.code;
}

/**
 * Runs a command for the screen: the value, or null when it failed and `failure` says why. A vault that turned out
 * to be locked brings its form back.
 */
export async function run<C extends CommandName>(
  command: C,
  args: Commands[C][0],
): Promise<Commands[C][1] | null> {
  const answer = await ask(command, args);
  if (answer.ok) {
    failure.value = null;
    return answer.value;
  }
  failure.value = answer.code;
  if (answer.code === 'locked' || answer.code === 'none') await loadStatus();
  return null;
}
