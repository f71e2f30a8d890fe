import { createHash, randomBytes } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import type {
  DenialReason,
  DisclosedValue,
  RequestSession,
  VerifiedGrant,
} from '@zusage/protocol/brand';

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS session (
    id TEXT PRIMARY KEY, jti TEXT, expires INTEGER NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS request (
    session TEXT PRIMARY KEY, data TEXT NOT NULL, expires INTEGER NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS used_nonce (
    nonce TEXT PRIMARY KEY, expires INTEGER NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS held_grant (
    jti TEXT PRIMARY KEY, pseudonym TEXT NOT NULL, data TEXT NOT NULL, jwt TEXT NOT NULL, request TEXT NOT NULL,
    received INTEGER NOT NULL, keep_until INTEGER NOT NULL,
    "values" TEXT, erased INTEGER, why TEXT, handed_back INTEGER) STRICT;
  CREATE TABLE IF NOT EXISTS recheck (
    jti TEXT PRIMARY KEY, checked_at INTEGER NOT NULL, status TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS asked (
    id INTEGER PRIMARY KEY, at INTEGER NOT NULL, jti TEXT NOT NULL, purpose TEXT NOT NULL, attribute TEXT NOT NULL,
    answer TEXT NOT NULL) STRICT;
  CREATE INDEX IF NOT EXISTS asked_by_grant ON asked (jti, id);
`;

const HELD = 'SELECT * FROM held_grant LEFT JOIN recheck USING (jti)';

export type Values = Readonly<Record<string, DisclosedValue>>;

/** Why the values of a grant are gone. */
export type ErasedBecause = DenialReason | 'unknown' | 'kept-long-enough' | 'replaced' | 'asked-to';

/** A grant as the shop holds it. Times are NumericDate. */
export type HeldGrant = VerifiedGrant['grant'] & {
  readonly pseudonym: string;
  readonly jwt: string;
  readonly received: number;
  readonly keepUntil: number;
  /** null once erased. */
  readonly values: Values | null;
  readonly erased: number | null;
  readonly why: ErasedBecause | null;
  readonly handedBack: number | null;
  /** The last look at the status list without a visit; `active`, or a code. */
  readonly recheck: { readonly at: number; readonly status: string } | null;
};

export type Asked = {
  readonly at: number;
  readonly jti: string;
  readonly purpose: string;
  readonly attribute: string;
  /** `allowed`, a denial's reason, `denied`, or the code of the error that kept the shop from asking. */
  readonly answer: string;
};

type Row = Record<string, unknown>;

/** Everything the shop remembers, in one SQLite file: it survives a restart. Deleted values are overwritten on disk. */
export class ShopStore {
  private readonly database: DatabaseSync;

  /** @param file path, or `:memory:` */
  constructor(file: string) {
    this.database = new DatabaseSync(file);
    this.database.exec('PRAGMA journal_mode = TRUNCATE; PRAGMA secure_delete = ON;');
    this.database.exec(SCHEMA);
  }

  close(): void {
    this.database.close();
  }

  // Sessions: the cookie holds a secret, the database only its hash.

  newSession(expires: number, jti: string | null = null): string {
    const secret = randomBytes(24).toString('base64url');
    this.run('INSERT INTO session VALUES (?, ?, ?)', hash(secret), jti, expires);
    return secret;
  }

  /** @returns null for an unknown or expired session */
  session(secret: string, now: number): { id: string; jti: string | null } | null {
    const row = this.row('SELECT jti FROM session WHERE id = ? AND expires > ?', hash(secret), now);
    return row === undefined ? null : { id: hash(secret), jti: row.jti as string | null };
  }

  endSession(id: string): void {
    this.run('DELETE FROM session WHERE id = ?', id);
    this.run('DELETE FROM request WHERE session = ?', id);
  }

  // The one open request of a session, and nonces that were answered.

  putRequest(session: string, data: RequestSession): void {
    this.run(
      'INSERT OR REPLACE INTO request VALUES (?, ?, ?)',
      session,
      JSON.stringify(data),
      data.expires,
    );
  }

  request(session: string): RequestSession | null {
    const row = this.row('SELECT data FROM request WHERE session = ?', session);
    return row === undefined ? null : JSON.parse(row.data as string);
  }

  useNonce(nonce: string, expires: number): boolean {
    return this.run('INSERT OR IGNORE INTO used_nonce VALUES (?, ?)', nonce, expires) === 1;
  }

  forgetExpired(now: number): void {
    for (const table of ['session', 'request', 'used_nonce']) {
      this.run(`DELETE FROM ${table} WHERE expires <= ?`, now);
    }
  }

  // Grants

  putGrant(verified: VerifiedGrant, request: string, received: number, keepUntil: number): void {
    this.run(
      'INSERT INTO held_grant (jti, pseudonym, data, jwt, request, received, keep_until, "values") VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
      verified.grant.jti,
      verified.pseudonym,
      JSON.stringify(verified.grant),
      verified.jwt,
      request,
      received,
      keepUntil,
      JSON.stringify(verified.values),
    );
  }

  grant(jti: string): HeldGrant | null {
    const row = this.row(`${HELD} WHERE jti = ?`, jti);
    return row === undefined ? null : heldGrant(row);
  }

  /** The signed request that led to a grant. */
  requestOf(jti: string): string | null {
    const row = this.row('SELECT request FROM held_grant WHERE jti = ?', jti);
    return (row?.request as string | undefined) ?? null;
  }

  /** The newest first. */
  grants(): HeldGrant[] {
    return this.rows(`${HELD} ORDER BY received DESC, held_grant.rowid DESC`).map(heldGrant);
  }

  erase(jti: string, why: ErasedBecause, now: number): void {
    this.run(
      'UPDATE held_grant SET "values" = NULL, erased = ?, why = ? WHERE jti = ? AND "values" IS NOT NULL',
      now,
      why,
      jti,
    );
  }

  putRecheck(jti: string, at: number, status: string): void {
    this.run('INSERT OR REPLACE INTO recheck VALUES (?, ?, ?)', jti, at, status);
  }

  handedBack(jti: string, now: number): void {
    this.run('UPDATE held_grant SET handed_back = ? WHERE jti = ?', now, jti);
  }

  // The record of every question.

  putAsked({ at, jti, purpose, attribute, answer }: Asked): void {
    this.run(
      'INSERT INTO asked (at, jti, purpose, attribute, answer) VALUES (?, ?, ?, ?, ?)',
      at,
      jti,
      purpose,
      attribute,
      answer,
    );
  }

  /** The newest first. */
  asked(limit: number): Asked[] {
    const rows = this.rows('SELECT * FROM asked ORDER BY id DESC LIMIT ?', limit);
    return rows.map((row) => ({ ...row }) as unknown as Asked);
  }

  private run(sql: string, ...values: (string | number | null)[]): number {
    return Number(this.database.prepare(sql).run(...values).changes);
  }
  private row(sql: string, ...values: (string | number)[]): Row | undefined {
    return this.database.prepare(sql).get(...values);
  }
  private rows(sql: string, ...values: (string | number)[]): Row[] {
    return this.database.prepare(sql).all(...values);
  }
}

function hash(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}

function heldGrant(row: Row): HeldGrant {
  return {
    ...(JSON.parse(row.data as string) as VerifiedGrant['grant']),
    pseudonym: row.pseudonym as string,
    jwt: row.jwt as string,
    received: row.received as number,
    keepUntil: row.keep_until as number,
    values: row.values === null ? null : JSON.parse(row.values as string),
    erased: row.erased as number | null,
    why: row.why as ErasedBecause | null,
    handedBack: row.handed_back as number | null,
    recheck:
      row.checked_at === null
        ? null
        : { at: row.checked_at as number, status: row.status as string },
  };
}
