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
  `
  -- Grants get a small number of their own: what points to them by the thousand is a third as large, and as fast.
  CREATE TABLE numbered_grant (
    id INTEGER PRIMARY KEY,
    jti TEXT NOT NULL UNIQUE,
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
    pseudonym TEXT,
    key TEXT,
    details TEXT,
    jwt TEXT,
    UNIQUE (list, idx)
  ) STRICT;
  INSERT INTO numbered_grant
    SELECT rowid, jti, hash, request_hash, terms_hash, stop, aud, list, idx, nbf, exp, registered_at, brand_key, seq,
      paused, ended_by, ended_at, undo_until, returned, pseudonym, key, details, jwt
    FROM consent_grant;
  DROP TABLE consent_grant;
  ALTER TABLE numbered_grant RENAME TO consent_grant;
  CREATE INDEX consent_grant_subject ON consent_grant (aud, pseudonym, registered_at);
  CREATE INDEX consent_grant_stop ON consent_grant (stop);

  CREATE TABLE numbered_leaf (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    brand TEXT NOT NULL,
    grant_id INTEGER,
    purpose TEXT NOT NULL,
    attributes TEXT NOT NULL,
    at INTEGER NOT NULL,
    decision INTEGER NOT NULL,
    reason TEXT,
    interval INTEGER
  ) STRICT;
  INSERT INTO numbered_leaf
    SELECT leaf.id, kind, brand, consent_grant.id, purpose, attributes, at, decision, reason, interval
    FROM check_leaf AS leaf LEFT JOIN consent_grant ON consent_grant.jti = leaf.grant_jti;
  DROP TABLE check_leaf;
  ALTER TABLE numbered_leaf RENAME TO check_leaf;
  CREATE INDEX check_leaf_grant ON check_leaf (grant_id) WHERE grant_id IS NOT NULL;

  -- How many of a grant's checks were forgotten: what is left is numbered from there, so numbers only ever rise.
  CREATE TABLE forgotten_of_grant (
    grant_id INTEGER PRIMARY KEY,
    checks INTEGER NOT NULL
  ) STRICT;
  INSERT INTO forgotten_of_grant
    SELECT consent_grant.id, grant_n FROM check_forgotten JOIN consent_grant ON jti = grant_jti;
  DROP TABLE check_forgotten;
  ALTER TABLE forgotten_of_grant RENAME TO check_forgotten;
  `,
  `
  -- What a caller is told again when it repeats itself. Hashes and HMACs under its own key: nobody is named.
  CREATE TABLE told (
    brand TEXT NOT NULL,
    key TEXT NOT NULL,
    request TEXT NOT NULL,
    at INTEGER NOT NULL,
    answers TEXT NOT NULL,
    PRIMARY KEY (brand, key)
  ) STRICT;
  CREATE INDEX told_at ON told (at);
  `,
  `
  -- Slots that still count against a brand's quota, so that counting them does not look at all it ever had.
  CREATE INDEX slot_open ON slot (client_id, expires) WHERE used = 0 AND client_id IS NOT NULL;
  `,
  `
  -- All that a status list needs of most grants, without their rows.
  CREATE INDEX consent_grant_status ON consent_grant (list, idx, paused, ended_by);
  `,
  `
  -- The grant log. What is here stays: entries, openings and tiles are only ever added, a tile grows until it is full.
  -- \`log\` numbers the logs that followed one another; the head is that of the latest.
  ALTER TABLE log_queue ADD COLUMN log INTEGER;
  -- Claims of the receipt that is signed when the row gets its index, then nothing.
  ALTER TABLE log_queue ADD COLUMN receipt TEXT;
  CREATE INDEX log_queue_waiting ON log_queue (qid) WHERE log_index IS NULL;

  ALTER TABLE consent_grant ADD COLUMN expiry_logged INTEGER NOT NULL DEFAULT 0;
  CREATE INDEX consent_grant_expiry ON consent_grant (exp) WHERE ended_by IS NULL AND expiry_logged = 0;

  CREATE TABLE log_head (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    log INTEGER NOT NULL,
    size INTEGER NOT NULL,
    root BLOB NOT NULL,
    time INTEGER NOT NULL,
    note TEXT,
    -- A key event that is to be the log's first entry.
    first TEXT
  ) STRICT;
  INSERT INTO log_head
    VALUES (1, 1, 0, x'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855', 0, NULL, NULL);

  CREATE TABLE log_entry (
    log INTEGER NOT NULL,
    log_index INTEGER NOT NULL,
    entry TEXT NOT NULL,
    PRIMARY KEY (log, log_index)
  ) STRICT, WITHOUT ROWID;

  -- Sealed under the keys of its month, which no database holds. \`person\` goes with the erasure of the grant.
  CREATE TABLE log_opening (
    log INTEGER NOT NULL,
    log_index INTEGER NOT NULL,
    month TEXT NOT NULL,
    kept BLOB,
    person BLOB,
    PRIMARY KEY (log, log_index)
  ) STRICT, WITHOUT ROWID;

  CREATE INDEX log_opening_kept ON log_opening (month) WHERE kept IS NOT NULL;
  CREATE INDEX log_opening_person ON log_opening (month) WHERE person IS NOT NULL;

  CREATE TABLE log_tile (
    log INTEGER NOT NULL,
    level INTEGER NOT NULL,
    n INTEGER NOT NULL,
    hashes BLOB NOT NULL,
    PRIMARY KEY (log, level, n)
  ) STRICT;

  CREATE TABLE log_stream (
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    root BLOB NOT NULL,
    month TEXT NOT NULL,
    seq INTEGER NOT NULL,
    prev TEXT,
    PRIMARY KEY (kind, name)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE log_published (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    log INTEGER NOT NULL,
    size INTEGER NOT NULL,
    note TEXT NOT NULL
  ) STRICT;
  INSERT INTO log_published VALUES (1, 1, -1, '');

  -- What opens a check: 32 random bytes.
  ALTER TABLE check_leaf ADD COLUMN opening BLOB;

  -- One for each minute; \`leaves\` are the hashes of its tree.
  CREATE TABLE access_batch (
    interval INTEGER PRIMARY KEY,
    log INTEGER NOT NULL,
    log_index INTEGER NOT NULL,
    root BLOB NOT NULL,
    leaves BLOB NOT NULL
  ) STRICT;
  -- A brand's checks of a minute; \`leaves\` for as long as the checks are kept.
  CREATE TABLE access_brand (
    brand TEXT NOT NULL,
    interval INTEGER NOT NULL,
    n INTEGER NOT NULL,
    root BLOB NOT NULL,
    head_seq INTEGER NOT NULL,
    prev TEXT,
    opening BLOB NOT NULL,
    commitment BLOB NOT NULL,
    leaves BLOB,
    PRIMARY KEY (brand, interval)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX access_brand_leaves ON access_brand (interval) WHERE leaves IS NOT NULL;

  -- Since when nothing is left that a month's key opens.
  CREATE TABLE log_empty_month (
    month TEXT NOT NULL,
    part TEXT NOT NULL,
    since INTEGER NOT NULL,
    PRIMARY KEY (month, part)
  ) STRICT, WITHOUT ROWID;

  -- Keys of the service that the log has named.
  CREATE TABLE log_named_key (
    kid TEXT PRIMARY KEY,
    at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  -- Logs that followed another one, and when.
  CREATE TABLE log_follow (
    log INTEGER PRIMARY KEY,
    at INTEGER NOT NULL
  ) STRICT;

  -- Every checkpoint that was ever published.
  CREATE TABLE log_note (
    log INTEGER NOT NULL,
    size INTEGER NOT NULL,
    note TEXT NOT NULL,
    PRIMARY KEY (log, size)
  ) STRICT, WITHOUT ROWID;
  `,
  `
  -- A check is put into order by grant when the log takes it up, many at a time. Until then it is one of a few.
  DROP INDEX check_leaf_grant;
  CREATE INDEX check_leaf_grant ON check_leaf (grant_id) WHERE grant_id IS NOT NULL AND interval IS NOT NULL;
  CREATE INDEX check_leaf_waiting ON check_leaf (id) WHERE interval IS NULL;
  `,
  `
  -- Which entries are of a month, in the place of two indexes that every one of them was in.
  DROP INDEX log_opening_kept;
  DROP INDEX log_opening_person;
  CREATE TABLE log_month (
    month TEXT NOT NULL,
    log INTEGER NOT NULL,
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    PRIMARY KEY (month, log)
  ) STRICT, WITHOUT ROWID;
  INSERT INTO log_month
    SELECT month, log, min(log_index), max(log_index) FROM log_opening GROUP BY month, log;
  `,
  `
  -- The hash that stands for a check in the tree of its minute, made when it is recorded.
  ALTER TABLE check_leaf ADD COLUMN leaf BLOB;
  `,
  `
  -- What lies between the hashes of a full tile and its root, so that a proof hashes nothing again.
  ALTER TABLE log_tile ADD COLUMN inner BLOB;
  `,
  `
  -- A check belongs to its minute from the start; only its place by grant waits, until many can get theirs at once.
  ALTER TABLE check_leaf ADD COLUMN ordered INTEGER NOT NULL DEFAULT 0;
  DROP INDEX check_leaf_grant;
  DROP INDEX check_leaf_waiting;
  CREATE INDEX check_leaf_grant ON check_leaf (grant_id) WHERE ordered = 1 AND grant_id IS NOT NULL;
  CREATE INDEX check_leaf_waiting ON check_leaf (id) WHERE ordered = 0;
  `,
  `
  -- Grants whose JWT is still kept, by when it may go: the sweep at the start looked at every grant there is.
  CREATE INDEX consent_grant_jwt ON consent_grant (coalesce(ended_at, exp)) WHERE jwt IS NOT NULL;
  `,
  `
  -- A check is written once, into no index: which are of a grant is noted later, many at a time and beside them. Its
  -- leaf follows from the row; that of one that was erased stays in its place.
  DROP INDEX check_leaf_grant;
  DROP INDEX check_leaf_waiting;
  CREATE TABLE check_of_grant (
    grant_id INTEGER NOT NULL,
    check_id INTEGER NOT NULL,
    PRIMARY KEY (grant_id, check_id)
  ) STRICT, WITHOUT ROWID;
  INSERT INTO check_of_grant SELECT grant_id, id FROM check_leaf WHERE grant_id IS NOT NULL;
  -- Up to which check that was done; no id up to it is given out again.
  CREATE TABLE check_noted (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    id INTEGER NOT NULL
  ) STRICT;
  INSERT INTO check_noted SELECT 1, coalesce(max(id), 0) FROM check_leaf;
  ALTER TABLE check_leaf DROP COLUMN ordered;
  DROP INDEX access_brand_leaves;
  ALTER TABLE access_brand DROP COLUMN leaves;
  -- The last check before the end of the minute.
  ALTER TABLE access_batch ADD COLUMN last_check INTEGER NOT NULL DEFAULT 0;
  UPDATE access_batch SET last_check =
    coalesce((SELECT max(id) FROM check_leaf WHERE check_leaf.interval <= access_batch.interval), 0);
  `,
  `
  -- What is large and read seldom lies apart from what changes often, so that a change rewrites less.
  CREATE TABLE grant_jwt (
    grant_id INTEGER PRIMARY KEY,
    jwt TEXT NOT NULL
  ) STRICT;
  INSERT INTO grant_jwt SELECT id, jwt FROM consent_grant WHERE jwt IS NOT NULL;
  DROP INDEX consent_grant_jwt;
  ALTER TABLE consent_grant DROP COLUMN jwt;
  ALTER TABLE consent_grant ADD COLUMN has_jwt INTEGER NOT NULL DEFAULT 0;
  UPDATE consent_grant SET has_jwt = 1 WHERE id IN (SELECT grant_id FROM grant_jwt);
  CREATE INDEX consent_grant_jwt ON consent_grant (coalesce(ended_at, exp)) WHERE has_jwt = 1;

  -- What a row of the queue waits with, gone once it has its index: emptied in its row, it left a hole of its size.
  CREATE TABLE log_waiting (
    qid INTEGER PRIMARY KEY,
    fields TEXT NOT NULL,
    receipt TEXT
  ) STRICT;
  INSERT INTO log_waiting SELECT qid, fields, receipt FROM log_queue WHERE log_index IS NULL;
  -- No row of the queue is ever deleted, so that nobody has to keep the highest number apart.
  CREATE TABLE plain_queue (
    qid INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    grant_jti TEXT,
    grant_seq INTEGER,
    due INTEGER NOT NULL,
    log_index INTEGER,
    log INTEGER,
    UNIQUE (grant_jti, grant_seq)
  ) STRICT;
  INSERT INTO plain_queue SELECT qid, kind, grant_jti, grant_seq, due, log_index, log FROM log_queue;
  DROP TABLE log_queue;
  ALTER TABLE plain_queue RENAME TO log_queue;
  CREATE INDEX log_queue_waiting ON log_queue (qid) WHERE log_index IS NULL;
  `,
  `
  -- A change writes few pages: what belongs to a grant says so with its number, what is large lies in the order in
  -- which it came, and nothing is found in two ways. A grant's hash needs no index: its JWT says which grant it is.
  CREATE TABLE one_grant (
    id INTEGER PRIMARY KEY,
    jti TEXT NOT NULL UNIQUE,
    hash TEXT NOT NULL,
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
    expiry_logged INTEGER NOT NULL DEFAULT 0,
    has_jwt INTEGER NOT NULL DEFAULT 0,
    pseudonym TEXT,
    key TEXT,
    details TEXT
  ) STRICT;
  INSERT INTO one_grant
    SELECT id, jti, hash, request_hash, terms_hash, stop, aud, list, idx, nbf, exp, registered_at, brand_key, seq,
      paused, ended_by, ended_at, undo_until, returned, expiry_logged, has_jwt, pseudonym, key, details
    FROM consent_grant;
  DROP TABLE consent_grant;
  ALTER TABLE one_grant RENAME TO consent_grant;
  CREATE INDEX consent_grant_subject ON consent_grant (aud, pseudonym, registered_at);
  CREATE INDEX consent_grant_stop ON consent_grant (stop);
  -- All that a status list needs of most grants, without their rows; no place is given to two.
  CREATE UNIQUE INDEX consent_grant_place ON consent_grant (list, idx);
  CREATE INDEX consent_grant_status ON consent_grant (list) WHERE paused <> 0 OR ended_by IS NOT NULL;
  CREATE INDEX consent_grant_expiry ON consent_grant (exp) WHERE ended_by IS NULL AND expiry_logged = 0;
  CREATE INDEX consent_grant_jwt ON consent_grant (coalesce(ended_at, exp)) WHERE has_jwt = 1;

  -- A JWS as jws.ts packs it.
  CREATE TABLE grant_jws (
    grant_id INTEGER PRIMARY KEY,
    jwt BLOB NOT NULL
  ) STRICT;
  INSERT INTO grant_jws SELECT grant_id, CAST(jwt AS BLOB) FROM grant_jwt;
  DROP TABLE grant_jwt;
  ALTER TABLE grant_jws RENAME TO grant_jwt;

  CREATE TABLE grant_entry (
    id INTEGER PRIMARY KEY,
    grant_id INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    event TEXT NOT NULL,
    at INTEGER NOT NULL,
    act_jti TEXT,
    act_hash TEXT,
    answer TEXT,
    evidence TEXT,
    UNIQUE (grant_id, seq)
  ) STRICT;
  INSERT INTO grant_entry
    SELECT NULL, consent_grant.id, entry.seq, event, at, act_jti, act_hash, answer, evidence
    FROM entry JOIN consent_grant ON jti = grant_jti ORDER BY consent_grant.id, entry.seq;
  CREATE TABLE receipt (
    entry_id INTEGER PRIMARY KEY,
    jws BLOB NOT NULL
  ) STRICT;
  INSERT INTO receipt
    SELECT grant_entry.id, CAST(receipt AS BLOB) FROM entry
    JOIN consent_grant ON jti = grant_jti
    JOIN grant_entry ON grant_id = consent_grant.id AND grant_entry.seq = entry.seq
    WHERE receipt IS NOT NULL;
  DROP TABLE entry;
  ALTER TABLE grant_entry RENAME TO entry;

  CREATE TABLE numbered_queue (
    qid INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    grant_id INTEGER,
    grant_seq INTEGER,
    due INTEGER NOT NULL,
    log_index INTEGER,
    log INTEGER,
    UNIQUE (grant_id, grant_seq)
  ) STRICT;
  INSERT INTO numbered_queue
    SELECT qid, kind, consent_grant.id, grant_seq, due, log_index, log
    FROM log_queue LEFT JOIN consent_grant ON jti = grant_jti;
  DROP TABLE log_queue;
  ALTER TABLE numbered_queue RENAME TO log_queue;
  CREATE INDEX log_queue_waiting ON log_queue (qid) WHERE log_index IS NULL;

  CREATE TABLE place (
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
  ) STRICT, WITHOUT ROWID;
  INSERT INTO place
    SELECT list, idx, client_id, nonce, request_hash, pseudonym, created, expires, used FROM slot;
  DROP TABLE slot;
  ALTER TABLE place RENAME TO slot;
  CREATE INDEX slot_request ON slot (client_id, nonce) WHERE client_id IS NOT NULL;
  CREATE INDEX slot_expires ON slot (expires) WHERE client_id IS NOT NULL;
  CREATE INDEX slot_open ON slot (client_id, expires) WHERE used = 0 AND client_id IS NOT NULL;

  CREATE TABLE answered (
    client_id TEXT NOT NULL,
    nonce TEXT NOT NULL,
    until INTEGER NOT NULL,
    PRIMARY KEY (client_id, nonce)
  ) STRICT, WITHOUT ROWID;
  INSERT INTO answered SELECT client_id, nonce, until FROM answered_request;
  DROP TABLE answered_request;
  ALTER TABLE answered RENAME TO answered_request;

  CREATE TABLE person (
    pseudonym TEXT PRIMARY KEY,
    aud TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  INSERT INTO person SELECT pseudonym, aud FROM subject;
  DROP TABLE subject;
  ALTER TABLE person RENAME TO subject;
  `,
  `
  -- Notes lie in runs of checks that came one after the other, and a run in one place.
  CREATE TABLE check_run (
    last INTEGER PRIMARY KEY
  ) STRICT;
  INSERT INTO check_run SELECT id FROM check_noted;
  CREATE TABLE note_of_run (
    run INTEGER NOT NULL,
    grant_id INTEGER NOT NULL,
    check_id INTEGER NOT NULL,
    PRIMARY KEY (run, grant_id, check_id)
  ) STRICT, WITHOUT ROWID;
  INSERT INTO note_of_run SELECT check_noted.id, grant_id, check_id FROM check_of_grant, check_noted;
  DROP TABLE check_of_grant;
  ALTER TABLE note_of_run RENAME TO check_of_grant;
  `,
];
