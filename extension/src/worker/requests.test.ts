import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Decision } from '../messages.ts';
import { CommandFailure } from '../sharing/failure.ts';
import type { RelayReply, WorkerMessage } from '../site/wire.ts';
import { OPEN_MOST, OVER_MOST } from './pending.ts';
import { keyOf, Requests } from './requests.ts';
import { DELIVERY_TIME } from './tending.ts';
import { DOCUMENT, TAB } from './testing/memory-browser.ts';
import { ITEMS, RESPONSE, scripted } from './testing/scripted.ts';
import { ORIGIN, signedRequest } from './testing/signed-request.ts';
import { THROTTLE } from './throttle.ts';

const NOW = 1_800_000_000_000;
const ID = 'b5a6c9d0-0000-4000-8000-000000000000';
const FROM = { origin: ORIGIN, tabId: TAB, documentId: DOCUMENT };
const KEY = keyOf(FROM, ID);
const MEDIAN = 4_000;
const REFUSED = { error: 'NotAllowedError' };
const SHARE: Decision = {
  share: true,
  items: ITEMS,
  until: NOW / 1000 + 3600,
  entered: [],
  confirmed: [],
};

beforeEach(() => {
  vi.useFakeTimers({ now: NOW, toFake: ['setTimeout', 'clearTimeout', 'Date'] });
});
afterEach(() => {
  vi.useRealTimers();
});

async function started(script = scripted()) {
  const { memory, ports } = script;
  memory.connect(ORIGIN);
  const heard: WorkerMessage[] = [];
  const relay = {
    hear: (message: WorkerMessage): RelayReply | undefined => {
      heard.push(message);
      return message.zusage === 'alive' ? 'alive' : 'taken';
    },
  };
  const open = (documentId = DOCUMENT) =>
    memory.documents.set(documentId, { tabId: TAB, hear: (message) => relay.hear(message) });
  open();
  let requests = new Requests(ports);
  return {
    ...script,
    heard,
    relay,
    open,
    get requests() {
      return requests;
    },
    answers: () => heard.filter(({ zusage }) => zusage === 'answer'),
    async ask(id = ID, request?: string, from: typeof FROM = FROM, clicked = false) {
      const reply = await requests.ask(from, {
        id,
        request: request ?? (await signedRequest(NOW / 1000)),
        clicked,
      });
      await requests.tend(keyOf(from, id));
      return reply;
    },
    /** Time passes, and what it set off is done. */
    async pass(milliseconds: number, key = KEY) {
      await vi.advanceTimersByTimeAsync(milliseconds);
      await requests.tend(key);
    },
    /** The worker dies with everything it had in memory, and starts again. */
    async restart() {
      const at = Date.now();
      vi.clearAllTimers();
      vi.setSystemTime(at);
      requests = new Requests(ports);
      await requests.tendAll();
    },
    record: async (key = KEY) =>
      (await memory.session())[`pending/${key}`] as Record<string, unknown> | undefined,
  };
}

