/**
 * Everything an extension page may ask of the worker, and what it gets back. Types only: pages import this file
 * for free. The worker prepares every word that depends on a brand or on the vocabulary, so that pages need
 * neither the vocabulary nor zod, and the exact text that was shown can be kept in the log.
 *
 * Times are NumericDate (seconds, UTC). `Day` is `YYYY-MM-DD`.
 */

export type Lang = 'en' | 'de';
export type Day = string;

/** A value as it is stored and shared: its JSON type follows the attribute's value schema. */
export type Value = string | number | boolean | string[];

export type Option = { id: string; label: string };

/** How to draw an input; labels are already in the person's language. */
export type InputView =
  | { kind: 'choice'; options: Option[] }
  | { kind: 'choices'; options: Option[]; max: number }
  | { kind: 'text'; maxLength: number }
  | { kind: 'number'; min: number; max: number; step: number; unit?: string }
  | { kind: 'date' }
  | { kind: 'yes-no' }
  | { kind: 'email' }
  | { kind: 'phone' };

export type AttributeView = {
  id: string;
  classId: string;
  classLabel: string;
  label: string;
  help: string;
  example: string;
  input: InputView;
  sensitivity: 'ordinary' | 'personal' | 'special';
  /** Values, mood and special categories: they stay local unless the person lets shops ask. */
  sensitive: boolean;
  /** true when the value carries its own end date (intents). */
  hasUntil: boolean;
  /** Absent in the catalogue, present for what the vault holds. */
  held?: {
    value: Value;
    shown: string;
    source: 'entered' | 'quiz' | 'import';
    enteredOn: Day;
    confirmedOn: Day;
    until?: Day;
    freshness: 'fresh' | 'fading' | 'stale';
    /** false: kept local, no shop can get it. */
    shareable: boolean;
  };
};

/** What a page showed of an attribute when the person decided to change it; null: that there was none. */
export type Seen = { value: Value; until?: Day | undefined } | null;

/** In the order of the vocabulary, at most `limit` of each part; the totals count all that match. */
export type AttributesFound = {
  held: number;
  total: number;
  found: AttributeView[];
  /** Sensitive ones are found by their names alone, and not sent, until the person wants to see them. */
  sensitive: { held: number; total: number; found: AttributeView[] };
};

/** Something done to attributes that can still be taken back. */
export type UndoView = {
  id: string;
  what: 'removed' | 'confirmed' | 'imported';
  /** What it concerns; the first when it concerns several. */
  label: string;
  count: number;
  /** NumericDate. */
  until: number;
};

export type PromptItem = AttributeView & {
  /** Mandatory = in every claim set of the request. */
  required: boolean;
  /**
   * `out-of-bounds`: the brand's own document does not allow asking for it. `local`: the vault holds it, and the person
   * has not let shops ask for it. Both are shown, never selectable, and without a value.
   */
  state: 'held' | 'missing' | 'stale' | 'out-of-bounds' | 'local';
  /** What would be shared, in words, for each precision the person may choose; empty when nothing is held. */
  precisions: { id: 'exact' | 'band' | 'yes-no'; label: string; shown: string }[];
};

export type PromptView = {
  id: string;
  /** The host of the page as the browser states it. */
  site: string;
  brand: { did: string; name: string; known: boolean };
  purposes: { label: string; explain: string }[];
  /** The brand's own words, already in the person's language; quote them as "The shop says". */
  brandSays: string;
  items: PromptItem[];
  /** The choices the request allows, as sets of attribute ids; the person's choice must equal one. */
  choices: string[][];
  from: number;
  until: number;
  /** Shorter ends the person may choose instead of `until`, longest first. */
  shorterUntil: number[];
  uses: { uses: number; days: number } | null;
  retentionDays: number;
  recipients: string[];
  benefit: { kind: string; text: string; due: string } | null;
  /** The extension's own words about the risk, from class, purpose, recipients and retention. */
  risk: string[];
  notice: string;
  contact: string;
  vaultService: string;
  lang: Lang;
  wording: string;
};

