import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { randomUuidUrn } from '@zusage/protocol/crypto';
import { type EventType, signEvent } from '@zusage/protocol/event';
import type { Grant } from '@zusage/protocol/grant';
import { allowLoopback } from '@zusage/protocol/origin';
import { parseRequest } from '@zusage/protocol/request';
import { signSlotProof } from '@zusage/protocol/slot';
import { changeGrant } from '@zusage/vault-api/change-grant';
import type { Context } from '@zusage/vault-api/context';
import { enrolBrand } from '@zusage/vault-api/enrol-brand';
import { loadKeys } from '@zusage/vault-api/keys';
import { headFile } from '@zusage/vault-api/log/head-file';
import { Prover, WarmTile } from '@zusage/vault-api/log/inclusion';
import { keepLog } from '@zusage/vault-api/log/keep-log';
import { openingKeys } from '@zusage/vault-api/log/opening-keys';
import { RightEdge, type Tile } from '@zusage/vault-api/log/right-edge';
import { TILE_WIDTH } from '@zusage/vault-api/log/tile';
import { checkpointSigner, logWriter } from '@zusage/vault-api/log-writer';
import { registerGrant } from '@zusage/vault-api/register-grant';
import { reserveSlot } from '@zusage/vault-api/reserve-slot';
import { brandResolver } from '@zusage/vault-api/resolve-brand';
import { openSqliteStore } from '@zusage/vault-api/store/sqlite';
import {
  brandRequest,
  enrolment,
  PURPOSE,
  serveBrand,
  type TestBrand,
} from '@zusage/vault-api/testing/brand';
import { newPerson, share, signGrant, type TestPerson } from '@zusage/vault-api/testing/person';
import { token, type World } from '@zusage/vault-api/testing/world';
import { type Load, measureLoad, type Vault, withVault } from './bench-client.ts';
import { median, type Row, rateOf, round, rounds } from './bench-measure.ts';

/** Grants of one round, each suspended, resumed and withdrawn. */
const GRANTS = 1200;
const EVENTS: readonly EventType[] = ['suspend', 'resume', 'withdraw'];
/** Requests under way at once. */
const AT_ONCE = 64;
/** Events a second while the time to publication is measured, and for how many seconds. */
const STEADY_RATE = 500;
const STEADY_SECONDS = 6;

type Shared = { readonly person: TestPerson; readonly grant: Grant };

/** What the grant log costs: changes with their index, the time to publication, proofs, and its share of a check. */
export async function benchLog(): Promise<Row[]> {
  return [...(await changes()), ...proofs(), ...(await checks())];
}

async function changes(): Promise<Row[]> {
  const world = await openWorld();
  try {
    // To warm up.
    await lifecycle(world, await prepare(world, 200));
    const rates: number[] = [];
    for (let time = 0; time < 5; time++) {
      rates.push(await lifecycle(world, await prepare(world, GRANTS)));
    }
    const events = median(rates);
    const latency = await publication(world, await prepare(world, STEADY_RATE * STEADY_SECONDS));
    const { size } = await world.context.store.logHead();
    return [
      {
        part: 'Grant log',
        what: 'rate: changes a second, durable, with index and receipt ÷ 1,500',
        ratio: events / 1500,
        target: 1,
        behind: `median of five ${round(events)}/s: ${AT_ONCE} at once, one process, synchronous=FULL, the person's signature verified, the receipt signed; registrations alike ${round(world.registrations())}/s; ${round(size)} entries with padding`,
      },
      {
        part: 'Grant log',
        what: 'time: 400 ms ÷ median from request to publication',
        ratio: 400 / latency.p50,
        target: 1,
        behind: `${round(latency.p50)} ms at ${STEADY_RATE}/s`,
      },
      {
        part: 'Grant log',
        what: 'time: 1,500 ms ÷ 99th percentile of it',
        ratio: 1500 / latency.p99,
        target: 1,
        behind: `${round(latency.p99)} ms at ${STEADY_RATE}/s`,
      },
    ];
  } finally {
    await world.close();
  }
}

type BenchWorld = {
  readonly context: Context;
  readonly brand: TestBrand;
  registrations: () => number;
  readonly close: () => Promise<void>;
};

