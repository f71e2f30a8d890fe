import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { DATABASE_FILE } from '@zusage/vault-api/store/sqlite';
import { unpackJws } from '@zusage/vault-api/store/sqlite/jws';
import { PURPOSE } from '@zusage/vault-api/testing/brand';
import { newPerson, share } from '@zusage/vault-api/testing/person';
import { token } from '@zusage/vault-api/testing/world';
import autocannon from 'autocannon';
import { type Server, type Vault, withVault } from './bench-client.ts';
import { median, type Row, rounds } from './bench-measure.ts';

const FEW = 10_000;
const MANY = 1_000_000;
/** Checks a second, well below the peak, and for how many seconds in each round. */
const RATE = 500;
const SECONDS = 6;
/** People that are asked about in turn, drawn from all. */
const ASKED = 4000;
/** Grants registered through the service to weigh the database with. */
const WEIGHED = 1500;
const CONNECTIONS = 16;
const MAIN = fileURLToPath(import.meta.resolve('@zusage/vault-api/main'));

/** What a service with a million grants costs: latency, size and start. Takes minutes and about 6 GB of disk. */
export async function benchScale(): Promise<Row[]> {
  return [await weight(), ...(await latency())];
}

/** Bytes a grant takes in the database, beside what was signed: its JWT, its receipt and the events. */
function weight(): Promise<Row> {
  return withVault(async (vault) => {
    const before = sizeOf(vault.data);
    for (let done = 0; done < WEIGHED; done += 10) {
      await Promise.all(
        Array.from({ length: 10 }, async () => share(vault.world, await newPerson())),
      );
    }
    const after = sizeOf(vault.data);
    const whole = (after.bytes - before.bytes) / WEIGHED;
    const signed = (after.signed - before.signed) / WEIGHED;
    const packed = (after.packed - before.packed) / WEIGHED;
    return {
      part: 'A million grants',
      what: 'size: 1.5 KB a grant ÷ its share of the database beside the signed bytes',
      ratio: 1536 / (whole - signed),
      target: 1,
      behind: `${Math.round(whole)} bytes a grant in all (at most 8,192); the signed bytes are ${Math.round(signed)}, kept deflated in ${Math.round(packed)}; ${WEIGHED} registered through the service`,
    };
  });
}

/** Bytes of the file, of what was signed, and of what the file keeps it in. */
function sizeOf(data: string): { bytes: number; signed: number; packed: number } {
  const db = new DatabaseSync(join(data, DATABASE_FILE));
  db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  const { bytes } = db
    .prepare('SELECT page_count * page_size AS bytes FROM pragma_page_count, pragma_page_size')
    .get() as { bytes: number };
  const kept = db
    .prepare('SELECT jwt AS jws FROM grant_jwt UNION ALL SELECT jws FROM receipt')
    .all()
    .map(({ jws }) => jws as Uint8Array);
  db.close();
  return {
    bytes,
    signed: kept.reduce((sum, jws) => sum + unpackJws(jws).length, 0),
    packed: kept.reduce((sum, jws) => sum + jws.length, 0),
  };
}

type Filled = { readonly vault: Vault; readonly subjects: readonly string[] };

async function latency(): Promise<Row[]> {
  return withVault(async (few) =>
    withVault(async (many) => {
      const sides = [await filled(few, FEW), await filled(many, MANY)] as const;
      const measured = await rounds(async () => ({
        few: await p99Of(sides[0]),
        many: await p99Of(sides[1]),
      }));
      const ms = (side: 'few' | 'many') => median(measured.map((each) => each[side])).toFixed(1);
      const starts = [];
      for (let n = 0; n < 5; n++) starts.push(await startOf(many.data));
      const start = median(starts);
      return [
        {
          part: 'A million grants',
          what: 'p99 of a check: with 10,000 grants ÷ with 1,000,000',
          ratio: median(measured.map((each) => each.few / each.many)),
          target: 1 / 1.3,
          behind: `${ms('few')} ms and ${ms('many')} ms at ${RATE} checks a second, ${ASKED} people in turn`,
        },
        {
          part: 'A million grants',
          what: 'start: one second ÷ from the start of the process to its address',
          ratio: 1000 / start,
          target: 1,
          behind: `${Math.round(start)} ms; database ${(statSync(join(many.data, DATABASE_FILE)).size / 2 ** 30).toFixed(1)} GB`,
        },
      ];
    }),
  );
}