describe('what a page may learn', () => {
  const malformed = async (world: Awaited<ReturnType<typeof started>>) => {
    const [header, payload] = (await signedRequest(NOW / 1000)).split('.');
    return [
      await world.ask(ID, 'no request'),
      await world.ask(ID, `${header}.${payload}.`),
      await world.ask(ID, await signedRequest(NOW / 1000, 'https://www.shop.example')),
    ];
  };

  test.each(['none', 'locked', 'unlocked', 'newer'] as const)(
    'a request that is not well-formed is a TypeError at once, vault %s',
    async (vault) => {
      const world = await started();
      world.state.vault = vault;
      for (const reply of await malformed(world)) expect(reply).toEqual({ error: 'TypeError' });
      expect(await world.record()).toBeUndefined();
      expect(world.sharing.prepare).not.toHaveBeenCalled();
    },
  );

  type World = Awaited<ReturnType<typeof started>>;
  test.each<[string, (world: World) => Promise<unknown> | unknown]>([
    ['badly signed', ({ sharing }) => sharing.prepare.mockResolvedValue({ ok: false, code: 'x' })],
    ['not checkable', ({ sharing }) => sharing.prepare.mockRejectedValue(new Error())],
    ['at a locked vault', ({ state }) => Object.assign(state, { vault: 'locked' })],
    ['without a vault', ({ state }) => Object.assign(state, { vault: 'none' })],
    ['at a newer vault', ({ state }) => Object.assign(state, { vault: 'newer' })],
    ['of a blocked site', ({ state }) => Object.assign(state, { blocked: true })],
    ['of a page that outlived its connection', ({ memory }) => memory.registered.clear()],
    [
      'of a throttled site',
      async (world) => {
        for (let i = 0; i < THROTTLE.prompts; i++) {
          const id = `${ID.slice(0, -1)}${i + 1}`;
          await world.ask(id);
          await world.requests.decide(keyOf(FROM, id), { share: false });
          await world.requests.tend(keyOf(FROM, id));
        }
        world.heard.length = 0;
        world.memory.opened.length = 0;
      },
    ],
    [
      'beside another of the same site',
      async (world) => {
        const other = { ...FROM, documentId: 'OTHER' };
        await world.requests.ask(other, {
          id: ID,
          request: await signedRequest(NOW / 1000),
          clicked: false,
        });
        await world.requests.tend(keyOf(other, ID));
        world.memory.opened.length = 0;
      },
    ],
  ])('a request %s is met with the same silence, and nothing is shown', async (_, arrange) => {
    const world = await started();
    await arrange(world);
    vi.setSystemTime(Date.now() + 1);
    expect(await world.ask()).toBe('pending');
    expect(world.sharing.prepare).toHaveBeenCalled();
    expect(world.memory.opened).toEqual([]);
    await world.pass(MEDIAN - 1);
    expect(world.answers()).toEqual([]);
    await world.pass(1);
    expect(world.answers()).toEqual([{ zusage: 'answer', id: ID, answer: REFUSED }]);
    expect(await world.record()).toBeUndefined();
  });

  test('the person’s own refusal is answered at once, in the same words', async () => {
    const world = await started();
    await world.ask();
    expect(await world.requests.decide(KEY, { share: false })).toEqual({ outcome: 'refused' });
    await world.requests.tend(KEY);
    expect(world.answers()).toEqual([{ zusage: 'answer', id: ID, answer: REFUSED }]);
    expect(world.sharing.refused).toHaveBeenCalledOnce();
  });

  test('a request that the person answered is not shown again from another document', async () => {
    const world = await started();
    const request = await signedRequest(NOW / 1000);
    await world.ask(ID, request);
    await world.requests.decide(KEY, { share: false });
    await world.requests.tend(KEY);
    world.open('AGAIN');
    await world.ask(ID, request, { ...FROM, documentId: 'AGAIN' });
    expect(world.memory.opened).toHaveLength(1);
  });
});

