import { type BrandDocument, parseBrandDocument } from '@zusage/protocol/brand-document';
import type { DidWeb } from '@zusage/protocol/did-web';
import type { LoopbackOption } from '@zusage/protocol/origin';
import type { SessionStore } from '../vault/session.ts';
import { Serial } from '../worker/serial.ts';
import type { Door } from './fetch.ts';

/** Seconds in which a host is asked once, whatever it answers. */
const ONCE_IN = 3600;
/** Hosts remembered; the oldest makes room. */
const REMEMBERED = 64;
/** Characters of documents remembered in all: the session memory also holds the vault's key, and no site may fill it. */
const REMEMBERED_TEXT = 1_000_000;
const KEY = 'network.documents';

/** `text` is null when there was no usable answer; that counts as asked too. */
type Remembered = Record<string, { at: number; text: string | null }>;

export type BrandDocuments = (brand: DidWeb) => Promise<BrandDocument | null>;

/**
 * The brand document of a host, fetched at most hourly for every well-formed request whatever the state (SPEC §3):
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
  const writing = new Serial();
  const asking = new Map<string, Promise<string | null>>();

  async function all(): Promise<Remembered> {
    return ((await session.get(KEY)) ?? {}) as Remembered;
  }

  async function text(brand: DidWeb): Promise<string | null> {
    const known = (await all())[brand.host];
    const age = known === undefined ? Number.NaN : now() - known.at;
    if (known !== undefined && age >= 0 && age < ONCE_IN) return known.text;
    const { documentUrl } = brand;
    const answer = await door(documentUrl).catch(() => null);
    // What is no document is remembered as nothing, however long it is.
    const usable = answer?.status === 200 && (await read(answer.body, brand)) !== null;
    const fetched = { at: now(), text: usable ? answer.body : null };
    await writing.run(async () => {
      const newest = Object.entries({ ...(await all()), [brand.host]: fetched }).sort(
        ([, a], [, b]) => b.at - a.at,
      );
      let left = REMEMBERED_TEXT;
      const kept = newest.slice(0, REMEMBERED).filter(([, { text }]) => {
        left -= text?.length ?? 0;
        return left >= 0;
      });
      await session.set(KEY, Object.fromEntries(kept));
    });
    return fetched.text;
  }

  function read(found: string, brand: DidWeb): Promise<BrandDocument | null> {
    return parseBrandDocument(found, brand, options).catch(() => null);
  }

  return async (brand) => {
    const { host } = brand;
    // Two requests of one page ask once; a slow host keeps no other brand waiting.
    const turn = asking.get(host) ?? text(brand).finally(() => asking.delete(host));
    asking.set(host, turn);
    const found = await turn;
    return found === null ? null : read(found, brand);
  };
}
