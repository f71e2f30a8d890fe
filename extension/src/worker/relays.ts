import type { Browser } from 'webextension-polyfill';
import type { RelayReply, WorkerMessage } from '../site/wire.ts';
import type { Pending } from './pending.ts';

/** What the browsers say when the tab or the document is gone; anything else may pass. */
const GONE = /receiving end does not exist|no tab with id|invalid tab id|no document with id/i;
/** What Firefox says where it names documents to us and does not let us name them. */
const NOT_NAMED = /unexpected property/i;
const TOP_FRAME = { frameId: 0 };

/** Where a document's relay is. */
type Place = Pick<Pending, 'tabId' | 'documentId'>;

/**
 * Speaks to the relay of exactly one document. Where the browser cannot name it, to whatever is in the tab now: only the
 * document that asked knows the random id of its request, and any other answers `gone`.
 * @returns its reply; `gone` also when there is no such document any more; null when it is not known
 */
export async function tell(
  browser: Browser,
  { tabId, documentId }: Place,
  message: WorkerMessage,
): Promise<RelayReply | null> {
  const to = documentId === undefined ? TOP_FRAME : { documentId };
  try {
    const reply: unknown = await browser.tabs.sendMessage(tabId, message, to);
    return reply === 'taken' || reply === 'alive' || reply === 'gone' ? reply : null;
  } catch (error) {
    const said = String(error);
    if (documentId !== undefined && NOT_NAMED.test(said)) return tell(browser, { tabId }, message);
    return GONE.test(said) ? 'gone' : null;
  }
}
