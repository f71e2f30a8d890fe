import { MAX_MESSAGE } from '@zusage/protocol/jws';
import { allowLoopback, isOrigin } from '@zusage/protocol/origin';
import type { Runtime } from 'webextension-polyfill';
import type { RelayMessage } from './wire.ts';

/** Where a message came from, by the browser's word alone. */
export type Admitted = { origin: string; tabId: number; documentId?: string };

/** What the browsers state beyond the polyfill's types; `documentLifecycle` is Chromium's alone. */
export type Sender = Runtime.MessageSender & { origin?: string; documentLifecycle?: string };

/**
 * The one gate for messages of content scripts: our own relay, in the top frame of the active document of a tab, on
 * https (on loopback also http, in builds for development and tests). null for anybody else.
 */
export function admit(
  sender: Sender,
  { ownId, loopback }: { ownId: string; loopback: boolean },
): Admitted | null {
  const tabId = sender.tab?.id;
  if (sender.id !== ownId || tabId === undefined || sender.frameId !== 0) return null;
  // Absent in Firefox, where a document that is not active sends nothing.
  if ((sender.documentLifecycle ?? 'active') !== 'active') return null;
  const origin = sender.origin ?? originOf(sender.url);
  if (origin === null || !isOrigin(origin, { [allowLoopback]: loopback })) return null;
  const { documentId } = sender;
  return { origin, tabId, ...(documentId === undefined ? {} : { documentId }) };
}

function originOf(url: string | undefined): string | null {
  return url !== undefined && URL.canParse(url) ? new URL(url).origin : null;
}

const ID = /^[A-Za-z0-9-]{16,64}$/;

/** The message when it has the one shape of its kind; whatever else it claims is left behind. */
export function relayMessage(message: unknown): RelayMessage | null {
  if (typeof message !== 'object' || message === null) return null;
  const { zusage, id, request, clicked, left } = message as { [member: string]: unknown };
  if (typeof id !== 'string' || !ID.test(id)) return null;
  if (zusage === 'cancel') return { zusage, id, left: left === true };
  if (zusage !== 'ask' || typeof request !== 'string' || request.length > MAX_MESSAGE) return null;
  return { zusage, id, request, clicked: clicked === true };
}
