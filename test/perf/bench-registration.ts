import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeUtf8 } from '@zusage/protocol/bytes';
import { sign } from '@zusage/protocol/crypto';
import type { Grant } from '@zusage/protocol/grant';
import { allowLoopback } from '@zusage/protocol/origin';
import { parseRequest } from '@zusage/protocol/request';
import { type SlotAnswer, signSlotProof } from '@zusage/protocol/slot';
import type { Context } from '@zusage/vault-api/context';
import { enrolBrand } from '@zusage/vault-api/enrol-brand';
import { loadKeys } from '@zusage/vault-api/keys';
import { openingKeys } from '@zusage/vault-api/log/opening-keys';
import { logWriter } from '@zusage/vault-api/log-writer';
import { registerGrant } from '@zusage/vault-api/register-grant';
import { reserveSlot } from '@zusage/vault-api/reserve-slot';
import { brandResolver } from '@zusage/vault-api/resolve-brand';
import { openSqliteStore } from '@zusage/vault-api/store/sqlite';
import {
  brandRequest,
  enrolment,
  serveBrand,
  type TestBrand,
} from '@zusage/vault-api/testing/brand';
import { newPerson, signGrant } from '@zusage/vault-api/testing/person';
import type { World } from '@zusage/vault-api/testing/world';
import { median, type Row, rateOf, round, rounds } from './bench-measure.ts';
import { verifyBare } from './bench-sdk.ts';

const REGISTRATIONS = 640;
/** Under way at once, on either side; of ours, so many share a commit and fill a flush of the log without padding (SPEC §17.4). */
const AT_ONCE = 64;

/** Slot and registration as the routes call them, and the signature operations they cannot do without. */
export async function benchRegistration(): Promise<Row[]> {
  const data = mkdtempSync(join(tmpdir(), 'zusage-bench-'));
  const loopback = { [allowLoopback]: true };
  const brand = await serveBrand();
  const issuer = 'http://127.0.0.1:4610';
  const keys = await loadKeys(data);
  const clock = () => Math.floor(Date.now() / 1000);
  const writer = logWriter(issuer, keys, { openings: openingKeys(data), clock });
  const store = openSqliteStore(data, writer);
  const context: Context = {
    issuer,
    loopback,
    store,
    keys,
    clock,
    resolveBrand: brandResolver(loopback),
  };
  try {
    await enrolBrand(context, await enrolment(brand, context.issuer, context.clock()));
    const measured = await rounds(() => oneRound(context, brand));
    const rate = (side: keyof (typeof measured)[number]) =>
      `${round(median(measured.map((each) => each[side])))}/s`;
    return [
      {
        part: 'Registration',
        what: 'rate: slot and registration, durable ÷ their bare signature operations',
        ratio: median(measured.map((each) => each.ours / each.bare)),
        target: 0.6,
        behind: `${rate('ours')} (target 1,500; slots ${rate('slots')}, then grants ${rate('grants')}), bare ${rate('bare')}: proof, request and grant verified, receipt signed; ${AT_ONCE} at once on either side, in process, ours on one thread and the bare ones on all cores`,
      },
    ];
  } finally {
    await store.close();
    await brand.close();
    rmSync(data, { recursive: true });
  }
}

type Asked = { readonly request: string; readonly pseudonym: string; readonly proof: string };
type Signed = Asked & { readonly grant: Grant; readonly receipt: string };

async function oneRound(
  context: Context,
  brand: TestBrand,
): Promise<{ slots: number; grants: number; ours: number; bare: number }> {
  const { issuer, loopback, clock } = context;
  const people = await Promise.all(Array.from({ length: REGISTRATIONS }, newPerson));
  const asked: Asked[] = [];
  for (const { key, pseudonym } of people) {
    const request = await brandRequest(brand, issuer, clock());
    const { requestHash } = await parseRequest(request, loopback);
    const claims = { aud: issuer, request_hash: requestHash, iat: clock() };
    asked.push({ request, pseudonym, proof: await signSlotProof(claims, key) });
  }
  const slots: SlotAnswer[] = [];
  const slotRate = await rateOf(REGISTRATIONS, () =>
    inParallel(async (n) => {
      slots[n] = await reserveSlot(context, asked[n] as Asked);
    }),
  );
  // The person signs in between; that is not the service's work.
  const grants: Grant[] = [];
  for (const [n, person] of people.entries()) {
    const { request } = asked[n] as Asked;
    grants.push(await signGrant({ brand } as World, person, request, slots[n] as SlotAnswer));
  }
  const signed: Signed[] = [];
  const registrationRate = await rateOf(REGISTRATIONS, () =>
    inParallel(async (n) => {
      const grant = grants[n] as Grant;
      const one = asked[n] as Asked;
      const body = { grant: `${grant.jwt}~`, request: one.request };
      signed[n] = { ...one, grant, receipt: (await registerGrant(context, body)).receipt };
    }),
  );
  const bare = await rateOf(REGISTRATIONS, () =>
    inParallel((n) => signatures(context, brand, signed[n] as Signed)),
  );
  const ours = 1 / (1 / slotRate + 1 / registrationRate);
  return { slots: slotRate, grants: registrationRate, ours, bare };
}

/** A request is one signature, though it comes twice: with the slot and with the grant. */
export async function signatures(
  { keys }: Context,
  brand: TestBrand,
  { request, proof, grant, receipt }: Signed,
): Promise<void> {
  await verifyBare(proof, grant.key);
  await verifyBare(request, brand.key.publicJwk);
  await verifyBare(grant.jwt, grant.key);
  await sign(keys.signing, encodeUtf8(receipt.slice(0, receipt.lastIndexOf('.'))));
}

async function inParallel(work: (n: number) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (next < REGISTRATIONS) await work(next++);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}
