/** What passes between a page's provider, the relay of its document and the worker. Types only: it costs no bytes. */

/** What a page is told in the end. Nothing else about a failure ever reaches it. */
export type PageAnswer = { response: string } | { error: 'NotAllowedError' | 'TypeError' };

/** Provider → relay, as the JSON text in a `zusage:ask` event. `id` is random. */
export type FromPage = { id: string; request: string } | { id: string; cancel: true };

/** Relay → provider, as the JSON text in a `zusage:answer` event; the provider takes an answer by `preventDefault`. */
export type ToPage = { id: string; answer: PageAnswer } | { ready: true } | { off: true };

/**
 * Relay → worker. `clicked`: the person had just clicked or typed in the page (the browser's user activation). `left`:
 * not the page's signal, but the end of its document or of its connection.
 */
export type RelayMessage =
  | { zusage: 'ask'; id: string; request: string; clicked: boolean }
  | { zusage: 'cancel'; id: string; left: boolean };

/** The worker's answer to `ask`: a decision follows as a message of its own, or this is it. */
export type AskReply = 'pending' | PageAnswer;

/** Worker → relay. `alive`: does the document still wait for this request? */
export type WorkerMessage =
  | { zusage: 'answer'; id: string; answer: PageAnswer }
  | { zusage: 'alive'; id: string }
  /** This site is disconnected; a relay of any other goes on. */
  | { zusage: 'off'; origin: string };

/** The relay's answer to `answer` and `alive`; nothing is answered to `off`. */
export type RelayReply = 'taken' | 'alive' | 'gone';