export type Decision =
  | { share: false }
  | {
      share: true;
      /**
       * Exactly the chosen attributes, each with the precision it is shared at. `shown`: the words of its value as they
       * stood in the prompt, for all that is not `entered`; when the vault holds another by now, nothing is decided.
       */
      items: { id: string; precision: 'exact' | 'band' | 'yes-no'; shown?: string }[];
      until: number;
      /** Values entered or confirmed ("still true") inside the prompt; saved before sharing. */
      entered: { id: string; value: Value; until?: Day }[];
      confirmed: string[];
    };

export type DecideResult =
  | { outcome: 'shared' | 'refused' }
  /** Nothing left the browser, or the grant was withdrawn at once; `reason` picks the sentence. */
  | {
      outcome: 'failed';
      reason:
        | 'service-unreachable'
        | 'service-refused'
        | 'brand-not-enrolled'
        | 'receipt-invalid'
        | 'page-gone'
        | 'request-expired'
        | 'vault-locked'
        | 'vault-broken';
    };

export type GrantView = {
  jti: string;
  brand: { did: string; name: string };
  site: string;
  purposes: string[];
  attributes: { label: string; shown: string }[];
  /** `undo`: withdrawn, and still restorable until `undoUntil`. */
  state:
    | 'active'
    | 'not-yet'
    | 'undo'
    | 'withdrawn'
    | 'expired'
    | 'returned'
    /** A newer grant for the same purposes took its place. */
    | 'replaced'
    | 'not-delivered'
    /** The vault service has lost it. */
    | 'lost'
    | 'withdrawal-pending';
  sharedOn: number;
  until: number;
  undoUntil?: number;
  endedOn?: number;
  retentionDays: number;
  benefit: { text: string; due: string } | null;
  notice: string;
  contact: string;
  /** Uses the service has recorded, when it was asked; null before. */
  uses: { count: number; last: number | null; days: DayOfUseView[] } | null;
  /** What became of the values after the end; absent while shared, and when the shop never got them. */
  deletion?:
    | { state: 'confirmed'; on: number }
    /** `by`: when the shop must have deleted them by its own terms. */
    | { state: 'held' | 'overdue'; by: number };
  /** The service allows the shop nothing, because its domain may have changed hands. */
  brandFrozen?: true;
  /** Host of the vault service. */
  vaultService: string;
  /** What the vault service's public log shows of it. */
  recorded: {
    state: 'pending' | 'recorded' | 'warning';
    /** When the last proof was verified; null before the first. */
    on: number | null;
    /** Entries that were verified. */
    entries: number;
    warnings: LogWarning[];
  };
};

/** `missing`: not in the log ten minutes after it happened. The rest: `LogProblemCode` of the vault. */
export type LogWarning =
  | 'missing'
  | 'proof'
  | 'fields'
  | 'act'
  | 'receipt'
  | 'stream'
  | 'changed'
  | 'gap';

/** The public log of one vault service, as far as this vault has looked. */
export type LogHealthView = {
  origin: string;
  /**
   * `unseen`: nothing verified yet. `ok`: all that was seen fits together. `waiting`: something could not be compared
   * yet. The rest are warnings.
   */
  state:
    | 'unseen'
    | 'ok'
    | 'waiting'
    | 'fork'
    | 'followed'
    | 'rollback'
    | 'damaged'
    | 'signature'
    | 'unexpected';
  /** The last verified checkpoint. */
  head: { size: number; on: number } | null;
  /** When the log answered last. */
  seenOn: number | null;
  /** The search of the whole log that came to an end last. */
  searched: {
    on: number;
    size: number;
    own: number;
    /** Entries under the person's tags that nothing in the vault accounts for. */
    unexpected: { minute: string; brand: string }[];
    /** How many of them the vault service has still to be asked about. */
    open: number;
    damaged: boolean;
  } | null;
  /** There is evidence to save. */
  evidence: boolean;
  /** Another log that the service goes on with, and what became of this one by what could be checked. */
  follow: {
    vkey: string;
    outcome: 'same' | 'uncheckable' | 'fork' | 'unnamed' | 'unread';
    /** Entries that were seen and are not in what is named. */
    lost: number;
  } | null;
  /** Logs before this one: their last checkpoint, and when the person went on. */
  earlier: { name: string; size: number; until: number }[];
  /** Grants that the service is still to be told again. */
  retelling: number;
};

