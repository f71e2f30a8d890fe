import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { enrol as enrolBySdk } from '@zusage/protocol/brand';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { assertion } from './testing/brand.ts';
import { newPerson, share, slotCall } from './testing/person.ts';
import { rows } from './testing/rows.ts';
import { until } from './testing/until.ts';
import {
  type Answer,
  call,
  check,
  enrol,
  form,
  startWorld,
  token,
  type World,
} from './testing/world.ts';

const run = promisify(execFile);
const OPERATOR = fileURLToPath(new URL('operator.ts', import.meta.url));
const HOUR = 3600;

let world: World;
beforeEach(async () => {
  world = await startWorld({ atRest: true });
});
afterEach(() => world.close());

const codeOf = ({ status, body }: Answer) => [status, body.code];
const tokenStatus = async () =>
  (await form(world, '/token', { grant_type: 'client_credentials' })).status;
const readmit = () =>
  run(process.execPath, [OPERATOR, 'readmit', world.brand.did], {
    env: { ...process.env, ZUSAGE_DEVELOPMENT: 'true', ZUSAGE_DATA: world.data },
  });

describe('who takes over a domain and lists the former owner’s public key beside an own one', () => {
  test('inherits no grant: the own key counts for nothing, however the document is read again', async () => {
    const { brand } = world;
    const person = await newPerson();
    await share(world, person);
    const bearer = await token(world);
    const former = { ...brand };
    await brand.rotate({ keepOld: true, fragment: 'sig-2' });
    for (const later of [60, HOUR, 24 * HOUR]) {
      world.now += later;
      const { reads } = brand;
      expect(await tokenStatus()).toBe(401);
      expect(brand.reads).toBe(reads + 1);
      expect(codeOf(await slotCall(world, await newPerson(), await world.request()))).toEqual([
        422,
        'request/unknown-key',
      ]);
      const before = rows(world);
      expect(codeOf(await enrol(world))).toEqual([422, 'enrolment/mismatch']);
      expect(rows(world)).toBe(before);
      expect(await tokenStatus()).toBe(401);
    }
    // Under the former owner's key id too: a key is what it is, whatever it is called.
    const { kid } = brand;
    brand.kid = former.kid;
    brand.forgetOld();
    brand.listBeside(kid, former.key.publicJwk);
    world.now += HOUR;
    expect(await tokenStatus()).toBe(401);
    expect(codeOf(await enrol(world))).toEqual([422, 'enrolment/mismatch']);
    expect((await check(world, person.pseudonym, { bearer })).status).toBe(401);
    const described = await call(world, `/brands/${encodeURIComponent(brand.did)}`);
    expect(described.body.frozen).toBe(false);
  });

  test('freezes the brand by dropping that key, and gets in by no enrolment', async () => {
    const { brand } = world;
    await brand.rotate({ keepOld: true, fragment: 'sig-2' });
    world.now += HOUR;
    expect(await tokenStatus()).toBe(401);
    brand.forgetOld();
    expect(codeOf(await enrol(world))).toEqual([403, 'brand/frozen']);
    expect(codeOf(await enrol(world))).toEqual([403, 'brand/frozen']);
    world.now += HOUR;
    expect(await tokenStatus()).toBe(401);
  });
});

describe('a brand changes its key', () => {
  test('without one denied check: publish both, enrol by the old, sign with the new, drop the old', async () => {
    const { brand, vault } = world;
    const person = await newPerson();
    await share(world, person);
    const allowed = async (signer: typeof brand) => {
      const client_assertion = await assertion(signer, vault.url, world.now);
      const parameters = { grant_type: 'client_credentials', client_assertion };
      const { body } = await form(world, '/token', parameters);
      const bearer = body.access_token as string;
      return (await check(world, person.pseudonym, { bearer })).body.decision;
    };
    const old = { ...brand };
    expect(await allowed(old)).toBe(true);
    await brand.rotate({ keepOld: true, fragment: 'sig-2' });
    expect(await allowed(old)).toBe(true);
    world.now += HOUR;
    expect(await allowed(old)).toBe(true);
    await expect(enrolBySdk(vault.url, brand, world.now)).rejects.toMatchObject({
      refusal: 'enrolment/mismatch',
    });
    await enrolBySdk(vault.url, old, world.now);
    expect([await allowed(old), await allowed(brand)]).toEqual([true, true]);
    // Accepted, so the new key counts.
    await enrolBySdk(vault.url, brand, world.now);
    brand.forgetOld();
    expect(await allowed(brand)).toBe(true);
    world.now += HOUR;
    expect(await allowed(brand)).toBe(true);
    expect((await slotCall(world, await newPerson(), await world.request())).status).toBe(200);
    await expect(enrolBySdk(vault.url, old, world.now)).rejects.toMatchObject({
      refusal: 'enrolment/mismatch',
    });
  });

  test('and an older reading that arrives late does not undo it', async () => {
    const { brand } = world;
    const old = { ...brand };
    const { promise, resolve: release } = Promise.withResolvers<void>();
    brand.held = promise;
    world.now += HOUR;
    const late = tokenStatus();
    await until(() => brand.reads === 2);
    brand.held = null;
    await brand.rotate({ keepOld: true, fragment: 'sig-2' });
    expect((await enrol(world, old)).status).toBe(201);
    release();
    expect(await late).toBe(200);
    expect(await tokenStatus()).toBe(200);
  });

  test('and a key that was taken out is a new key when it is listed again', async () => {
    const { brand } = world;
    const old = { ...brand };
    await brand.rotate({ keepOld: true, fragment: 'sig-2' });
    expect((await enrol(world, old)).status).toBe(201);
    brand.forgetOld();
    world.now += HOUR;
    expect(await tokenStatus()).toBe(200);
    brand.listBeside(old.kid, old.key.publicJwk);
    world.now += HOUR;
    expect(await tokenStatus()).toBe(200);
    expect(codeOf(await enrol(world, old))).toEqual([422, 'enrolment/mismatch']);
    expect((await enrol(world)).status).toBe(201);
    expect((await enrol(world, old)).status).toBe(201);
  });

  test('after losing the old one, through the operator, while the old one is still listed', async () => {
    const { brand } = world;
    const person = await newPerson();
    await share(world, person);
    await brand.rotate({ keepOld: true, fragment: 'sig-2' });
    world.now += HOUR;
    expect(codeOf(await enrol(world))).toEqual([422, 'enrolment/mismatch']);
    await readmit();
    expect((await enrol(world)).status).toBe(201);
    expect((await check(world, person.pseudonym)).body.decision).toBe(true);
  });

  test('after losing the old one, through the operator, when it is gone', async () => {
    const { brand } = world;
    const person = await newPerson();
    await share(world, person);
    await brand.rotate({ keepOld: false, fragment: 'sig-2' });
    expect(codeOf(await enrol(world))).toEqual([403, 'brand/frozen']);
    await readmit();
    expect((await enrol(world)).status).toBe(201);
    expect((await check(world, person.pseudonym)).body.decision).toBe(true);
  });
});