/** Milliseconds from `node src/main.ts` to its line that says where it listens. */
async function startOf(data: string): Promise<number> {
  const env = {
    ...process.env,
    ZUSAGE_DATA: data,
    ZUSAGE_PORT: '0',
    ZUSAGE_DEVELOPMENT: 'true',
    ZUSAGE_LOG_LEVEL: 'info',
  };
  const began = performance.now();
  const child = spawn(process.execPath, [MAIN], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  for await (const chunk of child.stdout) {
    said += String(chunk);
    if (said.includes('"ready"')) break;
  }
  const took = performance.now() - began;
  child.kill();
  await once(child, 'exit');
  return took;
}

/** Registers one grant for real and multiplies its rows; what a check reads of each is its own. */
async function filled(vault: Vault, count: number): Promise<Filled> {
  await share(vault.world, await newPerson());
  const db = new DatabaseSync(join(vault.data, DATABASE_FILE));
  db.exec(`
    PRAGMA busy_timeout = 60000; PRAGMA synchronous = OFF;
    CREATE TEMP TABLE fresh AS
      WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${count})
      SELECT n, lower(hex(randomblob(16))) AS jti, substr(hex(randomblob(22)), 1, 43) AS name FROM numbers`);
  const columns = db
    .prepare("SELECT name FROM pragma_table_info('consent_grant') WHERE name <> 'id'")
    .all()
    .map(({ name }) => String(name));
  const own: Record<string, string> = {
    jti: "'urn:uuid:' || fresh.jti",
    hash: "fresh.name || 'h'",
    stop: "fresh.name || 's'",
    list: '1000 + n / 60000',
    idx: 'n % 60000',
    pseudonym: 'fresh.name',
  };
  const values = columns.map((name) => own[name] ?? `old.${name}`).join();
  const chunk = 50_000;
  for (let from = 0; from < count; from += chunk) {
    db.exec(
      `INSERT INTO consent_grant (${columns.join()}) SELECT ${values}
       FROM fresh, (SELECT * FROM consent_grant ORDER BY id LIMIT 1) AS old
       WHERE n > ${from} AND n <= ${from + chunk}`,
    );
  }
  const subjects = db
    .prepare('SELECT name FROM fresh ORDER BY random() LIMIT ?')
    .all(ASKED)
    .map(({ name }) => String(name));
  db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  db.close();
  // Nothing was read from the network meanwhile: let the connections notice that the server has closed them.
  await setTimeout(100);
  return { vault, subjects };
}

/** Milliseconds in which 99 of 100 checks are answered. */
async function p99Of({ vault, subjects }: Filled): Promise<number> {
  return (await checksAt(vault.server, RATE, SECONDS, await loadOf(vault, subjects))).p99;
}

export async function loadOf(
  { world }: Vault,
  subjects: readonly string[],
): Promise<{ headers: Record<string, string>; bodies: string[] }> {
  const bodies = subjects.map((id) =>
    JSON.stringify({
      subject: { type: 'user', id },
      action: { name: PURPOSE },
      resource: { type: 'attribute', id: 'size.shoe' },
    }),
  );
  const headers = {
    'content-type': 'application/json',
    authorization: `Bearer ${await token(world)}`,
  };
  return { headers, bodies };
}

/** @returns milliseconds @throws Error when one is not allowed */
export async function checksAt(
  server: Server,
  rate: number,
  seconds: number,
  { headers, bodies }: { headers: Record<string, string>; bodies: readonly string[] },
): Promise<{ p99: number; rate: number }> {
  const times: number[] = [];
  const requests = bodies.map((body) => ({
    path: '/access/v1/evaluation',
    method: 'POST' as const,
    headers,
    body,
  }));
  let wrong = 0;
  const instance = autocannon({
    url: server.url,
    connections: CONNECTIONS,
    duration: seconds,
    ...(rate > 0 && { overallRate: rate }),
    requests,
    verifyBody: (body) => {
      if (!String(body).includes('"decision":true')) wrong++;
      return true;
    },
  });
  instance.on('response', (_client, _status, _bytes, time) => times.push(time));
  const result = await instance;
  if (wrong > 0 || result.non2xx > 0) throw new Error(`${wrong} checks were not allowed.`);
  times.sort((a, b) => a - b);
  return {
    p99: times[Math.floor(times.length * 0.99)] as number,
    rate: times.length / seconds,
  };
}
