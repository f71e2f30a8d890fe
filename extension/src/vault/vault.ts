/** The vault. One instance for the extension, in its service worker; pages ask the worker. */
import {
  type Contents,
  countOf,
  type Remembered,
  type RememberedKind,
  readContents,
  remembered,
  rememberedAt,
} from './contents.ts';
import { type Header, type SealedRow, stored, VaultDatabase } from './database.ts';
import { VaultCryptoError, VaultRefusal } from './errors.ts';
import { DEFAULT_COST, type KdfCost } from './kdf.ts';
import { Keyring, type Ways, waysIn } from './keyring.ts';
import type { Integrity } from './manifest.ts';
import { passphraseBytes } from './passphrase.ts';
import type { Proof } from './proof.ts';
import { SCHEMA_VERSION } from './record.ts';
import {
  type Kind,
  type Kinds,
  SETTINGS,
  type SettingsRecord,
  type VaultEntry,
} from './records.ts';
import {
  type Change,
  newStopRoot,
  type RecordWrite,
  type Rewrap,
  SealedStore,
} from './sealed-store.ts';
import { Session, type SessionStore } from './session.ts';
import { randomBytes, ready, wipe } from './sodium.ts';
import { subkey } from './subkeys.ts';

export type VaultState = 'none' | 'locked' | 'unlocked' | 'newer';

export interface VaultOptions {
  readonly session: SessionStore;
  /** Outlives the browser: wrong passphrases are counted there. Without it the session counts them. */
  readonly local?: SessionStore;
  /** Milliseconds that pass evenly, whatever is done to the clock. */
  readonly elapsed?: () => number;
  readonly database?: VaultDatabase;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  readonly cost?: KdfCost;
}

const DEFAULT_MINUTES = 15;
/** In `local`: there is a vault on this disk. */
const MADE = 'vault.made';

/** New ways in, and the settings that speak of them. */
export interface RewrapWithSettings {
  readonly wrappings: Rewrap;
  readonly settings: (current: SettingsRecord) => SettingsRecord;
}

export interface VaultLook {
  readonly state: VaultState;
  /** As `isLost`. */
  readonly lost: boolean;
  /** As `wait`. */
  readonly wait: number;
  readonly ways: Ways;
  /** null while locked; the settings are undefined when they were lost. */
  readonly inside: {
    readonly attributes: number;
    readonly settings: SettingsRecord | undefined;
    readonly integrity: Integrity;
  } | null;
}

/** What an operation on an unlocked vault works with. */
interface Unlocked {
  readonly recordsKey: Uint8Array;
  readonly contents: Contents;
  /** Puts new contents in the place of the old, unless the vault was locked meanwhile. */
  readonly keep: (contents: Contents) => void;
}

