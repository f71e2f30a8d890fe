import { signal } from '@preact/signals';
import type { CommandName, Commands, Status } from '../messages.ts';
import { type AskError, ask } from './ask.ts';

/** What the worker said last about the vault; null until it answered. */
export const status = signal<Status | null>(null);

/** A newer vault's status does not say whether it is locked; the first command that needed its key does. */
export const shut = signal(false);

/** What went wrong last, until the next command succeeds. `unreadable`: the file that was chosen; nothing was asked. */
export const failure = signal<AskError | 'unreadable' | null>(null);

/** What a screen reader is told politely after something succeeded. */
export const said = signal('');

/** Says it also when the same was said last: what does not change is not read out again. */
export function say(words: string): void {
  said.value = words === said.value ? `${words}\u00a0` : words;
}

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
  const { code } = answer;
  if (code === 'locked' || code === 'none') {
    // The form says it.
    failure.value = null;
    shut.value = code === 'locked';
    await loadStatus();
  } else failure.value = code;
  return null;
}
