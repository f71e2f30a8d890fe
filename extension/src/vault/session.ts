/**
 * The unlocked vault key and its absolute deadline, in the browser's session storage (memory, trusted contexts only), so
 * that an unlocked vault survives the death of the service worker and nothing survives the browser.
 */
import { decodeBase64url, encodeBase64url } from '@zusage/protocol/bytes';
import { isZusageError } from '@zusage/protocol/errors';
import { VaultRefusal } from './errors.ts';
import { KEY_BYTES } from './sodium.ts';

/** What is needed of `chrome.storage.session`. */
export interface SessionStore {
  get(key: string): Promise<unknown>;
  set(key: string, value: unknown): Promise<void>;
  remove(key: string): Promise<void>;
}

const HELD = 'vault.unlocked';
// Apart from the key: a late write of a time must never bring back a key that a lock has just removed.
const SEEN = 'vault.seen';
const MINUTE = 60_000;

interface Held {
  key: string;
  unlockedAt: number;
  deadline: number;
  /** The vault was made in this session: the person has just chosen the passphrase. */
  made?: boolean;
}

export class Session {
  readonly #store: SessionStore;
  readonly #now: () => number;
  #seen = 0;
  /** What lies in the session as `SEEN`; undefined until this worker has looked. */
  #written: number | undefined;

  /** `now` in milliseconds since 1970. */
  constructor(store: SessionStore, now: () => number = Date.now) {
    this.#store = store;
    this.#now = now;
  }

  /** Holds the key for `minutes` from now, whatever happens in between; `made`: of a vault that is new. */
  async start(vaultKey: Uint8Array, minutes: number, made = false): Promise<void> {
    const now = this.#now();
    this.#seen = now;
    await guarded(async () => {
      const held: Held = {
        key: encodeBase64url(vaultKey),
        unlockedAt: now,
        deadline: now + minutes * MINUTE,
        ...(made && { made }),
      };
      await Promise.all([this.#see(now), this.#store.set(HELD, held)]);
    });
  }

  /**
   * The vault key. Every use of it comes through here, and so does every check of the deadline: alarms only tidy up.
   * A clock that went backwards ends the session, because the deadline no longer means anything.
   *
   * @throws VaultRefusal `vault/locked`, `vault/storage`
   */
  async vaultKey(): Promise<Uint8Array> {
    const held = await this.#held();
    if (held === null) throw new VaultRefusal('vault/locked');
    return held.vaultKey;
  }

  /** When the session ends by itself (ms since 1970), or null when there is none: for the alarm and the popup. */
  async deadline(): Promise<number | null> {
    return (await this.#held())?.deadline ?? null;
  }

  /** Whether it is the session in which the vault was made. @throws VaultRefusal `vault/storage` */
  async isFirst(): Promise<boolean> {
    return (await this.#held())?.made === true;
  }

  async #see(now: number): Promise<void> {
    await this.#store.set(SEEN, now);
    this.#written = now;
  }

  /** Forgets the key. */
  async end(): Promise<void> {
    await guarded(() => this.#store.remove(HELD));
  }

  /** What is held while it may be used; what may no longer be used is forgotten here. */
  async #held(): Promise<{ vaultKey: Uint8Array; deadline: number; made: boolean } | null> {
    return guarded(async () => {
      const held = (await this.#store.get(HELD)) as Partial<Held> | undefined;
      if (held === undefined) return null;
      const vaultKey = typeof held.key === 'string' ? keyOf(held.key) : null;
      const deadline = Number(held.deadline);
      // Nobody else writes it, so that one worker reads it once.
      this.#written ??= Number((await this.#store.get(SEEN)) ?? 0);
      const written = this.#written;
      const seen = Math.max(Number(held.unlockedAt), this.#seen, written);
      const now = this.#now();
      // Written so that anything that is not a number fails.
      if (vaultKey?.length !== KEY_BYTES || !(now >= seen && now < deadline)) {
        await this.#store.remove(HELD);
        return null;
      }
      this.#seen = now;
      // Once a second is enough for the next worker; within this one, #seen is exact.
      if (now - written >= 1000) await this.#see(now);
      return { vaultKey, deadline, made: held.made === true };
    });
  }
}

async function guarded<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch {
    throw new VaultRefusal('vault/storage');
  }
}

/** null when what lies in the session is not base64url: then it is no key of ours. */
function keyOf(text: string): Uint8Array | null {
  try {
    return decodeBase64url(text);
  } catch (error) {
    if (isZusageError(error)) return null;
    throw error;
  }
}
