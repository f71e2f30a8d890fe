/** Provider and relay together, on a document in memory, as a page meets them. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { provide } from './provider.ts';
import { relay } from './relay.ts';
import type { AskReply, RelayMessage, RelayReply, WorkerMessage } from './wire.ts';

const VCT = 'urn:zusage:grant:1';
const RESPONSE = { response: 'eyJ' };
const OWN = 'our-extension';
const ORIGIN = 'https://shop.example';

type Listener = (message: unknown, sender: object, reply: (reply: RelayReply) => void) => unknown;

/** @param scriptsRan milliseconds since 1970 at which the page's own scripts had run; 0: not yet */
function page(scriptsRan = 1) {
  const document = new EventTarget();
  const window = new EventTarget();
  const nativeCalls: unknown[] = [];
  class CredentialsContainer {
    get(options?: unknown): Promise<unknown> {
      nativeCalls.push([this, options]);
      return Promise.resolve('the browser’s own');
    }
  }
  class DigitalCredential {
    declare readonly protocol: string;
    static userAgentAllowsProtocol(protocol: string) {
      return protocol === 'org-iso-mdoc';
    }
  }
  const listeners = new Set<Listener>();
  const sent: RelayMessage[] = [];
  const worker = { answer: async (_: RelayMessage): Promise<AskReply | undefined> => 'pending' };
  const runtime = {
    id: OWN as string | undefined,
    sendMessage: async (message: RelayMessage) => {
      if (runtime.id === undefined) throw new Error('Extension context invalidated.');
      sent.push(message);
      return worker.answer(message);
    },
    onMessage: {
      addListener: (listener: Listener) => listeners.add(listener),
      removeListener: (listener: Listener) => listeners.delete(listener),
    },
  };
  const scope = { document, window, top: window, CredentialsContainer, DigitalCredential };
  const location = { origin: ORIGIN };
  const performance = { timing: { domContentLoadedEventEnd: scriptsRan } };
  const browser = { location, performance, chrome: { runtime } };
  for (const [name, value] of Object.entries({ ...scope, ...browser })) {
    vi.stubGlobal(name, value);
  }
  const credentials = new CredentialsContainer();
  const push = (message: WorkerMessage, sender = { id: OWN }) => {
    let reply: RelayReply | undefined;
    for (const listener of listeners) {
      listener(message, sender, (said) => {
        reply = said;
      });
    }
    return reply;
  };
  return { document, window, credentials, nativeCalls, sent, worker, runtime, push, listeners };
}
type Page = ReturnType<typeof page>;

function compact(payload: object): string {
  return `e30.${Buffer.from(JSON.stringify(payload)).toString('base64url')}.AAAA`;
}
const GRANT = compact({ dcql_query: { credentials: [{ meta: { vct_values: [VCT] } }] } });
const asking = (request: unknown, protocol = 'openid4vp-v1-signed') => ({
  mediation: 'required',
  digital: { requests: [{ protocol, data: { request } }] },
});
const idOf = ({ sent }: Page, at = -1) => (sent.at(at) as RelayMessage).id;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  delete (globalThis as { zusageRelay?: unknown }).zusageRelay;
});

/** Connects the page; the relay first, as the worker does. */
function connected() {
  const world = page();
  const invitations = vi.fn();
  world.document.addEventListener('zusage-connected', invitations);
  relay();
  provide();
  return { ...world, invitations };
}

