import type { Dump } from '../port.ts';
import { CHECKS_OF_GRANT } from './checks.ts';
import type { Database, Row } from './database.ts';
import { unpackJws } from './jws.ts';

/**
 * Every row that names the pseudonym, a grant of it, or a request it was given a slot for, by table, as it is stored; a JWS as its text.
 * dump.test.ts compares this list with the schema.
 */
export function dump(db: Database, pseudonym: string): Dump {
  const slots = db.all('SELECT * FROM slot WHERE pseudonym = ?', pseudonym);
  const grants = db.all('SELECT * FROM consent_grant WHERE pseudonym = ?', pseudonym);
  const ofGrants = (sql: string) => grants.flatMap(({ jti }) => db.all(sql, jti as string));
  const ofNumbers = (sql: string) => grants.flatMap(({ id }) => db.all(sql, id as number));
  return tidy({
    subject: db.all('SELECT * FROM subject WHERE pseudonym = ?', pseudonym),
    log_stream: db.all("SELECT * FROM log_stream WHERE kind = 'person' AND name = ?", pseudonym),
    slot: slots,
    answered_request: slots.flatMap(({ client_id, nonce }) =>
      db.all(
        'SELECT * FROM answered_request WHERE client_id = ? AND nonce = ?',
        client_id as string,
        nonce as string,
      ),
    ),
    consent_grant: grants,
    grant_jwt: ofNumbers('SELECT * FROM grant_jwt WHERE grant_id = ?').map(asText('jwt')),
    entry: ofNumbers('SELECT * FROM entry WHERE grant_id = ? ORDER BY seq'),
    receipt: ofNumbers(
      'SELECT receipt.* FROM receipt JOIN entry ON entry.id = entry_id WHERE grant_id = ? ORDER BY seq',
    ).map(asText('jws')),
    log_queue: ofNumbers('SELECT * FROM log_queue WHERE grant_id = ? ORDER BY qid'),
    log_waiting: ofNumbers(
      'SELECT log_waiting.* FROM log_waiting JOIN log_queue USING (qid) WHERE grant_id = ? ORDER BY qid',
    ),
    check_leaf: ofNumbers(`SELECT * FROM check_leaf WHERE id IN (${CHECKS_OF_GRANT}) ORDER BY id`),
    check_of_grant: ofNumbers(
      'SELECT check_of_grant.* FROM check_run CROSS JOIN check_of_grant ON run = last AND grant_id = ?',
    ),
    check_forgotten: ofNumbers('SELECT * FROM check_forgotten WHERE grant_id = ?'),
    use_counter: ofGrants('SELECT * FROM use_counter WHERE grant_jti = ? ORDER BY window'),
    single_use: ofGrants("SELECT * FROM single_use WHERE kind = 'read' AND id LIKE ? || ' %'"),
  });
}

/** A JWS is kept packed. */
function asText(column: 'jws' | 'jwt'): (row: Row) => Row {
  return (row) => ({ ...row, [column]: unpackJws(row[column] as Uint8Array) });
}

function tidy(tables: Record<string, Row[]>): Dump {
  const entries = Object.entries(tables).map(([name, rows]) => [
    name,
    rows.map((row) => ({ ...row })),
  ]);
  return Object.fromEntries(entries) as Dump;
}