describe('a pending request', () => {
  test('is stored before its window opens', async () => {
    const world = await started();
    let stored: unknown;
    const { create } = world.memory.browser.windows;
    world.memory.browser.windows.create = async (options) => {
      stored = await world.record();
      return create(options);
    };
    await world.ask();
    expect(stored).toMatchObject({ state: 'asking', asked: { key: KEY, origin: ORIGIN } });
    expect(world.memory.opened[0]?.url).toContain(`approval.html?id=${encodeURIComponent(KEY)}`);
  });

  test('asked again, opens no second window', async () => {
    const world = await started();
    const request = await signedRequest(NOW / 1000);
    expect(await world.ask(ID, request)).toBe('pending');
    expect(await world.ask(ID, request)).toBe('pending');
    await world.restart();
    expect(await world.ask(ID, request)).toBe('pending');
    expect(world.memory.opened).toHaveLength(1);
  });

  test('finds its window again when the worker died before it knew the number', async () => {
    const world = await started();
    const window = await world.memory.events.windows.create({});
    const { create } = world.memory.browser.windows;
    world.memory.browser.windows.create = () => Promise.reject(new Error('the worker died'));
    await world.ask();
    world.memory.browser.windows.create = create;
    world.memory.contexts.push({
      documentUrl: `chrome-extension://test-extension-id/approval.html?id=${encodeURIComponent(KEY)}`,
      windowId: window?.id as number,
    });
    await world.restart();
    expect(world.memory.opened).toEqual([]);
    expect(await world.record()).toMatchObject({ windowId: window?.id });
  });

  test('a second window for it closes itself', async () => {
    const world = await started();
    await world.ask();
    const windowId = world.memory.opened[0]?.id as number;
    expect(await world.requests.prompt(KEY, windowId)).toMatchObject({ id: KEY });
    expect(await world.requests.prompt(KEY, windowId + 1)).toBe('duplicate');
  });

  test('that would be refused by now is not shown, and counts for nothing', async () => {
    const world = await started();
    await world.ask();
    world.sharing.promptView.mockRejectedValue(new CommandFailure('unknown'));
    const windowId = world.memory.opened[0]?.id as number;
    expect(await world.requests.prompt(KEY, windowId)).toBeNull();
    await world.memory.close(windowId);
    await world.requests.windowClosed(windowId);
    await world.pass(MEDIAN);
    expect(world.answers()).toMatchObject([{ answer: REFUSED }]);
    expect(world.sharing.refused).not.toHaveBeenCalled();
  });

  test('whose vault was locked meanwhile says so, and waits', async () => {
    const world = await started();
    await world.ask();
    world.state.vault = 'locked';
    const windowId = world.memory.opened[0]?.id as number;
    await expect(world.requests.prompt(KEY, windowId)).rejects.toMatchObject({ code: 'locked' });
    world.state.vault = 'unlocked';
    expect(await world.requests.prompt(KEY, windowId)).toMatchObject({ id: KEY });
  });

  test('is looked after less and less often when that keeps failing', async () => {
    const world = await started();
    const create = vi.fn(() => Promise.reject(new Error()));
    world.memory.browser.windows.create = create;
    await world.ask();
    await vi.advanceTimersByTimeAsync(300_000);
    expect(create.mock.calls.length).toBeGreaterThan(5);
    expect(create.mock.calls.length).toBeLessThan(20);
  });

  test('is looked after again when something fails on the way', async () => {
    const world = await started();
    const { create } = world.memory.browser.windows;
    world.memory.browser.windows.create = () => Promise.reject(new Error());
    await world.ask();
    world.memory.browser.windows.create = create;
    await world.pass(1_000);
    expect(world.memory.opened).toHaveLength(1);
  });

  test('its window closed is a refusal, also when nobody saw it close', async () => {
    for (const seen of [true, false]) {
      const world = await started();
      await world.ask();
      const windowId = world.memory.opened[0]?.id as number;
      await world.memory.close(windowId);
      if (seen) await world.requests.windowClosed(windowId);
      else await world.restart();
      expect(world.answers()).toMatchObject([{ answer: REFUSED }]);
      expect(world.sharing.refused).toHaveBeenCalledOnce();
    }
  });

  test('of a locked vault opens after the unlock, and not before', async () => {
    const world = await started();
    world.state.vault = 'locked';
    await world.ask();
    expect(await world.memory.badge()).toBe('1');
    expect(await world.requests.status()).toEqual({
      waiting: [{ id: KEY, site: 'shop.example' }],
      missed: [],
    });
    world.state.vault = 'unlocked';
    await world.requests.openApproval(KEY);
    expect(world.memory.opened).toHaveLength(1);
    expect(world.sharing.prepare).toHaveBeenCalledTimes(2);
    await world.pass(60_000);
    expect(world.answers()).toEqual([]);
    expect(await world.memory.badge()).toBe('');
  });

  test('missed by the person, leaves the name of its site until it asks again', async () => {
    const world = await started();
    world.state.vault = 'locked';
    await world.ask();
    await world.pass(MEDIAN);
    expect(await world.requests.status()).toEqual({ waiting: [], missed: ['shop.example'] });
    expect(await world.memory.badge()).toBe('1');
    await expect(world.requests.openApproval(KEY)).rejects.toMatchObject({ code: 'unknown' });
    world.state.vault = 'unlocked';
    await world.ask(ID.replace('b', 'c'));
    expect((await world.requests.status()).missed).toEqual([]);
    expect(await world.memory.badge()).toBe('');
  });

  test('cancelled by the page, is over: window closed, nothing counted, never asked again', async () => {
    const world = await started();
    await world.ask();
    const windowId = world.memory.opened[0]?.id as number;
    await world.requests.cancel(KEY, 'taken-back');
    expect(await world.memory.events.windows.get(windowId)).toBeUndefined();
    await world.requests.windowClosed(windowId);
    expect(world.sharing.refused).not.toHaveBeenCalled();
    expect(await world.ask()).toEqual(REFUSED);
    expect(await world.requests.decide(KEY, SHARE)).toEqual({
      outcome: 'failed',
      reason: 'page-gone',
    });
    expect(world.sharing.advance).not.toHaveBeenCalled();
  });

  test('ends with its tab, and with its document', async () => {
    for (const end of ['tabClosed', 'tabLoads'] as const) {
      const world = await started();
      await world.ask();
      world.memory.documents.clear();
      await world.requests[end](TAB);
      expect(await world.record()).toBeUndefined();
      expect(await world.requests.status()).toEqual({ waiting: [], missed: [] });
    }
  });
});

