import type { BrandDocument } from '@zusage/protocol/brand-document';
import type { AuthorizationDetails } from '@zusage/protocol/grant';
import type { PublicJwk } from '@zusage/protocol/jwk';
import type { ReceiptEvent } from '@zusage/protocol/receipt';
import type { LogEntry } from '../log-entry.ts';

// All times are NumericDate (seconds, UTC) by the caller's clock.

export type BrandRecord = {
  readonly did: string;
  /** As last read, with those of its keys alone that count. */
  readonly document: BrandDocument;
  readonly enrolledAt: number;
  /** When the document was last asked for. */
  readonly readAt: number;
  /** Set while its document holds none of the earlier keys; `document` is then the earlier one. */
  readonly frozenAt: number | null;
};

export type BrandChange = {
  /** What the decision was made on; null for a brand that nobody knew. */
  readonly from: BrandRecord | null;
  readonly to: BrandRecord;
  readonly log: readonly LogEntry[];
  /** The enrolment's single use. */
  readonly once?: { readonly nonce: string; readonly until: number };
};

export type TokenRecord = {
  /** base64url SHA-256 of the token. */
  readonly hash: string;
  readonly did: string;
  /** Thumbprint of the brand's key that got it. */
  readonly key: string;
  /** The client assertion that got it: evidence for what is done with it. */
  readonly assertion: string;
  readonly expires: number;
};

export type Slot = {
  readonly list: number;
  readonly idx: number;
  readonly created: number;
  readonly expires: number;
};

/** Requests are told apart by (`clientId`, `nonce`), never by their signed bytes. */
export type RequestKey = { readonly clientId: string; readonly nonce: string };

export type Reservation = RequestKey & {
  readonly requestHash: string;
  readonly pseudonym: string;
  readonly now: number;
  readonly expires: number;
  /** Most open slots of one request, and of one brand. */
  readonly maxOfRequest: number;
  readonly maxOfBrand: number;
};

export type EndedBy = 'withdrawn' | 'replaced' | 'returned' | 'stopped';

/** What changes of a grant; `stateOf` in grant-state.ts says what it means at a given time. */
export type GrantCondition = {
  readonly paused: boolean;
  /** Suspended since the log followed another one, until the person has said again what is missing. */
  readonly isRecovering?: boolean;
  readonly endedBy: EndedBy | null;
  readonly endedAt: number | null;
  /** While it lies ahead, a withdrawal can be undone. */
  readonly undoUntil: number | null;
  /** The brand has confirmed that it erased the values. */
  readonly returned: boolean;
};

export type GrantRecord = GrantCondition & {
  readonly jti: string;
  readonly hash: string;
  readonly requestHash: string;
  readonly termsHash: string;
  readonly stop: string;
  readonly aud: string;
  readonly list: number;
  readonly idx: number;
  readonly nbf: number;
  readonly exp: number;
  readonly registeredAt: number;
  /** Number of its latest entry; registration is 0. */
  readonly seq: number;
  /** Thumbprint of the brand's key that signed the request. */
  readonly brandKey: string;
  /** What is the person's own; null once erased. */
  readonly person: {
    readonly pseudonym: string;
    readonly key: PublicJwk;
    readonly details: AuthorizationDetails;
  } | null;
};

/** Everything in a status list; what is in neither part was never registered. */
export type StatusEntries = {
  /** Places of grants that are neither suspended nor ended. */
  readonly active: readonly number[];
  /** All others, by place. */
  readonly others: readonly (GrantCondition & { readonly idx: number })[];
};

/** What a decision looks at: all of a living grant that says who may use what, when and what for. */
export type GrantTerms = GrantCondition &
  Pick<GrantRecord, 'jti' | 'nbf' | 'exp' | 'seq'> & {
    readonly person: Pick<NonNullable<GrantRecord['person']>, 'details'> | null;
  };

/** One numbered entry of a grant, with the row that waits for the log. */
export type Entry = {
  readonly seq: number;
  readonly event: ReceiptEvent;
  readonly at: number;
  /** The person's signed event: its `jti`, SHA-256 of its signing input, and the answer that is given again. */
  readonly act: { readonly jti: string; readonly hash: string; readonly answer: string } | null;
  /** What proves it: an event's JWS, a stop value, a client assertion. */
  readonly evidence: string | null;
  /** null for what happens after erasure: there is nobody left to address. */
  readonly receipt: ReceiptDraft | null;
  readonly log: LogEntry;
};

