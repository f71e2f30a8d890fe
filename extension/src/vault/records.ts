/**
 * What the vault keeps, kind by kind. Times are ISO dates (`YYYY-MM-DD`) where a day is meant and NumericDate (seconds)
 * where a moment is. Everything is JSON; what was signed is kept as the exact text that was signed.
 */

import type { LoggedRecord, LogWatchRecord, ProofRecord } from './log-records.ts';

/** How exactly a value may be shown; the vocabulary says which of these an attribute allows. */
export type AttributePrecision = 'exact' | 'band' | 'yes-no';

/** Key: the attribute id. */
export interface AttributeRecord {
  readonly id: string;
  readonly value: unknown;
  readonly source: 'entered' | 'quiz' | 'import';
  readonly enteredOn: string;
  readonly confirmedOn: string;
  readonly precision: AttributePrecision;
  /** The person lets shops ask for it although it is sensitive; such a value stays local without it. */
  readonly shareable?: true;
}

/** Key: its id. What the person did to attributes, as long as it can be taken back; no backup and no export holds it. */
export interface UndoRecord {
  readonly id: string;
  readonly what: 'removed' | 'confirmed' | 'imported';
  /** NumericDates: when it was done, and the end of the undo. */
  readonly at: number;
  readonly until: number;
  /** Milliseconds since 1970: the order of those of the same second, and nothing else. */
  readonly order: number;
  /** null: there was none, or there is none any more. */
  readonly steps: readonly {
    readonly key: string;
    readonly before: AttributeRecord | null;
    readonly after: AttributeRecord | null;
  }[];
}

/** Key: the grant's `jti`. Open: later messages about a grant add members. */
export interface GrantRecord {
  readonly jti: string;
  /** The brand's DID. */
  readonly brand: string;
  readonly brandName: string;
  readonly origin: string;
  /** Private JWK of the brand's key pair, imported non-extractable for each use. */
  readonly key: JsonWebKey;
  /** The terms as the request stated them. */
  readonly terms: unknown;
  readonly datatypes: readonly string[];
  /** Compact request JWS, exactly as received. */
  readonly request: string;
  /** Issuer-signed JWT, without `~`. */
  readonly grant: string;
  readonly receipts: readonly string[];
  /** Number of the last entry of this grant; registration is 0. */
  readonly seq: number;
  readonly state: 'active' | 'suspended' | 'ended';
  /** While a withdrawal can be taken back: NumericDate by the vault service's clock. */
  readonly undoUntil?: number;
  readonly nbf: number;
  readonly exp: number;
  readonly stopIndex: number;
  /** Origin of the vault service that holds it. */
  readonly vaultService: string;
  /** The exact text that was on the screen. */
  readonly shownText: string;
  readonly [more: string]: unknown;
}

/** Key: the brand's DID. One P-256 pair for each brand. */
export interface BrandKeyRecord {
  readonly did: string;
  readonly privateJwk: JsonWebKey;
}

/** Key: a random id. Attribute names, never values. */
export interface LogRecord {
  readonly at: number;
  readonly event:
    | 'shown'
    | 'refused'
    | 'failed'
    | 'granted'
    | 'withdrawn'
    | 'restored'
    | 'used'
    | 'not-delivered'
    | 'listed'
    | 'returned';
  readonly brand: string;
  readonly brandName?: string;
  readonly jti?: string;
  readonly attributes: readonly string[];
  /** The signed event, exactly as it was sent. */
  readonly signed?: string;
  /** Closed error code of a failure. */
  readonly code?: string;
}

/** Key: `answeredKey`. Kept until `exp`, so that a request is answered once. */
export interface AnsweredRecord {
  readonly clientId: string;
  readonly nonce: string;
  readonly exp: number;
}

/** Key: the origin. What was pinned about a vault service at set-up. */
export interface ServiceRecord {
  readonly origin: string;
  readonly keys: readonly JsonWebKey[];
  readonly logVkey: string;
  readonly pinnedAt: number;
}

/** Key: `SETTINGS`. */
export interface SettingsRecord {
  readonly lang: 'en' | 'de';
  /** Origin of the vault service. */
  readonly vaultService: string;
  /** 16 random bytes, base64url (SPEC §8, stop sheet). */
  readonly stopRoot: string;
  /** The next i of the stop sheet; only `takeStopIndex` raises it. */
  readonly nextStopIndex: number;
  /** DIDs. */
  readonly blockedBrands: readonly string[];
  /** Minutes from unlocking to locking. */
  readonly deadlineMinutes: number;
  readonly backup?: BackupRecord;
  /** Locks with the computer's screen; absent means yes. */
  readonly lockWithScreen?: boolean;
  readonly kit?: KitRecord;
  readonly passkeys?: readonly PasskeyRecord[];
}

/** When the vault was made and when its last backup (NumericDate), and days until a reminder of one; 0 is never. */
export interface BackupRecord {
  readonly since?: number;
  readonly on?: number;
  readonly remindDays?: number;
}

/** The recovery kit that was made last; the code itself is nowhere. */
export interface KitRecord {
  readonly madeOn: string;
  /** The stop root that was printed with it: another one since then needs another stop sheet. */
  readonly stopRoot: string;
  /** Two groups of the code (numbers from 0) that the person types back; gone once they have. */
  readonly ask: readonly { readonly group: number; readonly text: string }[];
  readonly confirmedOn?: string;
}

/** What the person calls a passkey; `id` is its credential id, base64url. */
export interface PasskeyRecord {
  readonly id: string;
  readonly name: string;
  readonly addedOn: string;
}

/** Key: `tab:document:id`. A pending request from `signed` on; the worker owns its shape. */
export interface StepRecord {
  readonly step: string;
  readonly [more: string]: unknown;
}

export interface Kinds {
  readonly attribute: AttributeRecord;
  readonly grant: GrantRecord;
  readonly brandKey: BrandKeyRecord;
  readonly log: LogRecord;
  readonly answered: AnsweredRecord;
  readonly service: ServiceRecord;
  readonly settings: SettingsRecord;
  readonly step: StepRecord;
  readonly logged: LoggedRecord;
  readonly proof: ProofRecord;
  readonly logWatch: LogWatchRecord;
  readonly undo: UndoRecord;
}

export type Kind = keyof Kinds;

/** A record with its name. */
export type VaultEntry = {
  [K in Kind]: { readonly kind: K; readonly key: string; readonly value: Kinds[K] };
}[Kind];

/** The one key of kind `settings`. */
export const SETTINGS = 'settings';

/** Requests are told apart by (`client_id`, `nonce`), never by signed bytes (SPEC §1). */
export function answeredKey(clientId: string, nonce: string): string {
  return JSON.stringify([clientId, nonce]);
}