describe('the provider', () => {
  test.each([
    ['nothing', []],
    ['a password', [{ password: true }]],
    ['another protocol', [asking(GRANT, 'openid4vp-v1-unsigned')]],
    ['another credential', [asking(compact({ dcql_query: { credentials: [{ meta: {} }] } }))]],
    ['what does not decode', [asking('no request')]],
    ['requests that are none', [{ digital: { requests: 7 } }]],
    ['a request that is null', [{ digital: { requests: [null] } }]],
  ])('leaves a call for %s to the browser, untouched', async (_, args) => {
    const world = connected();
    const get = world.credentials.get as (...args: unknown[]) => Promise<unknown>;
    await expect(get.apply(world.credentials, args)).resolves.toBe('the browser’s own');
    expect(world.nativeCalls).toEqual([[world.credentials, args[0]]]);
    expect(world.sent).toEqual([]);
  });

  test('asks for a grant and resolves to a credential like the browser’s', async () => {
    const world = connected();
    const asked = world.credentials.get(asking(GRANT)) as Promise<{ data: unknown }>;
    const id = idOf(world);
    expect(world.sent).toEqual([{ zusage: 'ask', id, request: GRANT, clicked: false }]);
    expect(world.push({ zusage: 'answer', id: idOf(world), answer: RESPONSE })).toBe('taken');
    const credential = await asked;
    expect(credential).toBeInstanceOf(DigitalCredential);
    expect({ ...credential }).toMatchObject({
      type: 'digital',
      protocol: 'openid4vp-v1-signed',
      data: RESPONSE,
    });
    expect(JSON.parse(JSON.stringify(credential))).toEqual({
      id: '',
      type: 'digital',
      protocol: 'openid4vp-v1-signed',
      data: RESPONSE,
    });
    expect(world.nativeCalls).toEqual([]);
  });

  test('says that its protocol is allowed, and asks the browser about others', () => {
    connected();
    const allows = (
      DigitalCredential as unknown as { userAgentAllowsProtocol: (p: string) => boolean }
    ).userAgentAllowsProtocol;
    expect(['openid4vp-v1-signed', 'org-iso-mdoc', 'other'].map((p) => allows(p))).toEqual([
      true,
      true,
      false,
    ]);
  });

  test('brings the least of a DigitalCredential where there is none, and takes it away again', () => {
    const world = page();
    vi.stubGlobal('DigitalCredential', undefined);
    relay();
    provide();
    const { DigitalCredential: brought } = globalThis as never as {
      DigitalCredential: { userAgentAllowsProtocol: (p: string) => boolean };
    };
    expect(brought.userAgentAllowsProtocol('openid4vp-v1-signed')).toBe(true);
    expect(brought.userAgentAllowsProtocol('other')).toBe(false);
    world.push({ zusage: 'off', origin: ORIGIN });
    expect((globalThis as { DigitalCredential?: unknown }).DigitalCredential).toBeUndefined();
  });

  test('rejects as the browser does', async () => {
    const world = connected();
    const refused = world.credentials.get(asking(GRANT));
    world.push({ zusage: 'answer', id: idOf(world), answer: { error: 'NotAllowedError' } });
    const error = (await refused.catch((reason) => reason)) as DOMException;
    expect(error).toBeInstanceOf(DOMException);
    expect([error.name, error.message]).toEqual(['NotAllowedError', 'Request is cancelled.']);
    world.worker.answer = async () => ({ error: 'TypeError' });
    await expect(world.credentials.get(asking(GRANT))).rejects.toBeInstanceOf(TypeError);
  });

  test('honours the signal: its own reason, and the worker hears of it', async () => {
    const world = connected();
    const reason = new Error('mine');
    const before = { ...asking(GRANT), signal: AbortSignal.abort(reason) };
    await expect(world.credentials.get(before)).rejects.toBe(reason);
    expect(world.sent).toEqual([]);
    const controller = new AbortController();
    const asked = world.credentials.get({ ...asking(GRANT), signal: controller.signal });
    const id = idOf(world);
    controller.abort(reason);
    await expect(asked).rejects.toBe(reason);
    expect(world.sent.at(-1)).toEqual({ zusage: 'cancel', id, left: false });
    expect(world.push({ zusage: 'alive', id })).toBe('gone');
    expect(world.push({ zusage: 'answer', id, answer: RESPONSE })).toBe('gone');
  });

  test('injected twice is there once, and invites once', () => {
    const world = connected();
    relay();
    provide();
    expect(world.invitations).toHaveBeenCalledOnce();
    void world.credentials.get(asking(GRANT));
    expect(world.sent).toHaveLength(1);
    expect(world.listeners.size).toBe(1);
  });

  test('injected before the page’s own scripts invites once they have run', () => {
    const { document } = page(0);
    relay();
    provide();
    const invitations = vi.fn();
    document.addEventListener('zusage-connected', invitations);
    expect(invitations).not.toHaveBeenCalled();
    document.dispatchEvent(new Event('DOMContentLoaded'));
    expect(invitations).toHaveBeenCalledOnce();
  });

  test('does not exist in a frame', () => {
    const world = page();
    vi.stubGlobal('top', new EventTarget());
    relay();
    provide();
    expect(world.listeners.size).toBe(0);
    void world.credentials.get(asking(GRANT));
    expect(world.nativeCalls).toHaveLength(1);
  });

  test('that was there before its relay is heard all the same', () => {
    const world = page();
    provide();
    void world.credentials.get(asking(GRANT));
    expect(world.sent).toEqual([]);
    relay();
    expect(world.sent).toMatchObject([{ zusage: 'ask', request: GRANT }]);
  });
});