describe('session memory', () => {
  const nth = (i: number) => `${ID.slice(0, -4)}${String(i).padStart(4, '0')}`;

  test('cannot be filled by a page that asks without end, and other sites are heard all the same', async () => {
    const world = await started();
    world.sharing.prepare.mockImplementation(() => new Promise(() => {}));
    const request = await signedRequest(NOW / 1000);
    const replies = [];
    for (let i = 0; i <= OPEN_MOST; i++) {
      replies.push(await world.requests.ask(FROM, { id: nth(i), request, clicked: false }));
    }
    expect(replies.filter((reply) => reply === 'pending')).toHaveLength(OPEN_MOST);
    expect(replies.at(-1)).toEqual(REFUSED);
    expect(await world.requests.ask(FROM, { id: nth(0), request, clicked: false })).toBe('pending');
    const other = 'https://other.example';
    const elsewhere = await signedRequest(NOW / 1000, other, 'did:web:other.example');
    const another = { id: ID, request: elsewhere, clicked: false };
    expect(await world.requests.ask({ ...FROM, origin: other }, another)).toBe('pending');
  });

  test('keeps the tombstones of the newest requests only', async () => {
    const world = await started();
    for (let i = 0; i <= OVER_MOST; i++) await world.requests.cancel(keyOf(FROM, nth(i)), 'left');
    const { over } = await world.memory.session();
    expect(Object.keys(over as object)).toHaveLength(OVER_MOST);
    expect(over).toHaveProperty([keyOf(FROM, nth(OVER_MOST))]);
  });

  test('knows a cancellation that overtook its request', async () => {
    const world = await started();
    const asked = world.ask();
    await world.requests.cancel(KEY, 'taken-back');
    expect(await asked).toEqual(REFUSED);
    expect(await world.record()).toBeUndefined();
    expect(world.memory.opened).toEqual([]);
  });
});

describe('a clock that is put back', () => {
  test('makes no page wait for an answer any longer', async () => {
    const world = await started();
    world.sharing.prepare.mockResolvedValue({ ok: false, code: 'x' });
    await world.ask();
    vi.setSystemTime(NOW - 40 * 86_400_000);
    await world.requests.tendAll();
    expect(world.answers()).toMatchObject([{ answer: REFUSED }]);
  });
});