export async function openWorld(): Promise<BenchWorld> {
  const data = mkdtempSync(join(tmpdir(), 'zusage-bench-'));
  const loopback = { [allowLoopback]: true };
  const brand = await serveBrand();
  const issuer = 'http://127.0.0.1:4610';
  const keys = await loadKeys(data);
  const clock = () => Math.floor(Date.now() / 1000);
  const openings = openingKeys(data);
  const writer = logWriter(issuer, keys, { openings, clock });
  const store = openSqliteStore(data, writer);
  const context: Context = {
    issuer,
    loopback,
    store,
    keys,
    clock,
    resolveBrand: brandResolver(loopback),
    brandSlots: 1_000_000,
    log: { number: 1, openings, isQuarantined: false, since: null },
  };
  const keeper = keepLog({
    store,
    signer: checkpointSigner(issuer, keys, 1),
    file: headFile(join(data, 'published-head')),
    everySecond: async () => {},
    onFailure: (error) => {
      throw error;
    },
  });
  await enrolBrand(context, await enrolment(brand, issuer, clock()));
  return {
    context,
    brand,
    registrations: () => 0,
    close: async () => {
      await keeper.close();
      await store.close();
      await brand.close();
      rmSync(data, { recursive: true });
    },
  };
}

/** Registers grants; how fast, the world remembers. */
export async function prepare(world: BenchWorld, count: number): Promise<Shared[]> {
  const { context, brand } = world;
  const { issuer, loopback, clock } = context;
  const ready: { person: TestPerson; request: string; grant: Grant }[] = [];
  for (let n = 0; n < count; n++) {
    const person = await newPerson();
    const request = await brandRequest(brand, issuer, clock());
    const { requestHash } = await parseRequest(request, loopback);
    const claims = { aud: issuer, request_hash: requestHash, iat: clock() };
    const proof = await signSlotProof(claims, person.key);
    const { pseudonym } = person;
    const slot = await reserveSlot(context, { request, pseudonym, proof });
    const grant = await signGrant({ brand } as World, person, request, slot);
    ready.push({ person, request, grant });
  }
  const rate = await rateOf(count, () =>
    inParallel(ready, async ({ grant, request }) => {
      await registerGrant(context, { grant: `${grant.jwt}~`, request });
    }),
  );
  world.registrations = () => rate;
  return ready;
}

/** @returns changes a second */
export async function lifecycle(
  { context }: BenchWorld,
  shared: readonly Shared[],
): Promise<number> {
  const { issuer, clock } = context;
  const lives: { jti: string; events: string[] }[] = [];
  for (const { person, grant } of shared) {
    const { jti } = grant.claims;
    const events: string[] = [];
    for (const [place, event] of EVENTS.entries()) {
      const claims = {
        aud: issuer,
        jti: randomUuidUrn(),
        grant: jti,
        grant_hash: grant.hash,
        event,
        seq: place + 1,
        iat: clock(),
      };
      events.push(await signEvent(claims, person.key));
    }
    lives.push({ jti, events });
  }
  return rateOf(shared.length * EVENTS.length, () =>
    inParallel(lives, async ({ jti, events }) => {
      for (const event of events) {
        const { isPending } = await changeGrant(context, jti, event);
        if (isPending) throw new Error('a change got no index');
      }
    }),
  );
}

/** Milliseconds from a withdrawal to the published checkpoint that includes it, at a steady rate. */
async function publication(
  { context }: BenchWorld,
  shared: readonly Shared[],
): Promise<{ p50: number; p99: number }> {
  const { issuer, clock, store } = context;
  const events: { jti: string; event: string }[] = [];
  for (const { person, grant } of shared) {
    const { jti } = grant.claims;
    const claims = { aud: issuer, jti: randomUuidUrn(), grant: jti, grant_hash: grant.hash };
    const event = await signEvent(
      { ...claims, event: 'withdraw', seq: 1, iat: clock() },
      person.key,
    );
    events.push({ jti, event });
  }
  const waiting: { index: number; began: number }[] = [];
  const times: number[] = [];
  const begin = performance.now();
  let sent = 0;
  const under: Promise<void>[] = [];
  while (times.length < events.length) {
    const due = Math.min(events.length, ((performance.now() - begin) * STEADY_RATE) / 1000);
    for (; sent < due; sent++) {
      const { jti, event } = events[sent] as { jti: string; event: string };
      const began = performance.now();
      const done = changeGrant(context, jti, event).then(({ answer }) => {
        const claims = Buffer.from(answer.receipt.split('.')[1] as string, 'base64url').toString();
        waiting.push({
          index: (JSON.parse(claims) as { log: { index: number } }).log.index,
          began,
        });
      });
      under.push(done);
    }
    const { size } = (await store.published()) ?? { size: 0 };
    const now = performance.now();
    for (let i = waiting.length - 1; i >= 0; i--) {
      const one = waiting[i] as { index: number; began: number };
      if (one.index >= size) continue;
      times.push(now - one.began);
      waiting.splice(i, 1);
    }
    await setTimeout(4);
  }
  await Promise.all(under);
  times.sort((one, other) => one - other);
  const at = (share: number) => times[Math.floor(share * (times.length - 1))] as number;
  return { p50: at(0.5), p99: at(0.99) };
}

