import { setTimeout as wait } from 'node:timers/promises';
import type { Grant } from '@zusage/protocol/grant';
import type { SlotAnswer } from '@zusage/protocol/slot';
import { verifyStatusList } from '@zusage/protocol/status-list';
import { parseVaultKeys } from '@zusage/protocol/vault-metadata';
import { ATTRIBUTES, brandRequest, PURPOSE, serveBrand } from '@zusage/vault-api/testing/brand';
import {
  eventCall,
  newPerson,
  registerCall,
  signGrant,
  slotCall,
  type TestPerson,
} from '@zusage/vault-api/testing/person';
import {
  type Answer,
  call,
  check,
  enrol,
  token,
  type World,
} from '@zusage/vault-api/testing/world';
import { type Change, changesOf, expectedOf, type Model, statusOf } from './model.ts';
import { randomFrom } from './random.ts';

export type Plan = {
  /** Origin of a vault service in development: the brands are served on loopback. */
  readonly api: string;
  readonly brands: number;
  readonly people: number;
  readonly checks: number;
  readonly seed: number;
};

export type Done = { registrations: number; changes: number; checks: number; allowed: number };
export type Outcome = Done & {
  /** What the vault said and what it should have said, in words; at most ten. */
  readonly disagreements: readonly string[];
  readonly seconds: { readonly registering: number; readonly checking: number };
};

/** Something other than an answer to compare: the service is not there, or refuses the simulation itself. */
export class SimulationError extends Error {
  override readonly name = 'SimulationError';
}

/** Calls under way at once. */
const WORKERS = 8;
/** Share of steps that change a grant instead of asking about it. */
const CHANGES = 0.08;
const UNDO = 590;
/** Seconds around the end of an undo window in which the two clocks may disagree: nothing is asked then. */
const DOUBT = 5;
const OTHER_PURPOSE = 'https://w3id.org/dpv#DirectMarketing';
const TOKEN_USED_FOR = 500;

type Shop = { readonly world: World; bearer: Promise<string>; renewAt: number };
type Sharing = {
  readonly person: TestPerson;
  readonly shop: Shop;
  readonly grant: Grant;
  readonly model: Model;
  isBusy: boolean;
};

const clock = () => Math.floor(Date.now() / 1000);

/**
 * Enrols brands, registers grants, and asks and changes in random order, everything with real keys through the public
 * API, and holds every answer against its own model. At the end, also every entry of the status lists.
 * @param onProgress called after each step
 * @throws SimulationError
 */
export async function simulate(plan: Plan, onProgress: (done: Done) => void): Promise<Outcome> {
  const random = randomFrom(plan.seed);
  const done: Done = { registrations: 0, changes: 0, checks: 0, allowed: 0 };
  const disagreements: string[] = [];
  const disagree = (text: string) => {
    if (disagreements.length < 10) disagreements.push(text);
  };
  const shops: Shop[] = [];
  try {
    for (let n = 0; n < plan.brands; n++) shops.push(await openShop(plan.api));
    const began = performance.now();
    const sharings: Sharing[] = [];
    await inParallel(plan.people, async (n) => {
      sharings.push(await shareWith(shops[n % shops.length] as Shop, random));
      done.registrations++;
      onProgress(done);
    });
    const registered = performance.now();
    await inParallel(plan.checks, async () => {
      const sharing = idleOf(sharings, random);
      if (sharing === null) return;
      sharing.isBusy = true;
      try {
        if (random() < CHANGES) {
          if (await changeOne(sharing, random, disagree)) done.changes++;
        }
        if (await askOne(sharing, shops, random, disagree)) done.allowed++;
        done.checks++;
      } finally {
        sharing.isBusy = false;
      }
      onProgress(done);
    });
    const checked = performance.now();
    await compareLists(plan.api, sharings, disagree);
    const seconds = {
      registering: (registered - began) / 1000,
      checking: (checked - registered) / 1000,
    };
    return { ...done, disagreements, seconds };
  } finally {
    for (const { world } of shops) await world.brand.close();
  }
}

async function openShop(api: string): Promise<Shop> {
  const brand = await serveBrand();
  const world = {
    vault: { url: api },
    brand,
    get now() {
      return clock();
    },
    request: (wish) => brandRequest(brand, api, clock(), wish),
  } as World;
  const answer = await patient(() => enrol(world)).catch(async () => {
    await brand.close();
    throw new SimulationError(`No vault service answers at ${api}.`);
  });
  if (answer.status === 201) return { world, bearer: Promise.resolve(''), renewAt: 0 };
  await brand.close();
  throw new SimulationError(
    `The service refused to enrol a brand on loopback: ${String(answer.body['code'])}.`,
  );
}

/** Repeats what was refused for load when the service says that it may. */
async function patient(ask: () => Promise<Answer>): Promise<Answer> {
  for (;;) {
    const answer = await ask();
    if (answer.status !== 429 || !String(answer.body['code']).startsWith('http/')) return answer;
    await wait(1000 * Number(answer.headers.get('retry-after') ?? 1));
  }
}

async function shareWith(shop: Shop, random: () => number): Promise<Sharing> {
  const { world } = shop;
  const person = await newPerson();
  const usesLeft = random() < 0.2 ? 1 + Math.floor(random() * 5) : null;
  const attributes = random() < 0.5 ? ATTRIBUTES : ATTRIBUTES.slice(0, 1);
  const terms = usesLeft === null ? {} : { frequency: { uses: usesLeft, per: 'P30D' as const } };
  const request = await world.request({ terms });
  const slot = await patient(() => slotCall(world, person, request));
  if (slot.status !== 200) throw refused('a slot', slot);
  const grant = await signGrant(world, person, request, slot.body as unknown as SlotAnswer, {
    attributes,
  });
  const registered = await patient(() => registerCall(world, grant, request));
  if (registered.status !== 201) throw refused('a registration', registered);
  const model: Model = {
    state: 'active',
    undoUntil: null,
    seq: 0,
    purpose: PURPOSE,
    attributes,
    usesLeft,
  };
  return { person, shop, grant, model, isBusy: false };
}