/** Claims of a receipt but `log` and `stream`: it is signed when its entry gets its index. */
export type ReceiptDraft = object;

export type GrantChange = {
  readonly grant: string;
  /** The entry number the decision was made on. */
  readonly from: number;
  readonly to: GrantCondition;
  readonly entry: Entry;
  /** Forget JWT, pseudonym, key, datatypes, checks, counters, answers and evidence of the person. */
  readonly erase: boolean;
};

export type Registration = {
  readonly grant: GrantRecord;
  readonly jwt: string;
  readonly request: RequestKey;
  /** How long the request's (client_id, nonce) is remembered. */
  readonly requestUntil: number;
  readonly entry: Entry;
  readonly now: number;
  /** The end of the grant it replaces. */
  readonly replaced: GrantChange | null;
};

export type CheckLeaf = {
  readonly kind: 'evaluation' | 'introspection';
  readonly brand: string;
  readonly purpose: string;
  readonly attributes: readonly string[];
  readonly at: number;
  readonly decision: boolean;
  readonly reason: string | null;
  /** The `jti` of a grant that was asked about; null when there is none. */
  readonly grant: string | null;
};
export type UseLimit = { readonly window: number; readonly uses: number };
/** With `limit`, the check is a use that counts in this window. */
export type Check = { readonly leaf: CheckLeaf; readonly limit?: UseLimit | undefined };

/** The grants a check is about: the audience's, of these people or with these `jti`. */
export type GrantsAsked = {
  readonly aud: string;
  readonly by: 'pseudonym' | 'jti';
  readonly keys: readonly string[];
  /** Most of one pseudonym, the latest. */
  readonly max: number;
  /** Hash of the key under which the caller may have asked the same before. */
  readonly once?: string | undefined;
};

/** What a caller is told again when it repeats itself. */
export type Told = {
  readonly brand: string;
  /** Hash of the caller's key. */
  readonly key: string;
  /** What tells another request under the same key. */
  readonly request: string;
  readonly at: number;
  /** JSON; names nobody. */
  readonly answers: string;
};

/** What a decision is made on, all of one moment. */
export type Standing = {
  /** By what they were asked for, the latest first; erased ones are left out. */
  readonly grants: ReadonlyMap<string, readonly GrantTerms[]>;
  /** Uses counted so far. */
  readonly usesOf: (jti: string, window: number) => number;
  /** What the caller was told under the key of `once`; kept a day. */
  readonly told: Told | null;
};

/** A decision, and what is to be recorded of it. */
export type Decided<T> = {
  readonly answer: T;
  readonly checks: readonly Check[];
  /** To be told again. */
  readonly told?: Told | undefined;
};

/** What a brand asked a list of: the people, attributes or purposes that fit. */
export type SearchKind = 'subject' | 'resource' | 'action';

export type SearchLeaf = {
  readonly kind: SearchKind;
  readonly brand: string;
  /** null where it was what was asked for. */
  readonly purpose: string | null;
  readonly attribute: string | null;
  readonly at: number;
  /** The `jti` of every grant that put something on the list. */
  readonly grants: readonly string[];
};

/** Where a list of the audience's grants goes on: after this pseudonym and `jti`. */
export type GrantPosition = { readonly pseudonym: string; readonly jti: string };

export type ReadCheck = {
  readonly kind: CheckLeaf['kind'] | SearchKind;
  /** Counts the grant's own checks from 1, so that it tells nothing about anybody else's. */
  readonly n: number;
  readonly at: number;
  readonly purpose: string;
  readonly attributes: readonly string[];
  readonly decision: boolean;
};

/** A log by its number, and how far it is. */
export type LogHead = {
  readonly log: number;
  readonly size: number;
  readonly root: Buffer;
  /** NumericDate of its last entry; 0 before the first. */
  readonly time: number;
  /** The signed checkpoint, which may be unpublished yet; null before the first entry. */
  readonly note: string | null;
};
export type PublishedNote = { readonly log: number; readonly size: number; readonly note: string };

