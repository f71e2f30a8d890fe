import { setTimeout as wait } from 'node:timers/promises';
import { isZusageError } from '@zusage/protocol/errors';
import type { Grant } from '@zusage/protocol/grant';
import { type ReceiptEvent, verifyReceipt } from '@zusage/protocol/receipt';
import { verifyStatusList } from '@zusage/protocol/status-list';
import { parseVaultKeys, type VaultKey } from '@zusage/protocol/vault-metadata';
import { type Answer, call, type World } from '@zusage/vault-api/testing/world';
import { type Model, statusOf } from './model.ts';

/** A grant that the service signs something about, and what holds of it. */
type Signed = { readonly grant: Grant; readonly model: Model };
/** Takes down in words what the service said and should not have said. */
export type Disagree = (text: string) => void;

/** Seconds around the end of an undo window in which the two clocks may disagree: nothing is asked then. */
export const DOUBT = 5;

export const clock = () => Math.floor(Date.now() / 1000);

/** Repeats what was refused for load when the service says that it may. */
export async function patient(ask: () => Promise<Answer>): Promise<Answer> {
  for (;;) {
    const answer = await ask();
    if (answer.status !== 429 || !String(answer.body['code']).startsWith('http/')) return answer;
    await wait(1000 * Number(answer.headers.get('retry-after') ?? 1));
  }
}

/** Those with which the service signs. */
export async function keysOf(api: string): Promise<VaultKey[]> {
  const at = { vault: { url: api } } as World;
  return parseVaultKeys((await patient(() => call(at, '/jwks.json'))).text);
}

/** A receipt that an extension would take, of the entry that the model is at. */
export async function compareReceipt(
  { grant, model }: Signed,
  { receipt, event }: { receipt: unknown; event: ReceiptEvent },
  keys: readonly VaultKey[],
  disagree: Disagree,
): Promise<void> {
  const vault = new URL(grant.claims.status.status_list.uri).origin;
  try {
    const { claims } = await verifyReceipt(String(receipt), grant, { vault, keys, event });
    if (claims.seq !== model.seq) disagree(`the receipt is of entry ${claims.seq}`);
  } catch (error) {
    if (!isZusageError(error)) throw error;
    disagree(`the receipt of "${event}" is none: ${error.code}`);
  }
}

/** Every entry of the lists, as a brand reads them; a list may be two seconds old. */
export async function compareLists(
  keys: readonly VaultKey[],
  sharings: readonly Signed[],
  disagree: Disagree,
): Promise<void> {
  await wait(2000);
  const uris = new Set(sharings.map(({ grant }) => grant.claims.status.status_list.uri));
  for (const uri of uris) {
    const at = { vault: { url: new URL(uri).origin } } as World;
    const { text } = await patient(() => call(at, new URL(uri).pathname));
    const now = clock();
    const list = await verifyStatusList(text, { uri, now, keys });
    for (const { grant, model } of sharings) {
      const place = grant.claims.status.status_list;
      if (place.uri !== uri) continue;
      if (model.undoUntil !== null && Math.abs(now - model.undoUntil) <= DOUBT) continue;
      const said = list.get(place.idx);
      const expected = statusOf(model, now);
      if (said !== expected) disagree(`the status list says ${said}, expected ${expected}`);
    }
  }
}