function refused(what: string, { status, body }: Answer): SimulationError {
  return new SimulationError(`The service refused ${what}: ${status} ${String(body['code'])}.`);
}

/** Somebody nobody else is busy with, so that the order of what happens to a grant is known. */
function idleOf(sharings: readonly Sharing[], random: () => number): Sharing | null {
  const from = Math.floor(random() * sharings.length);
  for (let n = 0; n < sharings.length; n++) {
    const sharing = sharings[(from + n) % sharings.length] as Sharing;
    const { undoUntil } = sharing.model;
    const isClear = undoUntil === null || Math.abs(clock() - undoUntil) > DOUBT;
    if (!sharing.isBusy && isClear) return sharing;
  }
  return null;
}

async function changeOne(
  { shop, person, grant, model }: Sharing,
  random: () => number,
  disagree: (text: string) => void,
): Promise<boolean> {
  const now = clock();
  if (model.undoUntil !== null && now >= model.undoUntil) model.undoUntil = null;
  const changes = changesOf(model);
  const change = changes[Math.floor(random() * changes.length)];
  if (change === undefined) return false;
  const undoUntil = now + UNDO;
  const event = change === 'withdraw-for-good' ? 'withdraw' : change;
  const answer = await patient(() =>
    eventCall(shop.world, person, grant, {
      event,
      seq: model.seq + 1,
      ...(change === 'withdraw' && { undo_until: undoUntil }),
    }),
  );
  if (answer.status !== 200) {
    disagree(`${change} was refused: ${answer.status} ${String(answer.body['code'])}`);
    return false;
  }
  model.seq++;
  apply(model, change, undoUntil);
  if (answer.body['seq'] !== model.seq) disagree(`${change} got the number ${answer.body['seq']}`);
  return true;
}

function apply(model: Model, change: Change, undoUntil: number): void {
  model.state = {
    withdraw: 'withdrawn',
    'withdraw-for-good': 'withdrawn',
    restore: 'active',
    suspend: 'paused',
    resume: 'active',
  }[change] as Model['state'];
  model.undoUntil = change === 'withdraw' ? undoUntil : null;
}

async function askOne(
  { shop, person, model }: Sharing,
  shops: readonly Shop[],
  random: () => number,
  disagree: (text: string) => void,
): Promise<boolean> {
  const asking = random() < 0.1 ? (shops[Math.floor(random() * shops.length)] as Shop) : shop;
  const purpose = random() < 0.1 ? OTHER_PURPOSE : PURPOSE;
  const attribute = ATTRIBUTES[random() < 0.3 ? 1 : 0] as string;
  const bearer = await bearerOf(asking);
  const { status, body } = await patient(() =>
    check(asking.world, person.pseudonym, { purpose, attribute, bearer }),
  );
  const isAudience = asking === shop;
  const expected = expectedOf(model, { purpose, attribute, isAudience }, clock());
  const { reason } = (body['context'] ?? {}) as { reason?: string };
  if (status !== 200 || body['decision'] !== expected.decision || reason !== expected.reason) {
    const said = status === 200 ? `${body['decision']} ${reason ?? ''}` : `status ${status}`;
    const isAbout = `${model.state}, ${isAudience ? 'its audience' : 'another brand'}, ${purpose}, ${attribute}`;
    disagree(`said ${said}, expected ${expected.decision} ${expected.reason ?? ''} (${isAbout})`);
  }
  return body['decision'] === true;
}

/** One token for everybody who waits for it. */
function bearerOf(shop: Shop): Promise<string> {
  if (clock() >= shop.renewAt) {
    shop.renewAt = clock() + TOKEN_USED_FOR;
    shop.bearer = token(shop.world);
  }
  return shop.bearer;
}

/** Every entry of the lists, as a brand reads them; a list may be two seconds old. */
async function compareLists(
  api: string,
  sharings: readonly Sharing[],
  disagree: (text: string) => void,
): Promise<void> {
  await wait(2000);
  const at = { vault: { url: api } } as World;
  const keys = await parseVaultKeys((await patient(() => call(at, '/jwks.json'))).text);
  const uris = new Set(sharings.map(({ grant }) => grant.claims.status.status_list.uri));
  for (const uri of uris) {
    const { text } = await patient(() => call(at, new URL(uri).pathname));
    const now = clock();
    const list = await verifyStatusList(text, { uri, now, keys });
    for (const { grant, model } of sharings) {
      const place = grant.claims.status.status_list;
      if (place.uri !== uri) continue;
      if (model.undoUntil !== null && Math.abs(now - model.undoUntil) <= DOUBT) continue;
      const said = list.get(place.idx);
      const expected = statusOf(model, now);
      if (said !== expected) disagree(`the status list says ${said}, expected ${expected}`);
    }
  }
}

/** `count` tasks, a few at once. The first failure is thrown when all have stopped. */
async function inParallel(count: number, task: (n: number) => Promise<void>): Promise<void> {
  let next = 0;
  const work = async () => {
    while (next < count) await task(next++);
  };
  const workers = await Promise.allSettled(Array.from({ length: WORKERS }, work));
  const failed = workers.find((worker) => worker.status === 'rejected');
  if (failed === undefined) return;
  if (failed.reason instanceof SimulationError) throw failed.reason;
  throw new SimulationError('The service stopped answering.', { cause: failed.reason });
}
