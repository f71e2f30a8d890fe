import type { CommandError, CommandName, Commands, Reply } from '../messages.ts';
import { browser } from './browser.ts';

/** `no-answer`: the worker did not answer; what it did is not known. */
export type AskError = CommandError | 'no-answer';

export type Answer<T> = { ok: true; value: T } | { ok: false; code: AskError };

/** Milliseconds before each repetition while the worker is only starting. */
const START_UP = [50, 100, 200, 400, 800, 1600];

const NOBODY_LISTENS = /Could not establish connection|Receiving end does not exist/;

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/**
 * Asks the worker. A message that reached nobody is repeated, because a worker that is being started has no listener
 * yet; a message that may have arrived is never repeated, because not every command may run twice.
 */
export async function ask<C extends CommandName>(
  command: C,
  args: Commands[C][0],
): Promise<Answer<Commands[C][1]>> {
  for (const wait of [...START_UP, null]) {
    try {
      const reply = (await browser.runtime.sendMessage({ zusage: 'command', command, args })) as
        | Reply<Commands[C][1]>
        | undefined;
      if (reply && typeof reply.ok === 'boolean') return reply;
    } catch (error) {
      if (!NOBODY_LISTENS.test(String(error))) return { ok: false, code: 'no-answer' };
    }
    if (wait !== null) await pause(wait);
  }
  return { ok: false, code: 'no-answer' };
}

/** For commands that may run twice (`decide`: the first decision stands): asks until there is an answer. */
export async function askUntilAnswered<C extends CommandName>(
  command: C,
  args: Commands[C][0],
): Promise<Reply<Commands[C][1]>> {
  for (;;) {
    const answer = await ask(command, args);
    if (answer.ok) return answer;
    if (answer.code !== 'no-answer') return { ok: false, code: answer.code };
    await pause(1000);
  }
}
