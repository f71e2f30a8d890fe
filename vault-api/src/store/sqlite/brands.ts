import type { BrandDocument } from '@zusage/protocol/brand-document';
import type { BrandRecord, Store, TokenRecord } from '../port.ts';
import type { Database, Row } from './database.ts';
import { appendLog } from './log-queue.ts';

type Brands = Pick<
  Store,
  | 'brand'
  | 'brands'
  | 'saveBrand'
  | 'readmitBrand'
  | 'claimReading'
  | 'useOnce'
  | 'saveToken'
  | 'token'
>;

/** Brands and tokens that are kept parsed: every check needs one of each. */
const MAX_KEPT = 1000;

export function brandTables(db: Database): Brands {
  const brands = db.cache<BrandRecord>('brand', MAX_KEPT);
  const tokens = db.cache<TokenRecord>('token', MAX_KEPT);
  return {
    brand: (did) =>
      db.read(() => {
        const known = brands.get(did);
        if (known !== undefined) return known;
        const row = db.get('SELECT * FROM brand WHERE did = ?', did);
        if (row === undefined) return null;
        const brand = brandOf(row);
        brands.set(did, brand);
        return brand;
      }),
    brands: () => db.read(() => db.all('SELECT * FROM brand ORDER BY did').map(brandOf)),
    saveBrand: ({ from, to, log, once }) =>
      db.write(() => {
        const now = db.get('SELECT document, frozen_at FROM brand WHERE did = ?', to.did);
        if (now?.document !== (from === null ? undefined : JSON.stringify(from.document)))
          return 'moved';
        if (from !== null && now?.frozen_at !== from.frozenAt) return 'moved';
        if (once && !useOnce(db, 'enrolment', `${to.did} ${once.nonce}`, once.until)) return 'used';
        db.run(
          `INSERT INTO brand (did, document, enrolled_at, read_at, frozen_at) VALUES (?, ?, ?, ?, ?)
           ON CONFLICT (did) DO UPDATE SET read_at = excluded.read_at, document = excluded.document,
             frozen_at = excluded.frozen_at`,
          to.did,
          JSON.stringify(to.document),
          to.enrolledAt,
          to.readAt,
          to.frozenAt,
        );
        for (const entry of log) appendLog(db, entry);
        return 'saved';
      }),
    readmitBrand: (brand, log) =>
      db.write(() => {
        db.run(
          'UPDATE brand SET document = ?, read_at = ?, frozen_at = NULL WHERE did = ?',
          JSON.stringify(brand.document),
          brand.readAt,
          brand.did,
        );
        appendLog(db, log);
      }),
    claimReading: (did, now, interval) =>
      db.write(() => {
        const sql = 'UPDATE brand SET read_at = ? WHERE did = ? AND read_at <= ?';
        return db.run(sql, now, did, now - interval) === 1;
      }),
    useOnce: (kind, id, until) => db.write(() => useOnce(db, kind, id, until)),
    saveToken: ({ hash, did, key, assertion, expires }) =>
      db.write(() => {
        db.run('INSERT INTO token VALUES (?, ?, ?, ?, ?)', hash, did, key, assertion, expires);
      }),
    token: (hash) =>
      db.read(() => {
        const known = tokens.get(hash);
        if (known !== undefined) return known;
        const row = db.get('SELECT * FROM token WHERE hash = ?', hash);
        if (row === undefined) return null;
        const token = { ...row } as TokenRecord;
        tokens.set(hash, token);
        return token;
      }),
  };
}

function useOnce(db: Database, kind: string, id: string, until: number): boolean {
  return db.run('INSERT OR IGNORE INTO single_use VALUES (?, ?, ?)', kind, id, until) === 1;
}

function brandOf(row: Row): BrandRecord {
  return {
    did: row.did as string,
    document: JSON.parse(row.document as string) as BrandDocument,
    enrolledAt: row.enrolled_at as number,
    readAt: row.read_at as number,
    frozenAt: row.frozen_at as number | null,
  };
}
