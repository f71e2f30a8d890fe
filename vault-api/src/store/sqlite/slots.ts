import { randomInt } from 'node:crypto';
import { STATUS_LIST_SIZE } from '@zusage/protocol/status-list';
import type { EndedBy, Reservation, Slot, StatusEntries, Store } from '../port.ts';
import type { Database, Row } from './database.ts';

/** A list is left when half of it is handed out, so that a free place is found in two draws on average. */
export const FULL = STATUS_LIST_SIZE / 2;

type Slots = Pick<Store, 'reserveSlot' | 'slot' | 'statusLists' | 'statusEntries'>;

export function slotTables(db: Database): Slots {
  const open: OpenSlots = new Map();
  return {
    reserveSlot: (reservation) => db.write(() => reserve(db, open, reservation)),
    slot: ({ list, idx }, { clientId, nonce, requestHash, pseudonym }, now) =>
      db.read(() => {
        const row = db.get(
          `SELECT * FROM slot WHERE list = ? AND idx = ? AND client_id = ? AND nonce = ?
             AND request_hash = ? AND pseudonym = ? AND expires > ?`,
          list,
          idx,
          clientId,
          nonce,
          requestHash,
          pseudonym,
          now,
        );
        return row === undefined ? null : slotOf(row);
      }),
    statusLists: () => db.read(() => count(db, 'SELECT count(*) AS n FROM status_list')),
    statusEntries: (list) => db.read(() => statusEntries(db, list)),
  };
}

/** Most grants are simply active: their places come as one text, ten times as fast as row by row. */
function statusEntries(db: Database, list: number): StatusEntries {
  const all = db.get(
    `SELECT group_concat(idx) AS places FROM consent_grant INDEXED BY consent_grant_place
     WHERE list = ?`,
    list,
  )?.places as string | null;
  const others = db
    .all(
      `SELECT idx, paused, ended_by, ended_at, undo_until, returned
       FROM consent_grant INDEXED BY consent_grant_status
       WHERE list = ? AND (paused <> 0 OR ended_by IS NOT NULL)`,
      list,
    )
    .map((row) => ({ idx: row.idx as number, ...conditionOf(row) }))
    .sort((one, other) => one.idx - other.idx);
  const places = new Set(all?.split(',').map(Number));
  for (const { idx } of others) places.delete(idx);
  return { active: [...places], others };
}

/** By brand: how many are open at most, as far as this process knows. Only `reserve` makes more of them. */
type OpenSlots = Map<
  string,
  { readonly most: number; readonly version: number; readonly at: number }
>;

function reserve(
  db: Database,
  open: OpenSlots,
  { clientId, nonce, requestHash, pseudonym, now, expires, maxOfRequest, maxOfBrand }: Reservation,
): Slot | 'answered' | 'limit' {
  const same = db.get(
    `SELECT * FROM slot WHERE client_id = ? AND nonce = ? AND request_hash = ? AND pseudonym = ?
       AND expires > ?`,
    clientId,
    nonce,
    requestHash,
    pseudonym,
    now,
  );
  if (same !== undefined) return slotOf(same);
  if (db.get('SELECT 1 FROM answered_request WHERE client_id = ? AND nonce = ?', clientId, nonce)) {
    return 'answered';
  }
  const ofRequest = `SELECT count(*) AS n FROM slot INDEXED BY slot_request
    WHERE used = 0 AND expires > ? AND client_id = ? AND nonce = ?`;
  if (count(db, ofRequest, now, clientId, nonce) >= maxOfRequest) return 'limit';
  const known = open.get(clientId);
  const version = db.version();
  let most = known?.version === version && known.at <= now ? known.most : maxOfBrand;
  if (most >= maxOfBrand) {
    const ofBrand = `SELECT count(*) AS n FROM slot INDEXED BY slot_open
      WHERE used = 0 AND expires > ? AND client_id = ?`;
    most = count(db, ofBrand, now, clientId);
  }
  if (most >= maxOfBrand) return 'limit';
  open.set(clientId, { most: most + 1, version, at: now });
  const place = freePlace(db);
  db.run(
    `INSERT INTO slot (list, idx, client_id, nonce, request_hash, pseudonym, created, expires)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    place.list,
    place.idx,
    clientId,
    nonce,
    requestHash,
    pseudonym,
    now,
    expires,
  );
  return { ...place, created: now, expires };
}

function freePlace(db: Database): { list: number; idx: number } {
  const last = db.get('SELECT list, handed_out FROM status_list ORDER BY list DESC LIMIT 1');
  const isFull = last === undefined || (last.handed_out as number) >= FULL;
  const list = last === undefined ? 0 : (last.list as number) + (isFull ? 1 : 0);
  db.run(
    `INSERT INTO status_list VALUES (?, 1) ON CONFLICT (list) DO UPDATE
     SET handed_out = handed_out + 1`,
    list,
  );
  for (;;) {
    const idx = randomInt(STATUS_LIST_SIZE);
    if (!db.get('SELECT 1 FROM slot WHERE list = ? AND idx = ?', list, idx)) return { list, idx };
  }
}

function slotOf(row: Row): Slot {
  const { list, idx, created, expires } = row;
  return { list, idx, created, expires } as Slot;
}

function count(db: Database, sql: string, ...values: (string | number)[]): number {
  return db.get(sql, ...values)?.n as number;
}

/** Bits of the column `paused`: whoever reads the one reads the other. */
export const PAUSED = 1;
export const RECOVERING = 2;

/** The columns that change in a grant's life. */
export function conditionOf(row: Row) {
  return {
    paused: ((row.paused as number) & PAUSED) !== 0,
    ...(((row.paused as number) & RECOVERING) !== 0 && { isRecovering: true }),
    endedBy: row.ended_by as EndedBy | null,
    endedAt: row.ended_at as number | null,
    undoUntil: row.undo_until as number | null,
    returned: row.returned === 1,
  };
}
