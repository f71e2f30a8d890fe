import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'puppeteer-core';
import { Chromium, copyExtension } from '../e2e/chromium.ts';
import { buildExtension, outputOf } from '../start/extension-build.ts';
import { measure } from '../start/sizes.ts';
import { median, ROUNDS, type Row, round, rounds } from './bench-measure.ts';
import { type Filling, vaultDisk, writeDisk } from './vault-disk.ts';

const PASSPHRASE = 'Enzian-Sattelplatz-Nebelhorn-4711-Quendel';
const LIBSODIUM = createRequire(import.meta.url).resolve('libsodium-sumo');
const FAR_BEYOND: Filling = {
  passphrase: PASSPHRASE,
  attributes: 10_000,
  attributeBytes: 500,
  logRows: 0,
};
const REALISTIC: Filling = { ...FAR_BEYOND, attributes: 1_000, logRows: 10_000 };
const WRITES = 200;
const KEYSTROKES = 200;

/** The vault in a real browser: its pages, its worker and its IndexedDB. */
export async function benchVault(): Promise<Row[]> {
  for (const build of ['e2e', 'production'] as const) {
    const { code, output } = await buildExtension(build, { quiet: true });
    if (code !== 0) throw new Error(output);
  }
  const folder = mkdtempSync(join(tmpdir(), 'zusage-bench-'));
  const extension = copyExtension(join(folder, 'extension'));
  const chromium = await Chromium.open(join(folder, 'profile'), extension);
  try {
    const page = await chromium.page('app.html#/data');
    return [
      ...(await unlocking(chromium, page, FAR_BEYOND, '10,000 attributes of 500 bytes')),
      ...(await unlocking(chromium, page, REALISTIC, '1,000 attributes and 10,000 log rows')),
      ...(await searching(page)),
      ...(await writing(page)),
      ...(await opening(chromium)),
      ...sizes(),
    ];
  } finally {
    await chromium.close();
    rmSync(folder, { recursive: true });
  }
}

/** Leaves the vault on the disk and unlocked in the page, which shows My data. */
async function unlocking(
  chromium: Chromium,
  page: Page,
  filling: Filling,
  what: string,
): Promise<Row[]> {
  const disk = await vaultDisk(filling);
  const bytes = disk.rows.reduce((sum, { sealed }) => sum + sealed.length, 0);
  await chromium.killWorker();
  await writeDisk(page, disk);
  const measured = await rounds(async () => {
    await ask(page, 'lock', {});
    const alone = await argon2id(page);
    await page.reload();
    await page.waitForSelector('[data-testid="passphrase"]');
    const searchable = await page.evaluate(unlock, PASSPHRASE);
    return { alone, searchable };
  });
  const alone = median(measured.map((one) => one.alone));
  const searchable = median(measured.map((one) => one.searchable));
  return [
    {
      part: 'Unlock',
      what: `time: (1.25 × Argon2id alone + 150 ms) ÷ until My data can be searched, ${what}`,
      ratio: median(measured.map((one) => (1.25 * one.alone + 150) / one.searchable)),
      target: 1,
      behind: `Argon2id (3 passes, 64 MiB) alone in the page ${round(alone)} ms, from Enter to the search field and the first rows ${round(searchable)} ms; ${(bytes / 1e6).toFixed(1)} MB of ciphertext`,
    },
  ];
}

async function searching(page: Page): Promise<Row[]> {
  const times = await page.evaluate(typeAll, KEYSTROKES);
  const p95 = percentile(times, 95);
  return [
    {
      part: 'Search as you type',
      what: 'time: 16 ms ÷ 95th percentile from a keystroke to the new list, 1,000 attributes and 10,000 log rows',
      ratio: 16 / p95,
      target: 1,
      behind: `p95 ${round(p95)} ms, median ${round(median(times))} ms of ${KEYSTROKES} keystrokes; up to 50 rows drawn`,
    },
  ];
}