/** How far a search of the whole log is. */
export type LogSearchView = { done: number; of: number; finished: boolean };

/** A shop as the vault service lists it; `did`: the host of its identity. */
export type ShopView = {
  did: string;
  name: string;
  category: string;
  sites: { host: string; url: string }[];
};

/** One entry of a file that the person imports, as the page read it. What it means, the worker says. */
export type ImportRow = {
  /** Key of the attribute: its id, or that of a shop's question or one of the person's own. */
  id: string;
  value: Value;
  until?: string;
  /** What the file says about an attribute that no vocabulary lists; without `did` it is one of the person's own. */
  custom?: { did?: string; label: { en: string; de: string } };
  confirmedOn?: Day;
};

/** Why an entry cannot be imported; each has a sentence (`import_row_<code>`). */
export type ImportProblem =
  | 'unknown'
  | 'type'
  | 'option'
  | 'length'
  | 'range'
  | 'format'
  | 'until-missing'
  | 'until-unwanted'
  | 'label';

export type ImportVerdict =
  | { state: 'problem'; reason: ImportProblem; label: string | null }
  | {
      state: 'new' | 'same' | 'conflict';
      /** Key to import it under. */
      id: string;
      label: string;
      sensitive: boolean;
      /** In words: what the file says, and what the vault holds. */
      theirs: string;
      mine: string | null;
      seen: Seen;
    };

/** A file for the person to keep. */
export type FileView = { name: string; text: string; type?: 'text/csv' };

/** What a shop did with a grant on one day; the latest day comes first. */
export type DayOfUseView = {
  day: Day;
  uses: number;
  /** The last use; NumericDate. */
  last: number | null;
  attributes: string[];
  purposes: string[];
  /** Refused because the grant does not cover it. */
  denied: number;
  /** Asked for a list that this grant may be in. */
  lists: number;
};

export type LogView = {
  id: string;
  at: number;
  event:
    | 'shown'
    | 'refused'
    | 'failed'
    | 'granted'
    | 'withdrawn'
    | 'restored'
    | 'used'
    /** The shop asked for a list that the grant may be in. */
    | 'listed'
    | 'not-delivered'
    | 'returned';
  brand: string;
  site: string;
  attributes: string[];
  purposes: string[];
  /** How often on that day, for `used` and `listed`. */
  count?: number;
  /** Why, for `failed`. */
  reason?: Extract<DecideResult, { outcome: 'failed' }>['reason'];
  /** The exact text of the prompt, when one was shown. */
  text?: string;
};

/** What lets the person in. `prf`: what the passkey answered, base64url. */
export type Proof =
  | { passphrase: string }
  | { code: string }
  | { passkey: { id: string; prf: string } };

/** What a passkey is asked: its credential id and the input of its PRF, both base64url. */
export type PasskeyQuestion = { id: string; salt: string };

export type PasskeyView = { id: string; name: string; addedOn: Day };

export type KitState = 'none' | 'made' | 'confirmed';

export type KitView = {
  state: KitState;
  /** When it was made, or confirmed. */
  on?: Day;
  /** The groups of the code that are typed back, numbered from 0; empty once they were. */
  ask: number[];
  /** Whether a new one takes a proof of who the person is. */
  needsProof: boolean;
  /** The stop sheet that was printed with it does not stop later grants any more. */
  sheetOutdated: boolean;
};

/** What is printed; the code is shown this once. */
export type KitSheets = {
  code: string;
  /** The stop root in its typed form. */
  stop: string;
  vaultService: string;
  madeOn: Day;
  ask: number[];
};

export type LockSettings = { minutes: number; withScreen: boolean };

