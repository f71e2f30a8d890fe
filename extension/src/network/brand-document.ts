import { type BrandDocument, parseBrandDocument } from '@zusage/protocol/brand-document';
import type { DidWeb } from '@zusage/protocol/did-web';
import type { LoopbackOption } from '@zusage/protocol/origin';
import type { SessionStore } from '../vault/session.ts';
import type { Door } from './fetch.ts';

/** Seconds in which a host is asked once, whatever it answers. */
const ONCE_IN = 3600;
/** Hosts remembered; the oldest makes room. */
const REMEMBERED = 64;
const KEY = 'network.documents';

/** `text` is null when there was no usable answer; that counts as asked too. */
type Remembered = Record<string, { at: number; text: string | null }>;

export type BrandDocuments = (brand: DidWeb) => Promise<BrandDocument | null>;

/**
 * The brand document of a host, fetched at most hourly for every well-formed request whatever the state (PROTOCOL §3):
 * a host that watches its own log must not learn from a missing fetch that it is blocked. Remembered in the browser's
 * session memory; it holds nothing about the person but which hosts asked.
 * @returns null when it cannot be had or read
 */
export function brandDocuments(ports: {
  door: Door;
  session: SessionStore;
  /** NumericDate. */
  now: () => number;
  options: LoopbackOption;
}): BrandDocuments {
  const { door, session, now, options } = ports;
  let last: Promise<unknown> = Promise.resolve();

  async function text({ host, documentUrl }: DidWeb): Promise<string | null> {
    const remembered = ((await session.get(KEY)) ?? {}) as Remembered;
    const known = remembered[host];
    const age = known === undefined ? Number.NaN : now() - known.at;
    if (known !== undefined && age >= 0 && age < ONCE_IN) return known.text;
    const answer = await door(documentUrl).catch(() => null);
    const fetched = { at: now(), text: answer?.status === 200 ? answer.body : null };
    const newest = Object.entries({ ...remembered, [host]: fetched }).sort(
      ([, a], [, b]) => b.at - a.at,
    );
    await session.set(KEY, Object.fromEntries(newest.slice(0, REMEMBERED)));
    return fetched.text;
  }

  return (brand) => {
    // One at a time, so that two requests of one page never ask twice.
    const turn = last.then(async () => {
      const found = await text(brand);
      return found === null
        ? null
        : await parseBrandDocument(found, brand, options).catch(() => null);
    });
    last = turn.catch(() => undefined);
    return turn;
  };
}