describe('a decision', () => {
  test('to share is carried out, delivered once, and reported', async () => {
    const world = await started();
    await world.ask();
    expect(await world.requests.decide(KEY, SHARE)).toEqual({ outcome: 'shared' });
    expect(world.answers()).toEqual([{ zusage: 'answer', id: ID, answer: RESPONSE }]);
    expect(world.sharing.delivered).toHaveBeenCalledOnce();
    expect(await world.record()).toBeUndefined();
    await world.restart();
    expect(world.answers()).toHaveLength(1);
  });

  test('stands: the second one gets the outcome of the first', async () => {
    const world = await started();
    await world.ask();
    const outcomes = await Promise.all([
      world.requests.decide(KEY, SHARE),
      world.requests.decide(KEY, { share: false }),
    ]);
    const refused = await world.requests.decide(KEY, { share: false });
    expect(new Set([...outcomes, refused].map(({ outcome }) => outcome)).size).toBe(1);
    expect(world.answers()).toHaveLength(1);
  });

  test('that sharing does not accept decides nothing, and may be corrected', async () => {
    const world = await started();
    await world.ask();
    world.sharing.decide.mockRejectedValueOnce(new CommandFailure('value'));
    await expect(world.requests.decide(KEY, SHARE)).rejects.toMatchObject({ code: 'value' });
    expect(await world.requests.decide(KEY, SHARE)).toEqual({ outcome: 'shared' });
  });

  test('is resumed at its last step by a worker that starts', async () => {
    const world = await started();
    await world.ask();
    const signed = { name: 'signed' as const, data: { jti: 'urn:uuid:1' } };
    world.sharing.advance.mockImplementationOnce(async (_asked, _decision, _step, save) => {
      await save(signed);
      throw new Error('the worker died');
    });
    void world.requests.decide(KEY, SHARE);
    await vi.waitFor(async () => expect(await world.record()).toMatchObject({ step: signed }));
    await world.requests.tend(KEY);
    await world.restart();
    expect(world.sharing.advance.mock.lastCall?.[2]).toEqual(signed);
    expect(world.answers()).toMatchObject([{ answer: RESPONSE }]);
    expect(await world.requests.decide(KEY, SHARE)).toEqual({ outcome: 'shared' });
  });

  test('whose answer nobody took yet is pushed by every worker that starts, until it is taken', async () => {
    const world = await started();
    await world.ask();
    world.relay.hear = () => undefined;
    world.sharing.advance.mockImplementationOnce(async (_asked, _decision, _step, save) => {
      await save({ name: 'registered', data: {} });
      return { response: RESPONSE };
    });
    void world.requests.decide(KEY, SHARE);
    await vi.waitFor(async () => expect(await world.record()).toMatchObject({ state: 'answered' }));
    await world.restart();
    expect(await world.record()).toMatchObject({ answer: RESPONSE });
    world.relay.hear = () => 'taken';
    await world.restart();
    expect(world.sharing.advance).toHaveBeenCalledOnce();
    expect(world.sharing.delivered).toHaveBeenCalledOnce();
    expect(await world.record()).toBeUndefined();
  });

  test('that cannot be delivered within 60 s of registration is withdrawn', async () => {
    const world = await started();
    await world.ask();
    world.relay.hear = ({ zusage }) => (zusage === 'alive' ? 'alive' : undefined);
    const decided = world.requests.decide(KEY, SHARE);
    await vi.waitFor(async () => expect(await world.record()).toMatchObject({ state: 'answered' }));
    await world.requests.tend(KEY);
    expect(world.sharing.withdrawUndelivered).not.toHaveBeenCalled();
    await world.pass(DELIVERY_TIME);
    expect(await decided).toEqual({ outcome: 'failed', reason: 'page-gone' });
    expect(world.sharing.withdrawUndelivered).toHaveBeenCalledOnce();
    expect(await world.record()).toBeUndefined();
  });

  test('whose document is gone before it is registered registers nothing', async () => {
    const world = await started();
    await world.ask();
    world.memory.documents.clear();
    expect(await world.requests.decide(KEY, SHARE)).toEqual({
      outcome: 'failed',
      reason: 'page-gone',
    });
    expect(world.sharing.abandon).not.toHaveBeenCalled();
  });

  test('whose document goes after it was registered is withdrawn at once', async () => {
    const world = await started();
    await world.ask();
    world.sharing.advance.mockImplementationOnce(async (_asked, _decision, _step, save) => {
      await save({ name: 'encrypted', data: {} });
      world.memory.documents.clear();
      void world.requests.cancel(KEY, 'taken-back');
      return { response: RESPONSE };
    });
    expect(await world.requests.decide(KEY, SHARE)).toEqual({
      outcome: 'failed',
      reason: 'page-gone',
    });
    expect(world.sharing.abandon).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ key: KEY }),
      { name: 'encrypted', data: {} },
      'page-gone',
    );
    expect(world.answers()).toEqual([]);
  });

  test('that fails tells the page what a refusal tells it, and the person why', async () => {
    const world = await started();
    await world.ask();
    world.sharing.advance.mockResolvedValue({ failed: 'service-unreachable' });
    expect(await world.requests.decide(KEY, SHARE)).toEqual({
      outcome: 'failed',
      reason: 'service-unreachable',
    });
    await world.pass(MEDIAN);
    expect(world.answers()).toMatchObject([{ answer: REFUSED }]);
  });
});

