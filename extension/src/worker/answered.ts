import { hashOf } from '@zusage/protocol/crypto';
import type { ParsedRequest } from '@zusage/protocol/request';
import type { Browser } from 'webextension-polyfill';
import { Serial } from './serial.ts';

const KEY = 'answered';
/** Seconds after `exp` until which the service may still register a grant for the request (SPEC §7.1). */
const KEPT_AFTER_EXPIRY = 720;

/** Names a request as SPEC §1 tells requests apart; a hash, so that session memory lists no brands. */
export function requestId({ payload }: ParsedRequest): Promise<string> {
  return hashOf(JSON.stringify([payload.client_id, payload.nonce]));
}

/**
 * The requests a person has answered, as far as this session of the browser knows. The vault has its own list; this
 * one also counts while it is locked.
 */
export class Answered {
  readonly #area: Browser['storage']['session'];
  readonly #serial = new Serial();

  constructor(browser: Browser) {
    this.#area = browser.storage.session;
  }

  /** @param key of the ask that may have answered it itself */
  async byAnother(id: string, key: string): Promise<boolean> {
    const by = (await this.#read())[id]?.by;
    return by !== undefined && by !== key;
  }

  /** @param exp NumericDate, @param now milliseconds */
  mark(id: string, key: string, exp: number, now: number): Promise<void> {
    return this.#serial.run(async () => {
      const kept = Object.entries(await this.#read()).filter(
        ([, other]) => other.exp + KEPT_AFTER_EXPIRY > now / 1000,
      );
      await this.#area.set({ [KEY]: { [id]: { by: key, exp }, ...Object.fromEntries(kept) } });
    });
  }

  async #read(): Promise<{ [id: string]: { by: string; exp: number } }> {
    return (
      ((await this.#area.get(KEY))[KEY] as { [id: string]: { by: string; exp: number } }) ?? {}
    );
  }
}
