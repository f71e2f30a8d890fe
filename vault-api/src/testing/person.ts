import {
  generateKey,
  importSigningKey,
  randomUuidUrn,
  type SigningKey,
} from '@zusage/protocol/crypto';
import { type EventClaims, signEvent } from '@zusage/protocol/event';
import { type Grant, type GrantDecision, issueGrant, parseGrant } from '@zusage/protocol/grant';
import { thumbprint } from '@zusage/protocol/jwk';
import { allowLoopback } from '@zusage/protocol/origin';
import { signRead } from '@zusage/protocol/read';
import { parseRequest } from '@zusage/protocol/request';
import { type SlotAnswer, signSlotProof } from '@zusage/protocol/slot';
import { newStopRoot, stopHash, stopValue } from '@zusage/protocol/stop';
import { type Answer, post, type World } from './world.ts';

const LOOPBACK = { [allowLoopback]: true };
const DAY = 86_400;
/** What the person shares; the service must never see it. */
export const PLANTED = 'PLANTED-VALUE-EU42';

/** A person towards one brand: one key, one stop root. */
export type TestPerson = { readonly key: SigningKey; readonly pseudonym: string; stopRoot: string };

export async function newPerson(): Promise<TestPerson> {
  const key = await importSigningKey(await generateKey());
  return { key, pseudonym: await thumbprint(key.publicJwk), stopRoot: newStopRoot() };
}

export async function slotCall(world: World, person: TestPerson, request: string): Promise<Answer> {
  const { requestHash } = await parseRequest(request, LOOPBACK);
  const claims = { aud: world.vault.url, request_hash: requestHash, iat: world.now };
  const proof = await signSlotProof(claims, person.key);
  return post(world, '/grants/slots', { request, pseudonym: person.pseudonym, proof });
}

export type Decided = Partial<GrantDecision> & { readonly attributes?: readonly string[] };

/** Signs a grant for a slot. */
export async function signGrant(
  world: World,
  person: TestPerson,
  request: string,
  slot: SlotAnswer,
  { attributes = ['size.shoe'], ...decision }: Decided = {},
): Promise<Grant> {
  const parsed = await parseRequest(request, LOOPBACK);
  const items = attributes.map((attribute) => ({
    attribute,
    disclosed: { value: PLANTED, confirmed: '2026-11', precision: 'exact' as const },
  }));
  const { jwt } = await issueGrant(
    parsed,
    {
      items,
      now: slot.now,
      exp: slot.now + 90 * DAY,
      location: world.brand.origin,
      status: { uri: slot.uri, idx: slot.idx },
      stop: await stopHash(await stopValue(person.stopRoot, 0)),
      shown: { lang: 'en', wording: '1' },
      decidedBy: 'person',
      ...decision,
    },
    person.key,
  );
  return parseGrant(jwt, LOOPBACK);
}

export function registerCall(world: World, grant: Grant, request: string): Promise<Answer> {
  return post(world, '/grants', { grant: `${grant.jwt}~`, request });
}

/** The whole way from request to receipt. */
export async function share(
  world: World,
  person: TestPerson,
  { decided = {}, request }: { decided?: Decided; request?: string } = {},
): Promise<{ grant: Grant; request: string; receipt: string }> {
  const asked = request ?? (await world.request());
  const slot = await slotCall(world, person, asked);
  if (slot.status !== 200) throw new Error(`slot: ${slot.body.code}`);
  const grant = await signGrant(world, person, asked, slot.body as unknown as SlotAnswer, decided);
  const registered = await registerCall(world, grant, asked);
  if (registered.status !== 201) throw new Error(`register: ${registered.body.code}`);
  return { grant, request: asked, receipt: registered.body.receipt as string };
}

export async function eventCall(
  world: World,
  person: TestPerson,
  grant: Grant,
  claims: Pick<EventClaims, 'event' | 'seq'> & Partial<EventClaims>,
): Promise<Answer> {
  const jwt = await signEvent(
    {
      aud: world.vault.url,
      jti: randomUuidUrn(),
      grant: grant.claims.jti,
      grant_hash: grant.hash,
      iat: world.now,
      ...claims,
    },
    person.key,
  );
  return post(world, `/grants/${grant.claims.jti}/events`, jwt);
}

/** What `readCall` and `proofsCall` say. */
async function signedRead(
  world: World,
  person: TestPerson,
  grant: Grant,
  { after = null, jti = randomUuidUrn() }: { after?: string | null; jti?: string },
): Promise<string> {
  const claims = { aud: world.vault.url, jti, iat: world.now, grant: grant.claims.jti, after };
  return signRead(claims, person.key);
}

export async function readCall(
  world: World,
  person: TestPerson,
  grant: Grant,
  options: { after?: string | null; jti?: string } = {},
): Promise<Answer> {
  const jws = await signedRead(world, person, grant, options);
  return post(world, `/grants/${grant.claims.jti}/read`, jws);
}

export async function proofsCall(world: World, person: TestPerson, grant: Grant): Promise<Answer> {
  const jws = await signedRead(world, person, grant, {});
  return post(world, `/grants/${grant.claims.jti}/proofs`, jws);
}