export class Vault {
  readonly #store: SealedStore;
  readonly #session: Session;
  readonly #keyring: Keyring;
  readonly #local: SessionStore;
  #contents: Contents | null = null;
  /** Rises with every lock; what began before it must not finish after it. */
  #locks = 0;
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: VaultOptions) {
    this.#store = new SealedStore(options.database ?? new VaultDatabase());
    this.#session = new Session(options.session, options.now);
    this.#local = options.local ?? options.session;
    const cost = options.cost ?? DEFAULT_COST;
    this.#keyring = new Keyring(this.#store, this.#local, cost, options.elapsed);
  }

  /**
   * `newer` whenever the vault on the disk was written by a newer version, locked or not: `unlock` then gives reading
   * only. Whether it is unlocked, `deadline` says.
   *
   * @throws VaultRefusal `vault/storage`
   */
  state(): Promise<VaultState> {
    return this.#inTurn(async () => {
      const [header, deadline] = await Promise.all([
        this.#store.header(),
        this.#session.deadline(),
      ]);
      return stateOf(header, deadline);
    });
  }

  /**
   * There was a vault, nobody erased it, and the database holds none: it was cleared behind us.
   *
   * @throws VaultRefusal `vault/storage`
   */
  async isLost(): Promise<boolean> {
    if ((await this.state()) !== 'none') return false;
    return stored(async () => (await this.#local.get(MADE)) === true);
  }

  /** What a person is told of the vault, at one moment. @throws VaultRefusal `vault/storage` */
  look(): Promise<VaultLook> {
    return this.#inTurn(async (locks) => {
      const [header, deadline, wait, made] = await Promise.all([
        this.#store.header(),
        this.#session.deadline(),
        this.#keyring.wait(),
        stored(() => this.#local.get(MADE)),
      ]);
      const state = stateOf(header, deadline);
      const look = { state, lost: state === 'none' && made === true, wait, ways: waysIn(header) };
      // The key may have outlived the vault, when the browser's data was cleared behind us.
      if (state === 'none' || deadline === null) return { ...look, inside: null };
      const contents = this.#contents ?? (await this.#load(locks));
      if (locks !== this.#locks) throw new VaultRefusal('vault/locked');
      const settings = rememberedAt(contents, 'settings', SETTINGS)?.value;
      const attributes = countOf(contents, 'attribute');
      return { ...look, inside: { attributes, settings, integrity: contents.integrity } };
    });
  }

  /** When it will lock by itself (ms since 1970); null when it is locked. @throws VaultRefusal `vault/storage` */
  deadline(): Promise<number | null> {
    return this.#inTurn(() => this.#session.deadline());
  }

  /**
   * Makes a vault and unlocks it. `vaultService` is the origin the person chose; `settings` and `entries` are what it
   * holds from the beginning, when it is restored. Its stop root is new in any case.
   *
   * @throws VaultRefusal `vault/exists`, `vault/passphrase`, `vault/kdf-parameters`, `vault/storage`
   */
  create(
    passphrase: string,
    options: {
      readonly vaultService: string;
      readonly lang?: 'en' | 'de';
      readonly settings?: Partial<SettingsRecord>;
      readonly entries?: readonly VaultEntry[];
    },
  ): Promise<void> {
    return this.#inTurn(async (locks) => {
      const bytes = passphraseBytes(passphrase);
      if ((await this.#store.header()) !== undefined) throw new VaultRefusal('vault/exists');
      const vaultKey = randomBytes(32);
      const wrapping = this.#keyring.first(vaultKey, bytes);
      const recordsKey = subkey(vaultKey, 'records');
      // Only the passphrase opens a new vault: a restored one needs a kit and passkeys of its own.
      const { kit: _kit, passkeys: _passkeys, ...restored } = options.settings ?? {};
      const settings: SettingsRecord = {
        lang: options.lang ?? 'en',
        blockedBrands: [],
        deadlineMinutes: DEFAULT_MINUTES,
        ...restored,
        vaultService: options.vaultService,
        stopRoot: newStopRoot(),
        nextStopIndex: 0,
      };
      const contents = await this.#store.create(recordsKey, wrapping, settings, options.entries);
      wipe(recordsKey);
      await this.#begin(vaultKey, contents, settings.deadlineMinutes, locks, true);
    });
  }

  /**
   * Opens the vault until its absolute deadline; a bare text is the passphrase. What does not match the manifest is
   * reported by `integrity`, not thrown. A passphrase that was stretched less than is usual now is wrapped anew.
   *
   * @throws VaultRefusal `vault/none`, `vault/passphrase`, `vault/kdf-parameters`, `vault/storage`; `vault/locked` when
   *   it was locked meanwhile; else as `prove`.
   * @throws VaultCryptoError as `prove`
   */
  unlock(proof: string | Proof): Promise<void> {
    return this.#inTurn(async (locks) => {
      const shown = typeof proof === 'string' ? { passphrase: proof } : proof;
      const { header, rows } = await this.#store.ahead.take();
      if (header === undefined) throw new VaultRefusal('vault/none');
      const vaultKey = await this.#keyring.attempt(header, shown);
      // On its way while the rows are opened.
      const forgotten = this.#keyring.forgetAttempts();
      const [contents] = await Promise.all([
        rows.then((read) => this.#opened(vaultKey, header, read)),
        forgotten,
      ]);
      const settings = rememberedAt(contents, 'settings', SETTINGS)?.value;
      this.#store.ahead.drop();
      const again = Uint8Array.from(vaultKey);
      await this.#begin(vaultKey, contents, settings?.deadlineMinutes ?? DEFAULT_MINUTES, locks);
      if ('passphrase' in shown) await this.#keyring.strengthen(header, again, shown.passphrase);
      wipe(again);
    });
  }

  /** The person is about to unlock: what lies on the disk is read, and nothing of it opened. */
  prepareUnlock(): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#contents === null) this.#store.ahead.begin();
    });
  }

  /** Milliseconds until a passphrase may be tried again. @throws VaultRefusal `vault/storage` */
  wait(): Promise<number> {
    return this.#inTurn(() => this.#keyring.wait());
  }

  /** Whether the vault was made in this session, so that the person has just chosen the passphrase. */
  isFirstSession(): Promise<boolean> {
    return this.#inTurn(() => this.#session.isFirst());
  }

  /** The ways in beside the passphrase, also while locked. @throws VaultRefusal `vault/storage` */
  ways(): Promise<Ways> {
    return this.#inTurn(() => this.#keyring.ways());
  }

  /**
   * Whether this is the person, before something that gives lasting access.
   *
   * @throws VaultRefusal `vault/none`, `vault/wait`, `vault/passphrase`, `vault/code`, `vault/other-code`,
   *   `vault/no-kit`, `vault/kdf-parameters`, `vault/storage`
   * @throws VaultCryptoError `vault/wrong-passphrase`, `vault/wrong-code`, `vault/wrong-passkey`, `vault/corrupt`
   */
  prove(proof: Proof): Promise<void> {
    return this.#inTurn(async () => wipe(await this.#keyring.open(proof)));
  }

  /**
   * A new passphrase in the place of the old one, in one write; no record is touched, and the old wrapping is gone. The
   * work to guess it never becomes less.
   *
   * @throws VaultRefusal `vault/read-only`, and as `prove`
   */
  changePassphrase(proof: Proof, next: string): Promise<void> {
    return this.#inTurn(() => this.#keyring.changePassphrase(proof, next));
  }

  /**
   * Changes ways in and settings in one transaction. `wrap` is given the vault key, which is wiped afterwards.
   *
   * @throws as `put`
   */
  rewrap(wrap: (vaultKey: Uint8Array) => Promise<RewrapWithSettings>): Promise<SettingsRecord> {
    return this.#unlocked(async ({ recordsKey, contents, keep }) => {
      const vaultKey = await this.#session.vaultKey();
      const { wrappings, settings } = await wrap(vaultKey);
      wipe(vaultKey);
      const change: Change<'settings'> = (current) => {
        if (current === undefined) throw new VaultCryptoError('vault/corrupt');
        return settings(current);
      };
      const write = { kind: 'settings', key: SETTINGS, change } as const;
      const written = await this.#store.write(recordsKey, contents, [write], wrappings);
      keep(written.contents);
      return written.values[0] as SettingsRecord;
    });
  }

  /**
   * Forgets key and index at once. What is under way fails with `vault/locked`; a write among it may have been done.
   *
   * @throws VaultRefusal `vault/storage`
   */
  async lock(): Promise<void> {
    this.#locks += 1;
    this.#contents = null;
    await this.#session.end();
  }

  /** After a start of the worker: reads everything again when the session still holds the key. Other calls do so themselves. */
  async open(): Promise<VaultState> {
    if ((await this.deadline()) !== null) await this.integrity();
    return this.state();
  }

  /**
   * What the check against the manifest found. While it is not ok, blocks count for everybody (`isBlocked`), no stop
   * index is given out, and no grant may be taken for still active.
   *
   * @throws VaultRefusal `vault/locked`, `vault/storage`
   */
  integrity(): Promise<Integrity> {
    return this.#unlocked(async ({ contents }) => contents.integrity);
  }

  /**
   * The record, or undefined.
   *
   * @throws VaultRefusal `vault/locked`, `vault/storage`
   * @throws VaultCryptoError `vault/corrupt`, `vault/rolled-back` when the row was altered since the vault was opened.
   */
  get<K extends Kind>(kind: K, key: string): Promise<Kinds[K] | undefined> {
    return this.#unlocked(({ recordsKey, contents }) =>
      this.#store.read(recordsKey, contents, kind, key),
    );
  }

  /** All records of a kind, in no order that means anything. @throws as `get`. */
  all<K extends Kind>(kind: K): Promise<Kinds[K][]> {
    return this.#unlocked(({ recordsKey, contents }) =>
      this.#store.readAll(recordsKey, contents, kind),
    );
  }

  /** How many records there are of a kind. @throws VaultRefusal `vault/locked`, `vault/storage` */
  count(kind: Kind): Promise<number> {
    return this.#unlocked(async ({ contents }) => countOf(contents, kind));
  }

  /**
   * All records of a kind as they were last read or written here, from memory: for lists and for search. The same
   * objects each time, until they change; not to be changed by the caller.
   *
   * @throws VaultRefusal `vault/locked`, `vault/storage`
   */
  async remembered<K extends RememberedKind>(kind: K): Promise<Kinds[K][]> {
    return (await this.listed(kind)).map(({ value }) => value);
  }

  /**
   * As `remembered`, by key: each value is parsed when it is first asked for, so that a list of thousands is there at
   * once. The same objects each time, until the record changes.
   *
   * @throws VaultRefusal `vault/locked`, `vault/storage`
   */
  listed<K extends RememberedKind>(kind: K): Promise<Remembered<Kinds[K]>[]> {
    return this.#unlocked(async ({ contents }) => remembered(contents, kind));
  }

  /** Every record of the vault, at one moment. @throws as `get`. */
  everything(): Promise<VaultEntry[]> {
    return this.#unlocked(({ recordsKey, contents }) =>
      this.#store.readEverything(recordsKey, contents),
    );
  }

  /**
   * Writes a record, new or over the old one; durable when it resolves.
   *
   * @throws VaultRefusal `vault/locked`, `vault/read-only`, `vault/storage`
   * @throws VaultCryptoError `vault/corrupt` when the manifest is lost, `vault/rolled-back`
   */
  async put<K extends Kind>(kind: K, key: string, value: Kinds[K]): Promise<void> {
    await this.#change(kind, key, () => value);
  }

  /** Removes a record; nothing happens when there is none. @throws as `put`. */
  async remove(kind: Kind, key: string): Promise<void> {
    await this.#change(kind, key, () => undefined);
  }

  /**
   * Reads, changes and writes a record with no other write in between, and resolves to what was written. `change` is
   * synchronous because it runs inside the transaction; what it throws is passed on and nothing is written.
   *
   * @throws as `put` and `get`.
   */
  async update<K extends Kind>(
    kind: K,
    key: string,
    change: (current: Kinds[K] | undefined) => Kinds[K],
  ): Promise<Kinds[K]> {
    return (await this.#change(kind, key, change)) as Kinds[K];
  }

  /**
   * Writes several records of any kinds, all of them or none, with no other write in between; durable when it resolves,
   * and a worker killed at any moment leaves none or all. A `change` is as in `update`, but gives undefined to remove.
   * Of two for the same record the later sees what the earlier left.
   *
   * @returns what each left, in the same order; undefined for a record that is not there afterwards
   * @throws as `put` and `get`.
   */
  putAll(writes: readonly RecordWrite[]): Promise<unknown[]> {
    return this.#unlocked(async ({ recordsKey, contents, keep }) => {
      const written = await this.#store.write(recordsKey, contents, writes);
      keep(written.contents);
      return written.values;
    });
  }

  /**
   * The next index of the stop sheet (SPEC §8). Its successor is on the disk before it is returned, so it is
   * never given out twice, at the price that a killed worker may waste one.
   *
   * @throws VaultCryptoError `vault/rolled-back` while the integrity is not ok: the counter may be an old one.
   * @throws as `put`.
   */
  async takeStopIndex(): Promise<number> {
    const settings = await this.#change('settings', SETTINGS, (current, { ok }) => {
      if (!ok || current === undefined) throw new VaultCryptoError('vault/rolled-back');
      return { ...current, nextStopIndex: current.nextStopIndex + 1 };
    });
    return (settings as SettingsRecord).nextStopIndex - 1;
  }

  /** Whether the person blocked this brand; true for every brand while the list cannot be trusted. @throws as `get`. */
  isBlocked(did: string): Promise<boolean> {
    return this.#unlocked(async ({ recordsKey, contents }) => {
      if (!contents.integrity.ok) return true;
      const settings = await this.#store.read(recordsKey, contents, 'settings', SETTINGS);
      return settings?.blockedBrands.includes(did) ?? true;
    });
  }

  /**
   * The person has read what `integrity` found and goes on with what is left: what is not readable is removed, and a
   * new stop root is drawn, because the old counter may repeat an index (a new sheet must be printed). Nothing happens
   * when nothing was lost.
   *
   * @throws VaultRefusal `vault/locked`, `vault/read-only`, `vault/storage`
   */
  acceptLoss(): Promise<void> {
    return this.#unlocked(async ({ recordsKey, contents, keep }) => {
      if (contents.integrity.ok) return;
      // Where the settings are lost, too: a service that was pinned is one that the person chose.
      const [vaultService = ''] = contents.index.get('service')?.keys() ?? [];
      const deadlineMinutes = DEFAULT_MINUTES;
      const without = { lang: 'en', vaultService, blockedBrands: [], deadlineMinutes } as const;
      keep(await this.#store.acceptLoss(recordsKey, without));
    });
  }

  /**
   * Deletes the vault, whatever state it is in: no record, no wrapping, no key is left.
   *
   * @throws VaultRefusal `vault/storage`; then it is all still there.
   */
  async erase(): Promise<void> {
    await this.#inTurn(() => this.#store.erase());
    await this.lock();
    await this.#keyring.forgetAttempts();
    await stored(() => this.#local.remove(MADE));
  }

  async #change<K extends Kind>(
    kind: K,
    key: string,
    change: Change<K>,
  ): Promise<Kinds[K] | undefined> {
    const write = { kind, key, change } as { kind: Kind } as RecordWrite;
    const [value] = await this.putAll([write]);
    return value as Kinds[K] | undefined;
  }

  #opened(vaultKey: Uint8Array, header: Header, rows: readonly SealedRow[]): Contents {
    const recordsKey = subkey(vaultKey, 'records');
    const contents = readContents(recordsKey, header, rows);
    wipe(recordsKey);
    return contents;
  }

  async #load(locks: number): Promise<Contents> {
    const recordsKey = await this.#recordsKey();
    try {
      const contents = await this.#store.load(recordsKey);
      if (locks === this.#locks) this.#contents = contents;
      return contents;
    } finally {
      wipe(recordsKey);
    }
  }

  /** Runs with key and index, in turn; fails when the vault is locked, and also when it is locked before the end. */
  #unlocked<T>(work: (unlocked: Unlocked) => Promise<T>): Promise<T> {
    return this.#inTurn(async (locks) => {
      const recordsKey = await this.#recordsKey();
      const keep = (contents: Contents) => {
        if (locks === this.#locks) this.#contents = contents;
      };
      try {
        const contents = this.#contents ?? (await this.#store.load(recordsKey));
        keep(contents);
        const result = await work({ recordsKey, contents, keep });
        if (locks !== this.#locks) throw new VaultRefusal('vault/locked');
        return result;
      } finally {
        wipe(recordsKey);
      }
    });
  }

  async #recordsKey(): Promise<Uint8Array> {
    try {
      const vaultKey = await this.#session.vaultKey();
      const recordsKey = subkey(vaultKey, 'records');
      wipe(vaultKey);
      return recordsKey;
    } catch (error) {
      this.#contents = null;
      throw error;
    }
  }

  async #begin(
    vaultKey: Uint8Array,
    contents: Contents,
    minutes: number,
    locks: number,
    made = false,
  ): Promise<void> {
    if (locks !== this.#locks) throw new VaultRefusal('vault/locked');
    await Promise.all([
      this.#session.start(vaultKey, minutes, made),
      // A full disk keeps nobody out; it is noted the next time.
      this.#local.set(MADE, true).catch(() => undefined),
    ]);
    wipe(vaultKey);
    if (locks !== this.#locks) {
      await this.#session.end();
      throw new VaultRefusal('vault/locked');
    }
    this.#contents = contents;
  }

  /** One thing at a time, in the order it was asked for; a failure does not stop what comes after it. */
  #inTurn<T>(work: (locks: number) => Promise<T>): Promise<T> {
    const locks = this.#locks;
    const turn = this.#last.then(async () => {
      await ready;
      return work(locks);
    });
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}

function stateOf(header: Header | undefined, deadline: number | null): VaultState {
  if (header === undefined) return 'none';
  if (header.version > SCHEMA_VERSION) return 'newer';
  return deadline === null ? 'locked' : 'unlocked';
}
