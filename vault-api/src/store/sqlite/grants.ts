import type { PublicJwk } from '@zusage/protocol/jwk';
import type { ReceiptEvent } from '@zusage/protocol/receipt';
import type { Entry, GrantChange, GrantRecord, Registration, Store } from '../port.ts';
import { eraseChecks } from './checks.ts';
import type { Database, Row } from './database.ts';
import { detailsOf } from './grant-terms.ts';
import { packJws, unpackJws } from './jws.ts';
import { appendLog, eraseLogFields } from './log-queue.ts';
import { keepParsed } from './parsed.ts';
import { conditionOf, PAUSED, RECOVERING } from './slots.ts';

type Grants = Pick<
  Store,
  | 'register'
  | 'grant'
  | 'grantsByStop'
  | 'grantsOf'
  | 'grantsOfAudience'
  | 'expired'
  | 'change'
  | 'entries'
  | 'act'
>;

/** The store's own number of a grant. */
export const ID_OF = '(SELECT id FROM consent_grant WHERE jti = ?)';

export function grantTables(db: Database): Grants {
  const many = (where: string, ...values: (string | number)[]) =>
    db.read(() => db.all(`SELECT * FROM consent_grant WHERE ${where}`, ...values).map(grantOf));
  return {
    register: (registration) => db.write(() => register(db, registration)),
    grant: (jti, aud) =>
      db.read(() => {
        const row =
          aud === undefined
            ? db.get('SELECT * FROM consent_grant WHERE jti = ?', jti)
            : db.get('SELECT * FROM consent_grant WHERE jti = ? AND aud = ?', jti, aud);
        return row === undefined ? null : grantOf(row);
      }),
    grantsByStop: (stop) => many('stop = ?', stop),
    grantsOf: (aud, pseudonym, max) =>
      many(
        'aud = ? AND pseudonym = ? ORDER BY registered_at DESC, id DESC LIMIT ?',
        aud,
        pseudonym,
        max,
      ),
    grantsOfAudience: (aud, { after, registeredBy, max }) =>
      many(
        `aud = ? AND (pseudonym, jti) > (?, ?) AND registered_at <= ?
         ORDER BY pseudonym, jti LIMIT ?`,
        aud,
        after.pseudonym,
        after.jti,
        registeredBy,
        max,
      ),
    expired: (now, max) =>
      many('exp <= ? AND ended_by IS NULL AND expiry_logged = 0 ORDER BY exp LIMIT ?', now, max),
    change: (change) =>
      db.write(() => {
        return apply(db, change) ? 'changed' : 'moved';
      }),
    entries: (grant) =>
      db.read(() =>
        db
          .all(
            `SELECT seq, event, at, jws FROM entry LEFT JOIN receipt ON entry_id = entry.id
             WHERE grant_id = ${ID_OF} ORDER BY seq`,
            grant,
          )
          .map((row) => ({
            seq: row.seq as number,
            event: row.event as ReceiptEvent,
            at: row.at as number,
            receipt: row.jws === null ? null : unpackJws(row.jws as Uint8Array),
          })),
      ),
    act: (grant, jti) =>
      db.read(() => {
        const row = db.get(
          `SELECT act_hash, answer, seq FROM entry WHERE grant_id = ${ID_OF} AND act_jti = ?`,
          grant,
          jti,
        );
        if (row === undefined) return null;
        return {
          hash: row.act_hash as string,
          answer: row.answer as string,
          seq: row.seq as number,
        };
      }),
  };
}

/** Every decision comes before the first change: a refusal leaves nothing behind. */
function register(
  db: Database,
  { grant, jwt, request, requestUntil, entry, now, replaced }: Registration,
): 'registered' | 'conflict' | 'no-slot' | 'moved' {
  const { person } = grant;
  if (person === null) throw new TypeError('a registered grant has a person');
  const { clientId, nonce } = request;
  const { taken, slot } = db.get(
    `SELECT EXISTS (SELECT 1 FROM consent_grant WHERE jti = ?9)
         OR EXISTS (SELECT 1 FROM answered_request WHERE client_id = ?1 AND nonce = ?2)
         OR EXISTS (SELECT 1 FROM subject WHERE pseudonym = ?3 AND aud <> ?4) AS taken,
       EXISTS (SELECT 1 FROM slot WHERE list = ?5 AND idx = ?6 AND client_id = ?1 AND nonce = ?2
         AND request_hash = ?7 AND pseudonym = ?3 AND used = 0 AND expires > ?8) AS slot`,
    clientId,
    nonce,
    person.pseudonym,
    grant.aud,
    grant.list,
    grant.idx,
    grant.requestHash,
    now,
    grant.jti,
  ) as { taken: number; slot: number };
  if (taken === 1) return 'conflict';
  if (slot === 0) return 'no-slot';
  if (replaced !== null && !isAt(db, replaced)) return 'moved';

  db.run('UPDATE slot SET used = 1 WHERE list = ? AND idx = ?', grant.list, grant.idx);
  db.run('INSERT INTO answered_request VALUES (?, ?, ?)', clientId, nonce, requestUntil);
  db.run('INSERT OR IGNORE INTO subject VALUES (?, ?)', person.pseudonym, grant.aud);
  if (replaced !== null) apply(db, replaced);
  const id = db.insert(
    `INSERT INTO consent_grant (jti, hash, request_hash, terms_hash, stop, aud, list, idx, nbf, exp,
       registered_at, brand_key, seq, paused, ended_by, ended_at, undo_until, returned, has_jwt, pseudonym, key, details)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, NULL, NULL, NULL, 0, 1, ?, ?, ?)`,
    grant.jti,
    grant.hash,
    grant.requestHash,
    grant.termsHash,
    grant.stop,
    grant.aud,
    grant.list,
    grant.idx,
    grant.nbf,
    grant.exp,
    grant.registeredAt,
    grant.brandKey,
    person.pseudonym,
    JSON.stringify(person.key),
    JSON.stringify(person.details),
  );
  db.run('INSERT INTO grant_jwt VALUES (?, ?)', id, packJws(jwt, { isDeflated: true }));
  append(db, id, entry);
  return 'registered';
}

