import type { Connections } from '../site/connections.ts';
import type { Ports } from './ports.ts';

/**
 * As on the first day: no vault, no connected site, no memory. The vault goes first and in one piece; what a worker that
 * dies meanwhile leaves over says nothing of the person, and goes when this is asked for again.
 *
 * @throws VaultRefusal `vault/storage`; then nothing is gone
 */
export async function reset({ browser, vault }: Ports, connections: Connections): Promise<void> {
  await vault.erase();
  await connections.endAll();
  await browser.scripting.unregisterContentScripts();
  await browser.alarms.clearAll();
  await browser.storage.session.clear();
  await browser.storage.local.clear();
}