/** An entry of a grant in the log, with what opens it, sealed, and what proves the act behind it. */
export type StoredOpening = {
  readonly log: number;
  readonly index: number;
  /** Number of the grant's entry. */
  readonly seq: number;
  readonly event: ReceiptEvent;
  /** Text of the log's entry. */
  readonly entry: string;
  /** UTC month whose keys open it. */
  readonly month: string;
  readonly kept: Buffer | null;
  /** null once erased. */
  readonly person: Buffer | null;
  readonly evidence: string | null;
  /** The grant that was registered, or that replaced this one; null when it is not held any more. */
  readonly jwt: string | null;
};

/** Stored rows by the name of their kind, for a person to read; not an interface. */
export type Dump = Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;

/**
 * Where everything is kept. Whatever a method has done is durable when its promise resolves: it survives the loss of
 * the process and of power. A method that rejects (StoreError) has changed nothing that is visible, except when the
 * outcome of a commit is unknown; repeating the same call is then safe. Every method may run concurrently with every
 * other, in this process and in others. Decisions are made by the callers on what they read; the methods that write
 * compare `seq`, or the brand, with what the decision was made on and answer `moved` when it has changed, so no caller holds a lock.
 */
export interface Store {
  brand(did: string): Promise<BrandRecord | null>;
  /** All brands, by DID. */
  brands(): Promise<BrandRecord[]>;
  /**
   * Inserts or replaces the brand and appends the log rows, together with the single use of `once`, if given, all or
   * nothing. `moved`: document or freeze are not those of `from` any more.
   */
  saveBrand(change: BrandChange): Promise<'saved' | 'used' | 'moved'>;
  /** The operator's act alone: ends the freeze with this document. */
  readmitBrand(brand: BrandRecord, log: LogEntry): Promise<void>;
  /** True for one caller in each `interval`: whoever gets it reads the brand's document. */
  claimReading(did: string, now: number, interval: number): Promise<boolean>;

  /** True the first time for (`kind`, `id`), false ever after, at least until `until`. */
  useOnce(kind: 'assertion' | 'read', id: string, until: number): Promise<boolean>;
  saveToken(token: TokenRecord): Promise<void>;
  token(hash: string): Promise<TokenRecord | null>;

  /**
   * A random place in a status list that nobody was ever given. The same request, pseudonym and hash get the same slot
   * while it lives. `answered`: a grant for the request is registered.
   */
  reserveSlot(reservation: Reservation): Promise<Slot | 'answered' | 'limit'>;
  /** The living slot at this place, if it was given to exactly this request and pseudonym. */
  slot(
    place: { readonly list: number; readonly idx: number },
    holder: RequestKey & { readonly requestHash: string; readonly pseudonym: string },
    now: number,
  ): Promise<Slot | null>;
  /** How many status lists exist: 0 to n − 1. */
  statusLists(): Promise<number>;
  /** The registered entries of a list. */
  statusEntries(list: number): Promise<StatusEntries>;

  /**
   * Grant, first entry, status value, the request's single use, the key's binding to its audience and the end of the
   * replaced grant, all or nothing. `conflict`: the jti exists, the request is answered, or the key belongs to another
   * audience. `no-slot`: the slot is not the registration's or no longer open. `moved`: the replaced grant has changed.
   */
  register(registration: Registration): Promise<'registered' | 'conflict' | 'no-slot' | 'moved'>;
  /** With `aud`, that audience's alone, in the same time for another's as for none. */
  grant(jti: string, aud?: string): Promise<GrantRecord | null>;
  grantsByStop(stop: string): Promise<GrantRecord[]>;
  /** The audience's grants of one pseudonym, the latest first, at most `max`, in a time that older ones do not change. */
  grantsOf(aud: string, pseudonym: string, max: number): Promise<GrantRecord[]>;
  /**
   * At most `max` grants of the audience that are not erased and were registered at or before `registeredBy`, by
   * pseudonym and `jti`, from after `after`.
   */
  grantsOfAudience(
    aud: string,
    page: { readonly after: GrantPosition; readonly registeredBy: number; readonly max: number },
  ): Promise<GrantRecord[]>;
  /** Grants whose time is over and which nobody has ended, that have no entry about it yet. */
  expired(now: number, max: number): Promise<GrantRecord[]>;
  /** Applies the change and appends its entry and log row if the grant is still at `from`. */
  change(change: GrantChange): Promise<'changed' | 'moved'>;
  /** All entries, by number. Receipts are gone once erased. */
  entries(
    grant: string,
  ): Promise<{ seq: number; event: ReceiptEvent; at: number; receipt: string | null }[]>;
  /** The answer once given to the event with this jti, and the number of its entry. */
  act(grant: string, jti: string): Promise<{ hash: string; answer: string; seq: number } | null>;