/** The last backup, NumericDate; after how many days to remind of one (0: never); whether that is now. */
export type BackupState = { on: number | null; remindDays: number; due: boolean };

/** A file the worker holds until all pieces were fetched with `filePart`. */
export type SendView = { id: string; name: string; parts: number };

/** What a backup would do here; `null` until all of it was verified. */
export type OfferView = { id: string; view: RestoreView | null };

/** How many are new here, here already, and changed by what the backup knows. */
export type RestoreTally = { fresh: number; same: number; changed: number };

export type RestoreView = {
  /** NumericDate. */
  made: number;
  /** There is no vault here. */
  isNew: boolean;
  attributes: RestoreTally;
  grants: RestoreTally;
  receipts: RestoreTally;
  proofs: RestoreTally;
  log: RestoreTally;
  /** Where the vault and the backup hold different values. */
  conflicts: { id: string; label: string; mine: RestoreSide; theirs: RestoreSide }[];
  /** Hosts that are blocked in the backup and not here. */
  blocks: string[];
  /** The one in the backup. */
  vaultService: string;
};
export type RestoreSide = { shown: string; on: Day };

/** Counts of what the vault's own list names and the disk does not hold so. */
export type LossView = {
  listLost: boolean;
  missing: number;
  older: number;
  unknown: number;
  unreadable: number;
};

/** A shop as it called itself last, the site it was seen at, and the number of entries about it. */
export type LogShopView = { did: string; name: string; site: string; entries: number };

export type Status = {
  vault: 'none' | 'locked' | 'unlocked' | 'newer';
  /** With `none`: there was a vault, and the browser's data was deleted. */
  lost: boolean;
  /** Attributes held; 0 shows the empty state. */
  attributes: number;
  /** Records reported missing or rolled back at unlock; blocks and withdrawals then fail closed. */
  integrity: 'ok' | 'broken';
  vaultService: string | null;
  /** Seconds until a passphrase may be tried again. */
  wait: number;
  /** The ways in beside the passphrase, known while locked, too. */
  ways: { recovery: boolean; passkeys: PasskeyQuestion[] };
  /** The recovery kit; null while locked. */
  kit: KitState | null;
  /** The stop sheet that was printed last does not stop later grants any more. */
  sheetOutdated: boolean;
  /** null while locked. */
  backup: BackupState | null;
  /** Something is wrong in a public log; Sharing says what. */
  logWarning: boolean;
  defaultVaultService: string | null;
  /** Requests that wait for the person: open an approval for them after unlock. */
  waiting: { id: string; site: string }[];
  /** Sites that asked while the vault was locked and have been answered since: "ask there again". */
  missed: string[];
  lang: Lang;
};

export type SiteView = {
  /** null on pages that cannot be connected (chrome://, file:, the web store). */
  origin: string | null;
  host: string | null;
  connected: 'no' | 'once' | 'always';
  blocked: boolean;
};

