import { expect, test, vi } from 'vitest';
import type { Browser } from 'webextension-polyfill';
import { tell } from './relays.ts';

const PLACE = { tabId: 7, documentId: 'D0C' };
const MESSAGE = { zusage: 'alive', id: 'x' } as const;

function browserThat(sendMessage: (...args: unknown[]) => Promise<unknown>): Browser {
  return { tabs: { sendMessage } } as unknown as Browser;
}

test.each(['taken', 'alive', 'gone'])('a relay says %s', async (said) => {
  expect(
    await tell(
      browserThat(async () => said),
      PLACE,
      MESSAGE,
    ),
  ).toBe(said);
});

test.each([
  ['Could not establish connection. Receiving end does not exist.', 'gone'],
  ['No tab with id: 7.', 'gone'],
  ['The message port closed before a response was received.', null],
])('%s', async (words, reply) => {
  const browser = browserThat(() => Promise.reject(new Error(words)));
  expect(await tell(browser, PLACE, MESSAGE)).toBe(reply);
});

test('what no relay says is not known', async () => {
  expect(
    await tell(
      browserThat(async () => ({ ok: true })),
      PLACE,
      MESSAGE,
    ),
  ).toBeNull();
});

test('a browser that cannot name documents asks the tab, whose document knows the id or says gone', async () => {
  const sendMessage = vi.fn(async (_tab: unknown, _message: unknown, to: unknown) => {
    if ('documentId' in (to as object)) throw new Error('Unexpected property "documentId"');
    return 'alive';
  });
  expect(await tell(browserThat(sendMessage as never), PLACE, MESSAGE)).toBe('alive');
  expect(sendMessage).toHaveBeenLastCalledWith(7, MESSAGE, { frameId: 0 });
});
