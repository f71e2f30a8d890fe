/**
 * The schema, step by step; `PRAGMA user_version` counts the steps taken. A step that was released is never edited.
 * Times are NumericDate. JSON columns are written and read by the store alone.
 */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE brand (
    did TEXT PRIMARY KEY,
    document TEXT NOT NULL,
    enrolled_at INTEGER NOT NULL,
    read_at INTEGER NOT NULL,
    frozen_at INTEGER
  ) STRICT;

  CREATE TABLE single_use (
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    until INTEGER NOT NULL,
    PRIMARY KEY (kind, id)
  ) STRICT;

  CREATE TABLE token (
    hash TEXT PRIMARY KEY,
    did TEXT NOT NULL,
    key TEXT NOT NULL,
    assertion TEXT NOT NULL,
    expires INTEGER NOT NULL
  ) STRICT;

  -- How many places of each list were ever handed out.
  CREATE TABLE status_list (
    list INTEGER PRIMARY KEY,
    handed_out INTEGER NOT NULL
  ) STRICT;

  -- A row stays for good, so that its place is never handed out twice; the holder is forgotten.
  CREATE TABLE slot (
    list INTEGER NOT NULL,
    idx INTEGER NOT NULL,
    client_id TEXT,
    nonce TEXT,
    request_hash TEXT,
    pseudonym TEXT,
    created INTEGER NOT NULL,
    expires INTEGER NOT NULL,
    used INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (list, idx)
  ) STRICT;
  CREATE INDEX slot_request ON slot (client_id, nonce);
  CREATE INDEX slot_expires ON slot (expires) WHERE client_id IS NOT NULL;

  CREATE TABLE answered_request (
    client_id TEXT NOT NULL,
    nonce TEXT NOT NULL,
    until INTEGER NOT NULL,
    PRIMARY KEY (client_id, nonce)
  ) STRICT;

  -- A key is bound to the first audience it registers.
  CREATE TABLE subject (
    pseudonym TEXT PRIMARY KEY,
    aud TEXT NOT NULL
  ) STRICT;

  CREATE TABLE consent_grant (
    jti TEXT PRIMARY KEY,
    hash TEXT NOT NULL UNIQUE,
    request_hash TEXT NOT NULL,
    terms_hash TEXT NOT NULL,
    stop TEXT NOT NULL,
    aud TEXT NOT NULL,
    list INTEGER NOT NULL,
    idx INTEGER NOT NULL,
    nbf INTEGER NOT NULL,
    exp INTEGER NOT NULL,
    registered_at INTEGER NOT NULL,
    brand_key TEXT NOT NULL,
    seq INTEGER NOT NULL,
    paused INTEGER NOT NULL,
    ended_by TEXT,
    ended_at INTEGER,
    undo_until INTEGER,
    returned INTEGER NOT NULL,
    jwt TEXT,
    pseudonym TEXT,
    key TEXT,
    details TEXT,
    UNIQUE (list, idx)
  ) STRICT;
  CREATE INDEX consent_grant_subject ON consent_grant (aud, pseudonym);
  CREATE INDEX consent_grant_stop ON consent_grant (stop);

  -- Append-only: what happened to a grant, in order.
  CREATE TABLE entry (
    grant_jti TEXT NOT NULL,
    seq INTEGER NOT NULL,
    event TEXT NOT NULL,
    at INTEGER NOT NULL,
    act_jti TEXT,
    act_hash TEXT,
    answer TEXT,
    evidence TEXT,
    receipt TEXT,
    PRIMARY KEY (grant_jti, seq),
    UNIQUE (grant_jti, act_jti)
  ) STRICT;

  -- Append-only: what the grant log takes up, in the transaction of the change itself.
  CREATE TABLE log_queue (
    qid INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    grant_jti TEXT,
    grant_seq INTEGER,
    fields TEXT NOT NULL,
    due INTEGER NOT NULL,
    log_index INTEGER,
    UNIQUE (grant_jti, grant_seq)
  ) STRICT;

  CREATE TABLE check_leaf (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    brand TEXT NOT NULL,
    grant_jti TEXT,
    grant_n INTEGER,
    purpose TEXT NOT NULL,
    attributes TEXT NOT NULL,
    at INTEGER NOT NULL,
    decision INTEGER NOT NULL,
    reason TEXT,
    interval INTEGER,
    UNIQUE (grant_jti, grant_n)
  ) STRICT;

  CREATE TABLE use_counter (
    grant_jti TEXT NOT NULL,
    window INTEGER NOT NULL,
    uses INTEGER NOT NULL,
    PRIMARY KEY (grant_jti, window)
  ) STRICT;
  `,
  `
  DROP INDEX consent_grant_subject;
  CREATE INDEX consent_grant_subject ON consent_grant (aud, pseudonym, registered_at);
    `,
  `
  -- The highest number of a grant's checks that were forgotten, so that numbers only ever rise.
  CREATE TABLE check_forgotten (
    grant_jti TEXT PRIMARY KEY,
    grant_n INTEGER NOT NULL
  ) STRICT;
  `,
];