/** Leaves of the tree that proofs are made in. */
const LEAVES = 1_000_000;

function proofs(): Row[] {
  const tiles = new Map<string, Tile>();
  let edge = RightEdge.empty;
  while (edge.size < LEAVES) {
    const grown = edge.append(Array.from({ length: 1000 }, () => randomBytes(32)));
    for (const tile of grown.tiles) tiles.set(`${tile.level}/${tile.n}`, tile);
    edge = grown.edge;
  }
  const warm = new Map(
    [...tiles].map(([place, { hashes, inner }]) => [place, new WarmTile(hashes, inner)]),
  );
  const tile = (level: number, n: number) => warm.get(`${level}/${n}`) as WarmTile;
  const prover = new Prover(LEAVES, tile);
  const times = (count: number, work: (n: number) => void) => {
    const began = performance.now();
    for (let n = 0; n < count; n++) work(n);
    return (1000 * count) / (performance.now() - began);
  };
  const near = (n: number) => prover.inclusion((n * 7) % 20_000);
  times(20_000, near);
  const warmRate = times(200_000, near);
  const coldRate = times(3000, (n) => {
    const own = 100 + n;
    const { hashes, inner } = tiles.get(`0/${own}`) as Tile;
    const cold = new WarmTile(hashes, inner);
    const reader = new Prover(LEAVES, (level, m) =>
      level === 0 && m === own ? cold : tile(level, m),
    );
    reader.inclusion(own * TILE_WIDTH + (n % TILE_WIDTH));
  });
  const behind = `in a tree of ${LEAVES.toLocaleString('en')} leaves`;
  return [
    {
      part: 'Grant log',
      what: 'rate: inclusion proofs from warm tiles ÷ 100,000',
      ratio: warmRate / 100_000,
      target: 1,
      behind: `${round(warmRate)}/s, ${behind}`,
    },
    {
      part: 'Grant log',
      what: 'rate: inclusion proofs, each from another tile as it is kept ÷ 5,000',
      ratio: coldRate / 5000,
      target: 1,
      behind: `${round(coldRate)}/s, ${behind}`,
    },
  ];
}

/** Checks of one side of one round. */
const CHECKS = 6000;
/** What is looked for is less than a tenth, and a round may be off by more than that: the median of many. */
const CHECK_ROUNDS = 21;
const PEOPLE = 100;

/**
 * The same checks over HTTP by a service that writes them into the log and by one that does not. Both at once: one after
 * the other, the machine's own ups and downs between the two were larger than what is looked for.
 */
async function checks(): Promise<Row[]> {
  return withVault((logged) =>
    withVault(async (unlogged) => {
      const sides = [await loadOf(logged), await loadOf(unlogged)];
      const measured = await rounds(async () => {
        const [ofLogged, ofUnlogged] = await Promise.all([
          measureLoad(logged.server, CHECKS, sides[0] as Load),
          measureLoad(unlogged.server, CHECKS, sides[1] as Load),
        ]);
        return { logged: ofLogged, unlogged: ofUnlogged };
      }, CHECK_ROUNDS);
      const of = (side: 'logged' | 'unlogged', name: 'cpu' | 'p99') =>
        median(measured.map((one) => one[side][name]));
      const micros = (side: 'logged' | 'unlogged') => round(1e6 * of(side, 'cpu'));
      const added = Math.max(0.1, of('logged', 'p99') - of('unlogged', 'p99'));
      return [
        {
          part: 'Grant log',
          what: 'CPU of a check over HTTP: without the log ÷ with it',
          ratio: median(measured.map((one) => one.unlogged.cpu / one.logged.cpu)),
          target: 0.9,
          behind: `${micros('unlogged')} and ${micros('logged')} µs`,
        },
        {
          part: 'Grant log',
          what: 'p99 of a check: 5 ms ÷ what the log adds',
          ratio: 5 / added,
          target: 1,
          behind: `${of('unlogged', 'p99')} and ${of('logged', 'p99')} ms`,
        },
      ];
    }, 'unlogged'),
  );
}

async function loadOf({ world }: Vault): Promise<Load> {
  const bodies: string[] = [];
  for (let n = 0; n < PEOPLE; n++) {
    const person = await newPerson();
    await share(world, person);
    bodies.push(
      JSON.stringify({
        subject: { type: 'user', id: person.pseudonym },
        action: { name: PURPOSE },
        resource: { type: 'attribute', id: 'size.shoe' },
      }),
    );
  }
  return {
    path: '/access/v1/evaluation',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${await token(world)}`,
    },
    bodies,
    isExpected: (answer) => answer.includes('"decision":true'),
  };
}

async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (next < items.length) await work(items[next++] as T);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}