/** Command name → [arguments, result]. */
export type Commands = {
  status: [Record<never, never>, Status];
  create: [{ passphrase: string; vaultService: string }, Status];
  /** The form to unlock is on the screen: what the unlock will read is read. */
  prepareUnlock: [Record<never, never>, Record<never, never>];
  unlock: [Proof, Status];
  lock: [Record<never, never>, Status];
  lockSettings: [Record<never, never>, LockSettings];
  saveLockSettings: [Partial<LockSettings>, LockSettings];
  /** Fails unless the proof lets the person in. */
  prove: [{ proof: Proof }, Record<never, never>];
  changePassphrase: [{ proof: Proof; next: string }, Record<never, never>];
  passkeys: [Record<never, never>, PasskeyView[]];
  addPasskey: [
    { proof: Proof; name: string; question: PasskeyQuestion; prf: string },
    PasskeyView[],
  ];
  renamePasskey: [{ id: string; name: string }, PasskeyView[]];
  removePasskey: [{ id: string }, PasskeyView[]];
  kit: [Record<never, never>, KitView];
  /** A new kit ends the one before; `KitView.needsProof` says whether it takes a proof. */
  makeKit: [{ proof?: Proof }, KitSheets];
  confirmKit: [{ groups: string[] }, KitView];
  /** The stop sheet again. */
  stopSheet: [Record<never, never>, { stop: string; vaultService: string }];
  site: [{ tabId: number }, SiteView];
  /** Injects provider and relay through activeTab; lasts while the tab stays on its origin. */
  connect: [{ tabId: number }, SiteView];
  /** After the page itself got the host permission from the person. */
  connectAlways: [{ tabId: number; origin: string }, SiteView];
  disconnect: [{ tabId: number; origin: string }, SiteView];
  block: [{ origin: string; blocked: boolean }, Record<never, never>];
  attributes: [Record<never, never>, AttributeView[]];
  /** `missing`: without what the vault holds. */
  catalogue: [{ missing?: true }, AttributeView[]];
  /** Search as you type over label, value and class; an empty text finds everything. */
  searchAttributes: [{ text: string; limit: number; sensitive: boolean }, AttributesFound];
  /** What is fading or stale and can be called still true; the oldest first, at most ten. */
  dueAttributes: [Record<never, never>, { total: number; due: AttributeView[] }];
  /** null when the vault does not hold it. */
  attribute: [{ id: string }, AttributeView | null];
  /** Wherever `seen` is given and the vault holds something else by now, nothing is written and the code is `edited`. */
  saveAttribute: [
    { id: string; value: Value; until?: Day; seen?: Seen; source?: 'quiz' },
    AttributeView,
  ];
  /** One of the person's own, which no shop can ask for; `id` changes one that there is. */
  saveOwn: [{ id?: string; label: string; value: string; seen?: Seen }, AttributeView];
  /** Lets shops ask for a sensitive attribute, or keeps it local. */
  setShareable: [{ id: string; shareable: boolean }, AttributeView];
  confirmAttribute: [{ id: string; seen?: Seen }, AttributeView];
  removeAttribute: [{ id: string; seen?: Seen }, UndoView];
  /** What can still be taken back, the latest first. */
  undos: [Record<never, never>, UndoView[]];
  /** Takes it back; what was changed again since stays as it is and counts as `kept`. Code `undo-over` after its time. */
  undo: [{ id: string }, { restored: number; kept: number }];
  /** The person does not want to take it back: what was deleted is gone at once. */
  forgetUndo: [{ id: string }, Record<never, never>];
  /** The first few questions of the set-up. */
  firstCards: [Record<never, never>, AttributeView[]];
  /** A request to practise with; nothing can answer it. */
  practice: [Record<never, never>, PromptView];
  /** The public list of the vault service. */
  shops: [Record<never, never>, ShopView[]];
  /** What importing these would do, one verdict each; nothing is written. At most 200 at once. */
  importPreview: [{ rows: ImportRow[] }, ImportVerdict[]];
  /**
   * Writes all of them or none, at most 2,000; `edited` when the vault holds something else than `seen` by now. Sensitive
   * ones stay local.
   */
  importApply: [{ rows: { row: ImportRow; seen: Seen }[] }, UndoView];
  /** A table to fill in, with every attribute there is. */
  importTemplate: [Record<never, never>, FileView];
  /** Opens (or focuses) the approval window of a waiting request. */
  openApproval: [{ id: string }, Record<never, never>];
  /** null when the request is gone; `duplicate` when another window already shows it: close yourself. */
  prompt: [{ id: string; windowId: number }, PromptView | 'duplicate' | null];
  decide: [{ id: string; decision: Decision }, DecideResult];
  grants: [Record<never, never>, GrantView[]];
  withdraw: [{ jti: string }, GrantView];
  restore: [{ jti: string }, GrantView];
  /** Asks the service for the state and uses of one grant. */
  refreshGrant: [{ jti: string }, GrantView];
  /** Everything about one grant in one file, for whoever should check it. */
  saveReceipt: [{ jti: string }, FileView];
  /** The public logs of all vault services that grants are with. */
  publicLogs: [Record<never, never>, LogHealthView[]];
  /** Asks the log for its checkpoint now. */
  lookAtLog: [{ origin: string }, LogHealthView];
  /** One step of a search of the whole log for the person's own entries; `again`: from the beginning. */
  searchLog: [{ origin: string; again: boolean }, LogSearchView];
  saveEvidence: [{ origin: string }, FileView];
  /** The person agrees to the log that `follow` names; its key is pinned. */
  followLog: [{ origin: string; vkey: string }, LogHealthView];
  /** Newest first, at most `limit`. `shop`: a brand's DID. */
  log: [{ limit?: number; shop?: string }, LogView[]];
  /** The shops that the log has entries about, by name, and how many each. */
  logShops: [Record<never, never>, LogShopView[]];
  removeLogEntry: [{ id: string }, Record<never, never>];
  makeBackup: [{ passphrase: string }, SendView];
  /** `keys`: with the private key of each grant. Not encrypted. */
  exportAll: [{ keys: boolean }, SendView];
  /** base64url. */
  filePart: [{ id: string; part: number }, { piece: string }];
  /** The first mebibyte of a backup file (base64url), and then the others. */
  offerBackup: [{ passphrase: string; size: number; piece: string }, OfferView];
  backupPiece: [{ id: string; piece: string }, OfferView];
  /** `theirs`: the attributes whose value the backup's replaces. */
  restoreBackup: [{ id: string; theirs: string[]; blocks: boolean }, Record<never, never>];
  restoreNew: [{ id: string; passphrase: string; vaultService: string }, Record<never, never>];
  forgetBackup: [Record<never, never>, Record<never, never>];
  remindOfBackup: [{ days: number }, Record<never, never>];
  moveService: [{ vaultService: string }, Record<never, never>];
  loss: [Record<never, never>, LossView];
  acceptLoss: [Record<never, never>, Record<never, never>];
  /** Deletes the vault and everything else that the extension keeps. */
  reset: [Record<never, never>, Record<never, never>];
};

