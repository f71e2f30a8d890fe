/** A vault of any size as it lies on the disk, made with the vault's own code and put into a browser's IndexedDB. */
import type { LogRecord } from '@zusage/extension/src/vault/records.ts';
import type { RecordWrite } from '@zusage/extension/src/vault/sealed-store.ts';
import { type Disk, emptyBench, there } from '@zusage/extension/src/vault/vault.fixture.ts';
import type { Page } from 'puppeteer-core';

const BRAND = 'did:web:shop.example';
/** Rows in one message to the browser. */
const AT_ONCE = 1_000;

export type Filling = {
  readonly passphrase: string;
  readonly attributes: number;
  /** Bytes of each attribute's record as JSON. */
  readonly attributeBytes: number;
  readonly logRows: number;
};

/** @returns what the browser's disk would hold after all of it was entered */
export async function vaultDisk({ passphrase, ...filling }: Filling): Promise<Disk> {
  const bench = emptyBench();
  await bench.vault.create(passphrase, { vaultService: 'https://vault.example', lang: 'en' });
  await bench.vault.putAll([...attributesOf(filling), ...logOf(filling)]);
  const disk = await bench.disk();
  await bench.vault.lock();
  return disk;
}

function attributesOf({ attributes, attributeBytes }: Omit<Filling, 'passphrase'>): RecordWrite[] {
  return Array.from({ length: attributes }, (_, i) => {
    const key = `custom.wish-${i}@${BRAND}`;
    const record = {
      id: key,
      value: '',
      source: 'entered' as const,
      enteredOn: '2026-11-01',
      confirmedOn: '2026-11-01',
      precision: 'exact' as const,
      custom: { did: BRAND, label: { en: `Wish number ${i}`, de: `Wunsch Nummer ${i}` } },
    };
    const value = words(i, attributeBytes - JSON.stringify(record).length);
    return { kind: 'attribute', key, value: { ...record, value } };
  });
}

function logOf({ logRows }: Omit<Filling, 'passphrase'>): RecordWrite[] {
  return Array.from({ length: logRows }, (_, i) => {
    const entry = {
      id: `entry-${i}`,
      at: 1_790_000_000 + i * 600,
      order: i,
      event: 'used',
      brand: BRAND,
      brandName: 'Shop',
      site: 'shop.example',
      attributes: ['size.shoe', 'preference.coffee-roast'],
      purposes: ['https://w3id.org/dpv#ServicePersonalisation'],
      count: 1,
    };
    return { kind: 'log', key: entry.id, value: entry as LogRecord };
  });
}

/** Text of exactly this many bytes, different for each number. Without digits: those are only in the names. */
function words(seed: number, length: number): string {
  let text = '';
  for (let n = seed + 1; text.length < length; n = (n * 48_271) % 2_147_483_647) {
    text += `${n.toString(36).replace(/\d/g, (digit) => 'abcdefghij'.charAt(Number(digit)))} `;
  }
  return text.slice(0, length);
}

/** Puts it into the extension's IndexedDB, in place of what is there. @param page a page of the extension */
export async function writeDisk(page: Page, { header, rows }: Disk): Promise<void> {
  const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');
  const packed = JSON.stringify(there(header), (_, value) =>
    value instanceof Uint8Array ? { base64: base64(value) } : value,
  );
  for (let at = 0; at === 0 || at < rows.length; at += AT_ONCE) {
    const some = rows.slice(at, at + AT_ONCE).map(({ id, sealed }) => [id, base64(sealed)]);
    await page.evaluate(put, at === 0 ? packed : null, some as [string, string][]);
  }
}

/** Runs in the page. @param header JSON, with which the stores are emptied first */
async function put(header: string | null, rows: [string, string][]): Promise<void> {
  const bytes = (text: string) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const database = await new Promise<IDBDatabase>((resolve, reject) => {
    // Dexie's versions are tens of IndexedDB's.
    const request = indexedDB.open('zusage-vault', 10);
    request.onupgradeneeded = () => {
      for (const store of ['records', 'header']) {
        request.result.createObjectStore(store, { keyPath: 'id' });
      }
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const transaction = database.transaction(['records', 'header'], 'readwrite');
  const records = transaction.objectStore('records');
  if (header !== null) {
    records.clear();
    const unpack = (_: string, value: unknown) =>
      typeof value === 'object' && value !== null && 'base64' in value
        ? bytes(value.base64 as string)
        : value;
    transaction.objectStore('header').put(JSON.parse(header, unpack));
  }
  for (const [id, sealed] of rows) records.put({ id, sealed: bytes(sealed) });
  await new Promise<void>((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onerror = () => reject(transaction.error);
  });
  database.close();
}
