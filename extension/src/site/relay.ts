import type {
  AskReply,
  FromPage,
  PageAnswer,
  RelayMessage,
  ToPage,
  WorkerMessage,
} from './wire.ts';

/*
 * Runs in the isolated world of a connected document, lives and dies with it, and owns what its page has open. It
 * must stay tiny (3,000 bytes): types only, and the browser's own `chrome`, which a page's elements cannot shadow as
 * they can `browser`.
 */

const FIRST_WAIT = 250;
const LONGEST_WAIT = 10_000;
const CANCEL_TRIES = 5;
/** What the worker takes (protocol `MAX_MESSAGE`, and its own limit for a site); more is not even carried there. */
const LONGEST = 65_536;
const MOST = 32;
const REFUSED: PageAnswer = { error: 'NotAllowedError' };

/** Connects this document with the worker; twice is once. */
export function relay(): void {
  const world = globalThis as { zusageRelay?: () => boolean };
  if (window !== top || world.zusageRelay?.()) return;
  const alive = () => Boolean(chrome.runtime?.id);
  const open = new Map<string, string>();
  const taken = new Set<string>();
  const life = new AbortController();

  /** true when the provider took it. */
  const toPage = (message: ToPage) =>
    !document.dispatchEvent(
      new CustomEvent('zusage:answer', { cancelable: true, detail: JSON.stringify(message) }),
    );
  /** Each request is answered once: what is no longer open is answered no more. */
  const answer = (id: string, to: PageAnswer) => open.delete(id) && toPage({ id, answer: to });

  /** `quietly`: another relay of this document goes on with what is open. */
  const end = (quietly?: boolean) => {
    life.abort();
    if (alive()) chrome.runtime.onMessage.removeListener(hear);
    open.clear();
    if (!quietly) toPage({ off: true });
  };

  /** Repeats with a growing wait until the worker answers: it may be starting, or have died on the way. */
  const send = async (message: RelayMessage, wanted: () => boolean): Promise<unknown> => {
    for (let wait = FIRST_WAIT; wanted(); wait = Math.min(wait * 2, LONGEST_WAIT)) {
      if (!alive()) return end();
      try {
        const reply = await chrome.runtime.sendMessage(message);
        if (reply) return reply;
      } catch {
        // Nobody listened.
      }
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
    return undefined;
  };
  const ask = async (id: string, request: string) => {
    const { isActive: clicked = false } = navigator.userActivation ?? {};
    const reply = (await send({ zusage: 'ask', id, request, clicked }, () => open.has(id))) as
      | AskReply
      | undefined;
    if (reply && reply !== 'pending') answer(id, reply);
  };
  const askAll = () => {
    for (const [id, request] of open) void ask(id, request);
  };
  const cancel = (id: string, left: boolean) => {
    let tries = CANCEL_TRIES;
    if (open.delete(id)) void send({ zusage: 'cancel', id, left }, () => tries-- > 0);
  };

  const hear = (
    message: WorkerMessage,
    sender: chrome.runtime.MessageSender,
    reply: (reply: string) => void,
  ) => {
    if (sender.id !== chrome.runtime.id) return;
    if (message.zusage === 'off') {
      if (message.origin !== location.origin) return;
      for (const id of [...open.keys()]) cancel(id, true);
      return end();
    }
    const { id } = message;
    if (message.zusage === 'alive') return reply(open.has(id) ? 'alive' : 'gone');
    if (answer(id, message.answer)) taken.add(id);
    // Said again when the worker died before it heard.
    reply(taken.has(id) ? 'taken' : 'gone');
  };

  // A relay of an earlier installation stops here, before this one listens.
  document.dispatchEvent(new Event('zusage:relay'));
  document.addEventListener('zusage:relay', () => end(true), life);
  document.addEventListener(
    'zusage:ask',
    (event) => {
      const message: FromPage = JSON.parse((event as CustomEvent<string>).detail);
      if ('cancel' in message) cancel(message.id, false);
      else if (!open.has(message.id)) {
        const { id, request } = message;
        open.set(id, request);
        if (request?.length > LONGEST) answer(id, { error: 'TypeError' });
        else if (open.size > MOST) answer(id, REFUSED);
        else void ask(id, request);
      }
    },
    life,
  );
  document.addEventListener('visibilitychange', askAll, life);
  window.addEventListener('pageshow', askAll, life);
  window.addEventListener(
    'pagehide',
    () => {
      for (const id of [...open.keys()]) {
        cancel(id, true);
        toPage({ id, answer: REFUSED });
      }
    },
    life,
  );
  chrome.runtime.onMessage.addListener(hear);
  world.zusageRelay = () => alive() && !life.signal.aborted;
  toPage({ ready: true });
}