export type CommandName = keyof Commands;

/** The closed set of codes a page may see; each has a sentence in both languages (`error_<code>`). */
export type CommandError =
  | 'malformed'
  | 'locked'
  | 'none'
  | 'exists'
  | 'passphrase'
  | 'wrong-passphrase'
  | 'wrong-code'
  | 'wrong-passkey'
  /** Too many wrong passphrases; `Status.wait` says for how long. */
  | 'wait'
  /** A mistyped recovery code. */
  | 'code'
  /** The stop sheet's code where the recovery code was asked for. */
  | 'other-code'
  | 'no-kit'
  /** The groups typed back are not those on the kit. */
  | 'kit-differs'
  | 'read-only'
  | 'corrupt'
  | 'storage'
  | 'value'
  /** What the prompt showed is no longer what the vault holds: look again. */
  | 'changed'
  /** Another window changed this attribute meanwhile; nothing was written. */
  | 'edited'
  /** The time in which it could be taken back is over. */
  | 'undo-over'
  | 'unknown'
  | 'not-a-site'
  | 'service-address'
  | 'service-unreachable'
  | 'service-refused'
  | 'service-changed'
  /** The list of shops. */
  | 'list-unreadable'
  | 'log-unreachable'
  | 'too-late'
  | 'backup-passphrase'
  | 'backup-damaged'
  | 'backup-foreign'
  | 'backup-newer'
  | 'backup-too-large'
  | 'backup-kdf'
  /** The worker no longer has the file that was being sent or read: begin again. */
  | 'transfer-gone'
  /** A mistake of ours. */
  | 'internal';

export type Reply<T> = { ok: true; value: T } | { ok: false; code: CommandError };

export type CommandMessage<C extends CommandName = CommandName> = {
  zusage: 'command';
  command: C;
  args: Commands[C][0];
};

/** What the worker tells all open pages: they ask for the status, and show nothing of the vault any more. */
export type LockedMessage = { zusage: 'locked' };
