import './browser-in-node.ts';

import { afterEach, expect, test } from 'vitest';
import { ask, askUntilAnswered } from './ask.ts';
import { worker } from './browser-in-node.ts';

const nobody = () => Promise.reject(new Error('Could not establish connection.'));
const lost = () => Promise.reject(new Error('The message port closed before a response.'));

let asked: unknown[] = [];
afterEach(() => {
  asked = [];
});

/** Answers with each step in turn, the last one for ever. */
function answers(...steps: (() => Promise<unknown>)[]) {
  worker.answer = (message) => {
    asked.push(message);
    return (steps[asked.length - 1] ?? steps.at(-1) ?? nobody)();
  };
}

test('a command carries its name and arguments, and its reply comes back as it is', async () => {
  answers(async () => ({ ok: false, code: 'wrong-passphrase' }));
  expect(await ask('unlock', { passphrase: 'x' })).toEqual({ ok: false, code: 'wrong-passphrase' });
  expect(asked).toEqual([{ zusage: 'command', command: 'unlock', args: { passphrase: 'x' } }]);
});

test('a worker that is only starting is asked again', async () => {
  answers(
    nobody,
    async () => undefined,
    async () => ({ ok: true, value: [] }),
  );
  expect(await ask('grants', {})).toEqual({ ok: true, value: [] });
  expect(asked).toHaveLength(3);
});

test('a command that may have arrived is not sent twice', async () => {
  answers(lost);
  expect(await ask('withdraw', { jti: 'a' })).toEqual({ ok: false, code: 'no-answer' });
  expect(asked).toHaveLength(1);
});

test('a decision is repeated until it is answered', async () => {
  answers(lost, async () => ({ ok: true, value: { outcome: 'refused' } }));
  expect(await askUntilAnswered('decide', { id: 'r', decision: { share: false } })).toEqual({
    ok: true,
    value: { outcome: 'refused' },
  });
  expect(asked).toHaveLength(2);
});
