/** The ways into the vault: what opens it, and how a passphrase is replaced. Knows nothing of sessions and records. */
import { Attempts } from './attempts.ts';
import type { Header } from './database.ts';
import { VaultError, VaultRefusal } from './errors.ts';
import { type KdfCost, strongest } from './kdf.ts';
import { type PasskeyQuestion, passkeys } from './passkey.ts';
import { passphraseBytes } from './passphrase.ts';
import { type Proof, unwrapBy } from './proof.ts';
import { isRecoveryWrapping } from './recovery-code.ts';
import type { SealedStore } from './sealed-store.ts';
import type { SessionStore } from './session.ts';
import { wipe } from './sodium.ts';
import {
  type PassphraseWrapping,
  passphraseWrapping,
  replaced,
  wrapForPassphrase,
} from './wrapping.ts';

/** The ways in beside the passphrase. */
export interface Ways {
  readonly recovery: boolean;
  readonly passkeys: readonly PasskeyQuestion[];
}

export class Keyring {
  readonly #store: SealedStore;
  readonly #attempts: Attempts;
  readonly #cost: KdfCost;

  /** `local` and `elapsed` are those of `Attempts`; `cost` is what a passphrase costs at least. */
  constructor(store: SealedStore, local: SessionStore, cost: KdfCost, elapsed?: () => number) {
    this.#store = store;
    this.#attempts = new Attempts(local, elapsed);
    this.#cost = cost;
  }

  /** For a vault that is about to be made; `passphrase` is wiped. @throws VaultRefusal `vault/kdf-parameters` */
  first(vaultKey: Uint8Array, passphrase: Uint8Array): PassphraseWrapping {
    const wrapping = wrapForPassphrase(vaultKey, passphrase, this.#cost);
    wipe(passphrase);
    return wrapping;
  }

  /**
   * The vault key; wrong passphrases are counted, and make the next one wait.
   *
   * @throws VaultRefusal, VaultCryptoError as `Vault.prove`
   */
  async open(proof: Proof): Promise<Uint8Array> {
    const vaultKey = await this.attempt(await this.#store.header(), proof);
    await this.forgetAttempts();
    return vaultKey;
  }

  /** As `open`, but the attempt stays counted until `forgetAttempts`. `header`: as it was just read. */
  async attempt(header: Header | undefined, proof: Proof): Promise<Uint8Array> {
    if (header === undefined) throw new VaultRefusal('vault/none');
    if ('passphrase' in proof) {
      wipe(passphraseBytes(proof.passphrase));
      await this.#attempts.begin();
    }
    return unwrapBy(header.wrappings, proof);
  }

  /** Milliseconds until a passphrase may be tried again. @throws VaultRefusal `vault/storage` */
  wait(): Promise<number> {
    return this.#attempts.wait();
  }

  /** Nothing is counted any more. @throws VaultRefusal `vault/storage` */
  forgetAttempts(): Promise<void> {
    return this.#attempts.forget();
  }

  /** @throws VaultRefusal `vault/storage` */
  async ways(): Promise<Ways> {
    return waysIn(await this.#store.header());
  }

  /** Another passphrase, in one write. @throws as `open`, and VaultRefusal `vault/read-only` */
  async changePassphrase(proof: Proof, next: string): Promise<void> {
    const bytes = passphraseBytes(next);
    const vaultKey = await this.open(proof);
    await this.#wrapAnew(vaultKey, bytes);
    wipe(vaultKey);
  }

  /**
   * Wraps a passphrase anew that was stretched less than is usual now. It comes after an unlock, which it must not spoil:
   * where nothing can be written, the next unlock tries again.
   */
  async strengthen(header: Header, vaultKey: Uint8Array, passphrase: string): Promise<void> {
    try {
      const { kdf } = passphraseWrapping(header.wrappings);
      const { passes, memory } = strongest(kdf, this.#cost);
      if (passes === kdf.passes && memory === kdf.memory) return;
      await this.#wrapAnew(vaultKey, passphraseBytes(passphrase));
    } catch (error) {
      if (!(error instanceof VaultError)) throw error;
    }
  }

  async #wrapAnew(vaultKey: Uint8Array, passphrase: Uint8Array): Promise<void> {
    const before = passphraseWrapping((await this.#store.header())?.wrappings ?? []);
    const wrapping = wrapForPassphrase(vaultKey, passphrase, strongest(before.kdf, this.#cost));
    wipe(passphrase);
    await this.#store.rewrap((current) => replaced(current, wrapping));
  }
}

export function waysIn(header: Header | undefined): Ways {
  const wrappings = header?.wrappings ?? [];
  return {
    recovery: wrappings.some(isRecoveryWrapping),
    passkeys: passkeys(wrappings).map(({ id, salt }) => ({ id, salt })),
  };
}
