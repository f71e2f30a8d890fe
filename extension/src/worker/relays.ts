import type { Browser, Tabs } from 'webextension-polyfill';
import type { RelayReply, WorkerMessage } from '../site/wire.ts';
import type { Pending } from './pending.ts';

/** What the browsers say when the tab or the document is gone; anything else may pass. */
const GONE = /receiving end does not exist|no tab with id|invalid tab id|no document with id/i;

/** Where a document's relay is. */
type Place = Pick<Pending, 'tabId' | 'documentId'>;

/**
 * Speaks to the relay of exactly one document.
 * @returns its reply; `gone` also when there is no such document any more; null when it is not known
 */
export async function tell(
  browser: Browser,
  { tabId, documentId }: Place,
  message: WorkerMessage,
): Promise<RelayReply | null> {
  const to = (
    documentId === undefined ? { frameId: 0 } : { documentId }
  ) as Tabs.SendMessageOptionsType;
  try {
    const reply: unknown = await browser.tabs.sendMessage(tabId, message, to);
    return reply === 'taken' || reply === 'alive' || reply === 'gone' ? reply : null;
  } catch (error) {
    return GONE.test(String(error)) ? 'gone' : null;
  }
}
