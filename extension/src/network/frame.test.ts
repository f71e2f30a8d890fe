import { expect, test } from 'vitest';
import { type Door, NetworkError } from './fetch.ts';
import { answerThrough, askFrame, type OpenFrame } from './frame.ts';

const never = new AbortController().signal;

/** The frame's side, told what was asked as a frame is told: by a copy. */
function frameOf(door: Door) {
  const closed: string[] = [];
  const open: OpenFrame = (question, port) => {
    void answerThrough(port, structuredClone(question), door);
    return { close: () => closed.push(question.url) };
  };
  return { open, closed };
}

test('the frame gets address, body and what is expected as they are, and its answer comes back', async () => {
  const asked: unknown[] = [];
  const { open, closed } = frameOf(async (...question) => {
    asked.push(question);
    return { status: 201, body: '{"receipt":"r"}' };
  });
  const url = 'https://vault.example/grants';
  const body = { type: 'application/jwt', text: 'a.b.c' } as const;
  const expecting = { limit: 8_192, binary: true };
  const answer = await askFrame({ url, body, expecting }, never, open);
  expect(answer).toEqual({ status: 201, body: '{"receipt":"r"}' });
  expect(asked).toEqual([[url, body, expecting]]);
  expect(closed).toEqual([url]);
});

test('every failure comes back as its code', async () => {
  for (const code of ['network/address', 'network/unreachable', 'network/too-large'] as const) {
    const { open, closed } = frameOf(async () => {
      throw new NetworkError(code);
    });
    expect(await askFrame({ url: 'https://vault.example/' }, never, open)).toBe(code);
    expect(closed).toHaveLength(1);
  }
});

test('a frame that does not answer in time is taken away', async () => {
  const time = new AbortController();
  let closed = false;
  const reply = askFrame({ url: 'https://vault.example/' }, time.signal, () => ({
    close: () => {
      closed = true;
    },
  }));
  time.abort();
  expect(await reply).toBe('network/timeout');
  expect(closed).toBe(true);
});
