import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Sender } from '../site/gate.ts';
import { type MemoryBrowser, OWN_ID, OWN_PAGE, relayOf, TAB } from './testing/memory-browser.ts';
import { scripted } from './testing/scripted.ts';
import { ORIGIN, signedRequest } from './testing/signed-request.ts';
import { startWorker } from './worker.ts';

const ID = 'b5a6c9d0-0000-4000-8000-000000000000';
const NOW = 1_800_000_000_000;
const command = (name: string, args: unknown = {}) => ({ zusage: 'command', command: name, args });
const ask = async () => ({ zusage: 'ask', id: ID, request: await signedRequest(NOW / 1000) });

beforeEach(() => {
  vi.useFakeTimers({ now: NOW, toFake: ['setTimeout', 'clearTimeout', 'Date'] });
});
afterEach(() => {
  vi.useRealTimers();
});

function started() {
  const script = scripted();
  script.memory.connect(ORIGIN);
  startWorker(script.ports);
  return script;
}

describe('the ladder of trust', () => {
  test.each([
    ['the relay of a page', relayOf(ORIGIN)],
    ['a page that names our popup as its address', { ...OWN_PAGE, origin: ORIGIN }],
    ['another extension', { ...OWN_PAGE, id: 'somebody-else' }],
    ['a page of another extension', { ...OWN_PAGE, url: 'chrome-extension://other/popup.html' }],
    ['an address that only begins like ours', { ...OWN_PAGE, url: `https://x/${OWN_ID}/` }],
    ['nobody', {}],
  ] as [string, Partial<Sender>][])('%s cannot command', async (_, sender) => {
    const { memory, ports } = started();
    for (const name of ['status', 'unlock', 'decide', 'grants', 'withdraw']) {
      expect(await memory.deliver(command(name), sender)).toBeUndefined();
    }
    expect(ports.handle).not.toHaveBeenCalled();
  });

  test('a page of the extension commands, and is told a code and nothing else when it fails', async () => {
    const { memory, ports } = started();
    expect(await memory.deliver(command('status'), OWN_PAGE)).toEqual({
      ok: true,
      value: { vault: 'unlocked', waiting: [], missed: [] },
    });
    vi.mocked(ports.handle).mockRejectedValueOnce(new Error('a secret of the machine'));
    expect(await memory.deliver(command('grants'), OWN_PAGE)).toEqual({
      ok: false,
      code: 'internal',
    });
  });

  test.each([
    ['site', {}],
    ['connect', { tabId: '1' }],
    ['connectAlways', { tabId: 1 }],
    ['disconnect', { tabId: 1, origin: ORIGIN, more: true }],
    ['block', { origin: 'no origin', blocked: true }],
    ['prompt', { id: 'x' }],
    ['decide', { id: 'x', decision: { share: 'yes' } }],
    ['openApproval', null],
  ])('%s with wrong arguments is malformed', async (name, args) => {
    const { memory } = started();
    expect(await memory.deliver(command(name, args), OWN_PAGE)).toEqual({
      ok: false,
      code: 'malformed',
    });
  });

  test('a page of the extension cannot ask in the place of a site', async () => {
    const { memory, sharing } = started();
    expect(await memory.deliver(await ask(), OWN_PAGE)).toBeUndefined();
    expect(sharing.prepare).not.toHaveBeenCalled();
  });

  test('a relay asks with the origin the browser states, whatever it claims', async () => {
    const { memory, sharing } = started();
    memory.documents.set('D0C', { tabId: TAB, hear: () => 'alive' });
    const claims = { ...(await ask()), origin: 'https://bank.example' };
    expect(await memory.deliver(claims, relayOf(ORIGIN))).toBe('pending');
    await vi.waitFor(() => expect(sharing.prepare).toHaveBeenCalled());
    expect(sharing.prepare.mock.lastCall?.[0].origin).toBe(ORIGIN);
  });

  test('what is no message of ours is a TypeError to a relay', async () => {
    const { memory } = started();
    const reply = await memory.deliver({ zusage: 'ask', id: ID }, relayOf(ORIGIN));
    expect(reply).toEqual({ error: 'TypeError' });
  });
});

describe('three paths', () => {
  test('a wake-up locks nothing and takes up what is left', async () => {
    const { memory, state, sharing } = started();
    await vi.waitFor(() => expect(sharing.resumeAfterUnlock).toHaveBeenCalledOnce());
    expect(state.vault).toBe('unlocked');
    expect(memory.setAccessLevel).toHaveBeenCalledWith({ accessLevel: 'TRUSTED_CONTEXTS' });
  });

  test('the start of the browser locks', async () => {
    const { memory, state } = started();
    await memory.events.runtime.onStartup.trigger();
    await memory.deliver(command('status'), OWN_PAGE);
    expect(state.vault).toBe('locked');
  });

  test('an update restores the sites the person connected, and no pattern for many', async () => {
    const { memory } = started();
    memory.registered.clear();
    memory.granted.add(`${ORIGIN}/*`).add('https://*/*').add('http://plain.example/*');
    await memory.events.runtime.onInstalled.trigger({ reason: 'update', previousVersion: '0' });
    await vi.waitFor(() => expect(memory.registered.size).toBe(2));
    expect([...memory.registered.values()]).toMatchObject([
      { matches: [`${ORIGIN}/*`], js: ['relay.js'], world: 'ISOLATED' },
      { matches: [`${ORIGIN}/*`], js: ['provider.js'], world: 'MAIN' },
    ]);
  });
});