async function opening(chromium: Chromium): Promise<Row[]> {
  const page = await chromium.goto('about:blank');
  const open = async () => {
    const popup = await chromium.clickIcon(page);
    await popup.waitForSelector('footer');
    const times = await popup.evaluate(paints);
    await popup.close();
    return times;
  };
  const warm = await rounds(open);
  const cold: { first: number; largest: number }[] = [];
  for (let time = 0; time < ROUNDS; time++) {
    await chromium.killWorker();
    cold.push(await open());
  }
  await page.close();
  return (
    [
      ['warm', 150, warm],
      ['cold', 400, cold],
    ] as const
  ).map(([state, most, times]) => {
    const first = median(times.map((one) => one.first));
    const largest = median(times.map((one) => one.largest));
    return {
      part: 'Opening the popup',
      what: `time: ${most} ms ÷ first paint, ${state} worker, 1,000 attributes and 10,000 log rows`,
      ratio: most / first,
      target: 1,
      behind: `first paint ${round(first)} ms after the navigation began, largest (what the worker says) ${round(largest)} ms`,
    };
  });
}

async function writing(page: Page): Promise<Row[]> {
  const save = (i: number) =>
    ask(page, 'saveAttribute', { id: 'size.shoe', value: `EU ${36 + (i % 10)}` });
  await save(0);
  const times: number[] = [];
  const bare: number[] = [];
  const messages: number[] = [];
  // One after the other, so that what disturbs the disk disturbs them alike.
  for (let i = 1; i <= WRITES; i++) {
    times.push(await save(i));
    bare.push(await page.evaluate(putBare, i));
    messages.push(await message(page));
  }
  const p95 = percentile(times, 95);
  const floor = (of: readonly number[]) =>
    `p95 ${round(percentile(of, 95))} ms, median ${round(median(of))} ms`;
  return [
    {
      part: 'Write of one attribute',
      what: 'time: 10 ms ÷ 95th percentile from the page’s question to the answer, durable; 1,000 attributes and 10,000 log rows',
      ratio: 10 / p95,
      target: 1,
      behind: `${floor(times)} of ${WRITES}; in turn with it, what cannot be less: a bare strict transaction of IndexedDB that reads three rows and writes three ${floor(bare)}, a question that the worker refuses at once ${floor(messages)}`,
    },
  ];
}

function sizes(): Row[] {
  return measure(outputOf('production')).map(({ part, bytes, budget }) => ({
    part: 'Size',
    what: `bytes: budget ÷ ${part} of the production build`,
    ratio: budget / bytes,
    target: 1,
    behind: `${(bytes / 1000).toFixed(1)} of ${budget / 1000} KB`,
  }));
}

/** @returns milliseconds from the question to the answer @throws Error when it is not done */
async function ask(page: Page, command: string, args: object): Promise<number> {
  const { ok, ms } = await page.evaluate(answered, { zusage: 'command', command, args });
  if (!ok) throw new Error(`The command ${command} was refused.`);
  return ms;
}

/** @returns milliseconds of a question for which the worker looks nothing up */
async function message(page: Page): Promise<number> {
  const malformed = { zusage: 'command', command: 'saveAttribute', args: {} };
  return (await page.evaluate(answered, malformed)).ms;
}

/** Milliseconds of the derivation alone, at the vault's cost, by the same code in the same browser. */
async function argon2id(page: Page): Promise<number> {
  await page.evaluate(readFileSync(LIBSODIUM, 'utf8'));
  return page.evaluate(async () => {
    const { libsodium } = window as unknown as {
      libsodium: { ready: Promise<void>; _malloc(n: number): number } & Record<
        '_crypto_pwhash',
        (...numbers: number[]) => number
      >;
    };
    await libsodium.ready;
    const [out, text, salt] = [32, 32, 16].map((n) => libsodium._malloc(n)) as [
      number,
      number,
      number,
    ];
    const derive = () => libsodium._crypto_pwhash(out, 32, 0, text, 32, 0, salt, 3, 0, 64 << 20, 2);
    // The first one compiles.
    derive();
    const began = performance.now();
    if (derive() !== 0) throw new Error('Argon2id failed.');
    return performance.now() - began;
  });
}