describe('the relay', () => {
  test('asks again with a growing wait until the worker answers, and then no more', async () => {
    const world = connected();
    let failures = 2;
    world.worker.answer = async () => {
      if (failures-- > 0) throw new Error('Could not establish connection.');
      return 'pending';
    };
    void world.credentials.get(asking(GRANT));
    await vi.advanceTimersByTimeAsync(249);
    expect(world.sent).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(world.sent).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(500);
    expect(world.sent).toHaveLength(3);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(world.sent).toHaveLength(3);
    expect(new Set(world.sent.map(({ id }) => id)).size).toBe(1);
  });

  test('asks again when the page is looked at again', () => {
    const world = connected();
    void world.credentials.get(asking(GRANT));
    world.document.dispatchEvent(new Event('visibilitychange'));
    world.window.dispatchEvent(new Event('pageshow'));
    expect(world.sent).toHaveLength(3);
  });

  test('answers once, and says `taken` again to a worker that did not hear it', async () => {
    const world = connected();
    const settled = vi.fn();
    const asked = world.credentials.get(asking(GRANT)).then(settled);
    const id = idOf(world);
    expect(world.push({ zusage: 'alive', id })).toBe('alive');
    expect(world.push({ zusage: 'answer', id, answer: RESPONSE })).toBe('taken');
    expect(world.push({ zusage: 'answer', id, answer: { error: 'NotAllowedError' } })).toBe(
      'taken',
    );
    await asked;
    expect(settled).toHaveBeenCalledOnce();
    expect(world.push({ zusage: 'alive', id })).toBe('gone');
  });

  test('keeps several requests apart', async () => {
    const world = connected();
    const one = world.credentials.get(asking(GRANT));
    const two = world.credentials.get(asking(GRANT));
    world.push({ zusage: 'answer', id: idOf(world, 0), answer: { error: 'NotAllowedError' } });
    world.push({ zusage: 'answer', id: idOf(world, 1), answer: RESPONSE });
    await expect(one).rejects.toThrow();
    await expect(two).resolves.toBeDefined();
  });

  test('ends what is open with its document', async () => {
    const world = connected();
    const asked = world.credentials.get(asking(GRANT));
    world.window.dispatchEvent(new Event('pagehide'));
    await expect(asked).rejects.toMatchObject({ name: 'NotAllowedError' });
    expect(world.sent.at(-1)).toEqual({ zusage: 'cancel', id: idOf(world, 0), left: true });
  });

  test('says whether the person had just clicked in the page', () => {
    const world = connected();
    vi.stubGlobal('navigator', { userActivation: { isActive: true } });
    void world.credentials.get(asking(GRANT));
    expect(world.sent.at(-1)).toMatchObject({ zusage: 'ask', clicked: true });
  });

  test('hears nobody but its own extension', () => {
    const world = connected();
    void world.credentials.get(asking(GRANT));
    const message = { zusage: 'answer', id: idOf(world), answer: RESPONSE } as const;
    expect(world.push(message, { id: 'somebody-else' })).toBeUndefined();
    expect(world.push(message)).toBe('taken');
  });

  test('goes on when another site is disconnected', () => {
    const world = connected();
    void world.credentials.get(asking(GRANT));
    world.push({ zusage: 'off', origin: 'https://other.example' });
    expect(world.push({ zusage: 'alive', id: idOf(world) })).toBe('alive');
  });

  test('carries no request to the worker that no message may hold', async () => {
    const world = connected();
    const huge = compact({
      dcql_query: { credentials: [{ meta: { vct_values: [VCT] } }], more: 'x'.repeat(65_536) },
    });
    await expect(world.credentials.get(asking(huge))).rejects.toBeInstanceOf(TypeError);
    expect(world.sent).toEqual([]);
  });

  test('holds no more open at once than a page can mean', async () => {
    const world = connected();
    const asked = Array.from({ length: 33 }, () => world.credentials.get(asking(GRANT)));
    await expect(asked.at(-1)).rejects.toMatchObject({ name: 'NotAllowedError' });
    expect(world.sent).toHaveLength(32);
  });

  test.each(['the extension is gone', 'the person disconnected the site'])(
    'gives the page back to the browser when %s',
    async (why) => {
      const world = connected();
      const open = world.credentials.get(asking(GRANT));
      if (why === 'the extension is gone') {
        world.runtime.id = undefined;
        world.document.dispatchEvent(new Event('visibilitychange'));
      } else {
        world.push({ zusage: 'off', origin: ORIGIN });
        expect(world.sent.at(-1)).toEqual({ zusage: 'cancel', id: idOf(world, 0), left: true });
      }
      await expect(open).rejects.toMatchObject({ name: 'NotAllowedError' });
      await expect(world.credentials.get(asking(GRANT))).resolves.toBe('the browser’s own');
    },
  );

  test('hands what is open to the relay of a newer installation', async () => {
    const world = connected();
    const asked = world.credentials.get(asking(GRANT));
    const id = idOf(world);
    // The newer one has an isolated world of its own.
    delete (globalThis as { zusageRelay?: unknown }).zusageRelay;
    relay();
    expect(world.listeners.size).toBe(1);
    expect(world.sent.filter((message) => message.id === id)).toHaveLength(2);
    expect(world.push({ zusage: 'answer', id, answer: RESPONSE })).toBe('taken');
    await expect(asked).resolves.toBeDefined();
  });
});
