import { SECONDS_PER_DAY } from '@zusage/protocol/duration';
import type { Database } from './database.ts';

/** Days after its end in which a grant's issuer-signed JWT is kept; then its hash stands for it. */
const JWT_DAYS = 30;

export function sweep(db: Database, now: number): void {
  db.run('DELETE FROM single_use WHERE until <= ?', now);
  db.run('DELETE FROM token WHERE expires <= ?', now);
  db.run('DELETE FROM answered_request WHERE until <= ?', now);
  db.run(
    `UPDATE slot SET client_id = NULL, nonce = NULL, request_hash = NULL, pseudonym = NULL
     WHERE client_id IS NOT NULL AND expires <= ?`,
    now,
  );
  db.run(
    'UPDATE consent_grant SET jwt = NULL WHERE jwt IS NOT NULL AND coalesce(ended_at, exp) <= ?',
    now - JWT_DAYS * SECONDS_PER_DAY,
  );
}