function isAt(db: Database, { grant, from }: GrantChange): boolean {
  return db.get('SELECT 1 FROM consent_grant WHERE jti = ? AND seq = ?', grant, from) !== undefined;
}

/** Changes nothing unless the grant is still at `from`. */
function apply(db: Database, { grant, from, to, entry, erase }: GrantChange): boolean {
  const id = db.get('SELECT id FROM consent_grant WHERE jti = ? AND seq = ?', grant, from)?.id;
  if (id === undefined) return false;
  const changed = db.run(
    `UPDATE consent_grant SET seq = ?, paused = ?, ended_by = ?, ended_at = ?, undo_until = ?, returned = ?
     WHERE id = ? AND seq = ?`,
    entry.seq,
    (to.paused ? PAUSED : 0) | (to.isRecovering === true ? RECOVERING : 0),
    to.endedBy,
    to.endedAt,
    to.undoUntil,
    to.returned ? 1 : 0,
    id,
    from,
  );
  if (changed !== 1) return false;
  if (entry.event === 'expired') {
    db.run('UPDATE consent_grant SET expiry_logged = 1 WHERE id = ?', id);
  }
  append(db, id as number, entry);
  if (erase) forget(db, { id: id as number, jti: grant, seq: entry.seq });
  return true;
}

function append(
  db: Database,
  grant: number,
  { seq, event, at, act, evidence, receipt, log }: Entry,
): void {
  db.run(
    `INSERT INTO entry (grant_id, seq, event, at, act_jti, act_hash, answer, evidence)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    grant,
    seq,
    event,
    at,
    act?.jti ?? null,
    act?.hash ?? null,
    act?.answer ?? null,
    evidence,
  );
  appendLog(db, log, { grant, receipt });
}

/** Hash, stop hash, status place and the numbered entries stay; everything of the person's goes. */
function forget(
  db: Database,
  { id, jti, seq }: { readonly id: number; readonly jti: string; readonly seq: number },
): void {
  const pseudonym = db.get('SELECT pseudonym FROM consent_grant WHERE id = ?', id)
    ?.pseudonym as string;
  db.run(
    `UPDATE consent_grant SET has_jwt = 0, pseudonym = NULL, key = NULL, details = NULL
     WHERE id = ?`,
    id,
  );
  db.run(
    `UPDATE entry SET act_jti = NULL, act_hash = NULL, answer = NULL,
       evidence = CASE WHEN event = 'returned' THEN evidence END WHERE grant_id = ?`,
    id,
  );
  db.run('DELETE FROM receipt WHERE entry_id IN (SELECT id FROM entry WHERE grant_id = ?)', id);
  db.run('DELETE FROM grant_jwt WHERE grant_id = ?', id);
  eraseChecks(db, id);
  db.run('DELETE FROM use_counter WHERE grant_jti = ?', jti);
  db.run(
    `UPDATE slot SET client_id = NULL, nonce = NULL, request_hash = NULL, pseudonym = NULL
     WHERE (list, idx) = (SELECT list, idx FROM consent_grant WHERE id = ?)`,
    id,
  );
  const isLast = 'NOT EXISTS (SELECT 1 FROM consent_grant WHERE consent_grant.pseudonym = ?1)';
  db.run(`DELETE FROM subject WHERE pseudonym = ?1 AND ${isLast}`, pseudonym);
  db.run(`DELETE FROM log_stream WHERE kind = 'person' AND name = ?1 AND ${isLast}`, pseudonym);
  eraseLogFields(db, id, seq);
}

/** A person who does one thing about a grant soon does another. */
const keyOf = keepParsed<PublicJwk>(2000);

function grantOf(row: Row): GrantRecord {
  const text = (name: string) => row[name] as string;
  const number = (name: string) => row[name] as number;
  return {
    jti: text('jti'),
    hash: text('hash'),
    requestHash: text('request_hash'),
    termsHash: text('terms_hash'),
    stop: text('stop'),
    aud: text('aud'),
    list: number('list'),
    idx: number('idx'),
    nbf: number('nbf'),
    exp: number('exp'),
    registeredAt: number('registered_at'),
    seq: number('seq'),
    brandKey: text('brand_key'),
    ...conditionOf(row),
    person:
      row.pseudonym === null
        ? null
        : {
            pseudonym: text('pseudonym'),
            key: keyOf(text('key')),
            details: detailsOf(text('details')),
          },
  };
}