  /**
   * Reads, decides and records in one step: nothing changes in between, and each use is counted with its record.
   * @param decide waits for nothing and changes nothing; it may be called again. What it throws, this throws, and
   * nothing is recorded
   */
  check<T>(asked: GrantsAsked, decide: (standing: Standing) => Decided<T>): Promise<T>;
  /** Records a search with every grant that it lists and that is not erased by now; with none, by itself. */
  recordSearch(leaf: SearchLeaf): Promise<void>;
  /** Checks and searches numbered above `after`, in order, at most `max`. */
  checks(grant: string, after: number, max: number): Promise<ReadCheck[]>;

  /** Rows that wait for the grant log; 10,000 stands for as many or more. */
  logQueueDepth(): Promise<number>;
  /**
   * Gives waiting rows that are due their index, at most 256, and seals what is to be sealed; true when more wait.
   * Several processes may do so at once: the batch that does not follow the head changes nothing.
   */
  sequence(): Promise<boolean>;
  /**
   * Notes of which grants recorded checks are, once there are enough of them, and has a minute's access batch written
   * once it is over; true when more wait.
   */
  noteChecks(): Promise<boolean>;
  /** From now on no row gets an index in this process; rows still come to wait. */
  stopSequencing(): Promise<void>;
  /** The receipt of an entry that has its index. */
  receipt(grant: string, seq: number): Promise<string | null>;
  /** The head as it is committed. */
  logHead(): Promise<LogHead>;
  /** Hashes of a tile as far as it is filled. */
  logTile(log: number, level: number, n: number): Promise<Buffer | null>;
  /** The same, and what lies between them and the root of a full tile. */
  provableTile(
    log: number,
    level: number,
    n: number,
  ): Promise<{ readonly hashes: Uint8Array; readonly inner: Uint8Array | null } | null>;
  /** Texts of the entries from `from` to before `to`. */
  logEntries(log: number, from: number, to: number): Promise<string[]>;
  /** The latest published checkpoint. */
  published(): Promise<PublishedNote | null>;
  /** True when it is the first of this size or a larger one. Every published note is kept. */
  publish(note: PublishedNote): Promise<boolean>;
  publishedNote(log: number, size: number): Promise<string | null>;
  /** The latest that was published of this log, which need not be the latest log. */
  lastNote(log: number): Promise<PublishedNote | null>;
  /** Sizes of all published notes of a log, the smallest first. */
  publishedSizes(log: number): Promise<number[]>;
  /**
   * Begins another log, with `first` as its first entry: grants that have not ended are suspended, places in status
   * lists that were handed out are given to nobody, brands are to be read again, tokens are gone, and streams begin
   * anew, all or nothing. False when the head is not at `from` any more.
   */
  followLog(following: {
    readonly from: LogHead;
    readonly log: number;
    readonly first: { readonly type: string; readonly body: object };
    readonly now: number;
  }): Promise<boolean>;
  /** When the present log followed another one; null for the first. */
  followedAt(): Promise<number | null>;
  /** What opens the entries of a grant, in their order; those without an index are missing. */
  openings(grant: string): Promise<StoredOpening[]>;
  /** Puts a signing key of the service into the log, once. */
  nameKey(kid: string, entry: LogEntry): Promise<void>;
  /**
   * Of these months and parts, those whose rows are all erased since before `until`.
   * @param now when one is found without rows for the first time
   */
  emptyMonths(
    months: readonly { readonly month: string; readonly part: 'kept' | 'person' }[],
    times: { readonly now: number; readonly until: number },
  ): Promise<{ month: string; part: 'kept' | 'person' }[]>;
  /** Root of a person's stream, 32 bytes. */
  streamRoot(pseudonym: string): Promise<Buffer | null>;

  /** Everything that is held about one pseudonym. Nothing of an erased grant is. */
  dump(pseudonym: string): Promise<Dump>;

  /**
   * Forgets what is past its time: single uses, tokens, holders of slots, JWTs 30 days after the end, and checks and
   * searches recorded at or before `checksUntil`. The numbers of forgotten checks are never given again.
   */
  sweep(now: number, checksUntil: number): Promise<void>;
  /** Resolves when the store can be read and written. */
  ready(): Promise<void>;
  close(): Promise<void>;
}