describe('an installation', () => {
  const tabs = async (memory: MemoryBrowser) =>
    (await memory.events.tabs.query({})).map(({ url }) => url ?? '');

  test('opens the welcome tab', async () => {
    const { memory, state } = started();
    state.vault = 'none';
    await memory.events.runtime.onInstalled.trigger({ reason: 'install' });
    await vi.waitFor(async () =>
      expect((await tabs(memory)).filter((url) => url.endsWith('/welcome.html'))).toHaveLength(1),
    );
  });

  test('over a vault that is there already, and an update, open nothing', async () => {
    const { memory, state } = started();
    const before = await tabs(memory);
    await memory.events.runtime.onInstalled.trigger({ reason: 'install' });
    state.vault = 'none';
    await memory.events.runtime.onInstalled.trigger({ reason: 'update', previousVersion: '0' });
    await memory.deliver({ zusage: 'command', command: 'status', args: {} }, OWN_PAGE);
    expect(await tabs(memory)).toEqual(before);
  });
});

describe('the person’s word in the browser’s own dialogs', () => {
  const OTHER = 'https://other.example';

  test('a site allowed while the popup closed is connected always, and in the page they look at', async () => {
    const { memory } = started();
    memory.tabUrls.set(TAB, `${OTHER}/page`);
    memory.granted.add(`${OTHER}/*`);
    await memory.permitted.trigger({ origins: [`${OTHER}/*`, 'https://*/*'] });
    await vi.waitFor(() => expect(memory.injected).toHaveLength(2));
    expect(memory.registered.has(`relay ${OTHER}`)).toBe(true);
    expect(memory.registered.size).toBe(4);
  });

  test('a permission taken back ends the connection', async () => {
    const { memory } = started();
    await memory.forbidden.trigger({ origins: [`${ORIGIN}/*`] });
    await vi.waitFor(() => expect(memory.registered.size).toBe(0));
  });

  test('the popup and the browser may both say so at the same time', async () => {
    const { memory } = started();
    const site = { tabId: TAB, origin: OTHER };
    memory.tabUrls.set(TAB, `${OTHER}/page`);
    memory.active.add(TAB);
    memory.granted.add(`${OTHER}/*`);
    const [reply] = await Promise.all([
      memory.deliver(command('connectAlways', site), OWN_PAGE),
      memory.permitted.trigger({ origins: [`${OTHER}/*`] }),
    ]);
    expect(reply).toMatchObject({ ok: true, value: { connected: 'always' } });
  });
});

test('the vault locks with the system', async () => {
  const { memory, state } = started();
  await memory.idle.trigger('idle');
  expect(state.vault).toBe('unlocked');
  await memory.idle.trigger('locked');
  await vi.waitFor(() => expect(state.vault).toBe('locked'));
});

test('open pages are told of every lock: by the person, the screen, the deadline', async () => {
  const { memory, state } = started();
  const told = () => memory.sendMessage.mock.calls;
  await memory.deliver(command('lock', {}), OWN_PAGE);
  expect(told()).toEqual([[{ zusage: 'locked' }]]);
  state.vault = 'unlocked';
  await memory.idle.trigger('locked');
  await vi.waitFor(() => expect(told()).toHaveLength(2));
  // The alarm alone says nothing: the deadline does.
  state.vault = 'unlocked';
  await memory.events.alarms.onAlarm.trigger({ name: 'deadline' } as never);
  state.vault = 'locked';
  await memory.events.alarms.onAlarm.trigger({ name: 'deadline' } as never);
  await vi.waitFor(() => expect(told()).toHaveLength(3));
});

test('it stays open behind the screen lock only when its settings say so', async () => {
  const { memory, state, get } = started();
  get.mockResolvedValueOnce({ lockWithScreen: false });
  await memory.idle.trigger('locked');
  await vi.waitFor(() => expect(get).toHaveResolved());
  expect(state.vault).toBe('unlocked');
  get.mockRejectedValueOnce(new Error('not readable'));
  await memory.idle.trigger('locked');
  await vi.waitFor(() => expect(state.vault).toBe('locked'));
});

test('an unlock opens what waited for it', async () => {
  const { memory, state } = started();
  state.vault = 'locked';
  memory.documents.set('D0C', { tabId: TAB, hear: () => 'alive' });
  await memory.deliver(await ask(), relayOf(ORIGIN));
  await vi.waitFor(async () => expect(await memory.badge()).toBe('1'));
  expect(memory.opened).toEqual([]);
  const reply = await memory.deliver(command('unlock', { passphrase: 'x' }), OWN_PAGE);
  expect(reply).toMatchObject({ ok: true, value: { waiting: [{ site: 'shop.example' }] } });
  await vi.waitFor(() => expect(memory.opened).toHaveLength(1));
});

test('the icon points to a warning about a public log, and first to whoever waits', async () => {
  const { memory, ports } = started();
  const { session } = ports.browser.storage;
  await session.set({ 'public-log.found': 'missing urn:uuid:x' });
  await memory.events.alarms.onAlarm.trigger({ name: 'read' } as never);
  await vi.waitFor(async () => expect(await memory.badge()).toBe('!'));
  await session.set({ missed: { 'shop.example': Number.MAX_SAFE_INTEGER } });
  await memory.events.alarms.onAlarm.trigger({ name: 'read' } as never);
  await vi.waitFor(async () => expect(await memory.badge()).toBe('1'));
  await session.set({ missed: {}, 'public-log.seen': 'missing urn:uuid:x' });
  await memory.events.alarms.onAlarm.trigger({ name: 'read' } as never);
  await vi.waitFor(async () => expect(await memory.badge()).toBe(''));
});