// What follows runs in the page.

async function answered(message: object): Promise<{ ok: boolean; ms: number }> {
  const began = performance.now();
  const reply: { ok: boolean } = await chrome.runtime.sendMessage(message);
  return { ok: reply.ok, ms: performance.now() - began };
}

/** As many rows as a write of one attribute, as large, in a database of its own. @returns milliseconds */
async function putBare(round: number): Promise<number> {
  const database = await new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open('bench-bare', 1);
    request.onupgradeneeded = () => request.result.createObjectStore('rows', { keyPath: 'id' });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const sizes = [300, 5_700, 3_400];
  const began = performance.now();
  const transaction = database.transaction('rows', 'readwrite', { durability: 'strict' });
  const rows = transaction.objectStore('rows');
  for (const [id] of sizes.entries()) rows.get(id);
  for (const [id, size] of sizes.entries())
    rows.put({ id, sealed: new Uint8Array(size).fill(round) });
  await new Promise<void>((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error);
  });
  const ms = performance.now() - began;
  database.close();
  return ms;
}

/** Enters the passphrase. @returns milliseconds from Enter until there are a search field and rows */
function unlock(passphrase: string): Promise<number> {
  const field = document.querySelector<HTMLInputElement>('[data-testid="passphrase"]');
  if (field === null) throw new Error('There is no field for the passphrase.');
  field.value = passphrase;
  field.dispatchEvent(new InputEvent('input', { bubbles: true }));
  return new Promise((resolve) => {
    const look = () => {
      const found = ['search-data', 'data-count'].every((id) =>
        document.querySelector(`[data-testid="${id}"]`),
      );
      if (!found) return;
      observer.disconnect();
      resolve(performance.now() - began);
    };
    const observer = new MutationObserver(look);
    observer.observe(document.body, { childList: true, subtree: true });
    const began = performance.now();
    field.form?.requestSubmit();
  });
}

/** Types numbers digit by digit and takes them away again. @returns milliseconds of each keystroke */
async function typeAll(keystrokes: number): Promise<number[]> {
  const field = document.querySelector<HTMLInputElement>('[data-testid="search-data"]');
  const main = document.querySelector('main');
  if (field === null || main === null) throw new Error('There is nothing to search in.');
  const times: number[] = [];
  for (let i = 0; times.length < keystrokes; i++) {
    const number = `${(i * 37) % 1000}`;
    for (const text of [...[...number].map((_, at) => number.slice(0, at + 1)), '']) {
      const changed = new Promise<number>((resolve) => {
        const observer = new MutationObserver(() => {
          observer.disconnect();
          resolve(performance.now());
        });
        observer.observe(main, { childList: true, characterData: true, subtree: true });
      });
      const began = performance.now();
      field.value = text;
      field.dispatchEvent(new InputEvent('input', { bubbles: true }));
      times.push((await changed) - began);
    }
  }
  return times;
}

/** @returns milliseconds since the navigation began */
function paints(): Promise<{ first: number; largest: number }> {
  return new Promise((resolve) => {
    const times = { first: Number.NaN, largest: Number.NaN };
    const look = () => {
      if (times.first > 0 && times.largest > 0) resolve(times);
    };
    new PerformanceObserver((list) => {
      times.largest = list.getEntries().at(-1)?.startTime ?? times.largest;
      look();
    }).observe({ type: 'largest-contentful-paint', buffered: true });
    new PerformanceObserver((list) => {
      times.first = list.getEntriesByName('first-contentful-paint')[0]?.startTime ?? times.first;
      look();
    }).observe({ type: 'paint', buffered: true });
  });
}

function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * percent) / 100))] as number;
}