test('a page that takes its prompts back is shown no more of them, and hears nothing else than before', async () => {
  const world = await started();
  const shown = () => world.memory.opened.length;
  const nth = (i: number) => keyOf(FROM, `${ID.slice(0, -1)}${i}`);
  for (let i = 0; i < THROTTLE.prompts; i++) {
    await world.ask(`${ID.slice(0, -1)}${i}`);
    // Told twice, by its signal and by the end of its document, it is one prompt.
    await Promise.all([world.requests.cancel(nth(i), 'taken-back'), world.requests.tabClosed(TAB)]);
    expect(shown()).toBe(i + 1);
  }
  expect(await world.ask(ID.replace('b', 'f'))).toBe('pending');
  await world.pass(MEDIAN, keyOf(FROM, ID.replace('b', 'f')));
  expect(world.answers()).toMatchObject([{ answer: REFUSED }]);
  expect(shown()).toBe(THROTTLE.prompts);
  await world.pass(THROTTLE.silence);
  const request = await signedRequest(Date.now() / 1000);
  await world.ask(ID.replace('b', 'e'), request);
  expect(shown()).toBe(THROTTLE.prompts + 1);
});

describe('a prompt whose page is reloaded or left under it', () => {
  const nth = (i: number) => `${ID.slice(0, -1)}${i}`;
  const leave = async (world: Awaited<ReturnType<typeof started>>, clicked: boolean) => {
    for (let i = 0; i < THROTTLE.prompts; i++) {
      await world.ask(nth(i), undefined, FROM, clicked);
      world.memory.documents.clear();
      await world.requests.tabLoads(TAB);
      world.open();
    }
    expect(world.memory.opened).toHaveLength(THROTTLE.prompts);
  };

  test('counts for nothing when the person had clicked for it', async () => {
    const world = await started();
    await leave(world, true);
    await world.ask(nth(7));
    expect(world.memory.opened).toHaveLength(THROTTLE.prompts + 1);
  });

  test('counts when the page had asked by itself; a click still brings the prompt', async () => {
    const world = await started();
    await leave(world, false);
    await world.ask(nth(7));
    expect(world.memory.opened).toHaveLength(THROTTLE.prompts);
    await world.pass(MEDIAN, keyOf(FROM, nth(7)));
    expect(world.answers()).toMatchObject([{ answer: REFUSED }]);
    await world.ask(nth(8), undefined, FROM, true);
    expect(world.memory.opened).toHaveLength(THROTTLE.prompts + 1);
  });
});

test('what a page takes back before it was shown does not count', async () => {
  const world = await started();
  world.state.vault = 'locked';
  for (let i = 0; i <= THROTTLE.prompts; i++) {
    const id = `${ID.slice(0, -1)}${i}`;
    await world.ask(id);
    await world.requests.cancel(keyOf(FROM, id), 'taken-back');
  }
  world.state.vault = 'unlocked';
  await world.ask(ID.replace('b', 'f'));
  expect(world.memory.opened).toHaveLength(1);
});

test('what was never shown never throttles a site', async () => {
  const world = await started();
  world.sharing.prepare.mockResolvedValue({ ok: false, code: 'jws/signature' });
  for (let i = 0; i < THROTTLE.prompts + 1; i++) {
    const key = keyOf(FROM, `${ID.slice(0, -1)}${i}`);
    await world.ask(`${ID.slice(0, -1)}${i}`);
    await world.pass(MEDIAN, key);
  }
  world.sharing.prepare.mockResolvedValue({ ok: true });
  await world.ask(ID.replace('b', 'f'));
  expect(world.memory.opened).toHaveLength(1);
});

test('session memory holds no values that were entered in the prompt', async () => {
  const world = await started();
  await world.ask();
  const planted = 'EU 42 planted';
  world.relay.hear = ({ zusage }) => (zusage === 'alive' ? 'alive' : undefined);
  void world.requests.decide(KEY, {
    ...SHARE,
    entered: [{ id: 'size.shoe', value: planted }],
  } as Decision);
  await vi.waitFor(async () => expect(await world.record()).toMatchObject({ state: 'answered' }));
  const dump = JSON.stringify(await world.memory.session());
  expect(dump).toContain('size.shoe');
  expect(dump).not.toContain(planted);
});
