import type { Grant } from '@zusage/protocol/grant';
import type { SlotAnswer } from '@zusage/protocol/slot';
import type { VaultKey } from '@zusage/protocol/vault-metadata';
import { ATTRIBUTES, brandRequest, PURPOSE, serveBrand } from '@zusage/vault-api/testing/brand';
import {
  eventCall,
  newPerson,
  registerCall,
  signGrant,
  slotCall,
  type TestPerson,
} from '@zusage/vault-api/testing/person';
import { type Answer, check, enrol, token, type World } from '@zusage/vault-api/testing/world';
import {
  clock,
  compareLists,
  compareReceipt,
  type Disagree,
  DOUBT,
  keysOf,
  patient,
} from './comparison.ts';
import { type Change, changesOf, expectedOf, type Model, TOLD } from './model.ts';
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
  const disagree: Disagree = (text) => {
    if (disagreements.length < 10) disagreements.push(text);
  };
  const shops: Shop[] = [];
  try {
    for (let n = 0; n < plan.brands; n++) shops.push(await openShop(plan.api));
    const keys = await keysOf(plan.api);
    const began = performance.now();
    const sharings: Sharing[] = [];
    await inParallel(plan.people, async (n) => {
      const shop = shops[n % shops.length] as Shop;
      const { receipt, ...sharing } = await shareWith(shop, random);
      await compareReceipt(sharing, { receipt, event: 'registered' }, keys, disagree);
      sharings.push(sharing);
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
          if (await changeOne(sharing, random, keys, disagree)) done.changes++;
        }
        if (await askOne(sharing, shops, random, disagree)) done.allowed++;
        done.checks++;
      } finally {
        sharing.isBusy = false;
      }
      onProgress(done);
    });
    const checked = performance.now();
    await compareLists(keys, sharings, disagree);
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

async function shareWith(
  shop: Shop,
  random: () => number,
): Promise<Sharing & { receipt: unknown }> {
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
  return { person, shop, grant, model, isBusy: false, receipt: registered.body['receipt'] };
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
  sharing: Sharing,
  random: () => number,
  keys: readonly VaultKey[],
  disagree: Disagree,
): Promise<boolean> {
  const { shop, person, grant, model } = sharing;
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
  const { seq, state, undo_until, receipt } = answer.body;
  if (seq !== model.seq) disagree(`${change} got the number ${seq}`);
  if (state !== TOLD[change].state) disagree(`${change} led to the state ${state}`);
  if (undo_until !== (model.undoUntil ?? undefined)) {
    disagree(`${change} can be undone until ${undo_until}, expected ${model.undoUntil}`);
  }
  await compareReceipt(sharing, { receipt, event: TOLD[change].event }, keys, disagree);
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
  { shop, person, grant, model }: Sharing,
  shops: readonly Shop[],
  random: () => number,
  disagree: Disagree,
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
  const {
    reason,
    grant: named,
    valid_for,
  } = (body['context'] ?? {}) as {
    reason?: string;
    grant?: string;
    valid_for?: number;
  };
  const allowing = expected.decision ? grant.claims.jti : undefined;
  if (named !== allowing || valid_for !== expected.validFor) {
    disagree(`named ${named} for ${valid_for} s, expected ${allowing} for ${expected.validFor} s`);
  }
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
