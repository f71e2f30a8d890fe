import { allowLoopback } from '@zusage/protocol/origin';
import { ReadAnswer } from '@zusage/protocol/read';
import { verifyReceipt } from '@zusage/protocol/receipt';
import { Status, verifyStatusList } from '@zusage/protocol/status-list';
import { stopValue } from '@zusage/protocol/stop';
import { parseVaultKeys, parseVaultMetadata } from '@zusage/protocol/vault-metadata';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { eventCall, newPerson, PLANTED, readCall, share } from './testing/person.ts';
import { call, check, form, post, startWorld, token, type World } from './testing/world.ts';

let world: World;
beforeEach(async () => {
  world = await startWorld({ atRest: true });
});
afterEach(() => world.close());

const keys = async () => parseVaultKeys((await call(world, '/jwks.json')).text);

async function statusOf(uri: string, idx: number) {
  // The list is looked at anew once a second, and the clock stands still.
  world.now++;
  const { text } = await call(world, new URL(uri).pathname);
  return (await verifyStatusList(text, { uri, now: world.now, keys: await keys() })).get(idx);
}

describe('a grant from registration to erasure', () => {
  test('is registered, checked, withdrawn, restored, withdrawn for good, handed back and erased', async () => {
    const person = await newPerson();
    const { grant, receipt } = await share(world, person);
    const { uri, idx } = grant.claims.status.status_list;
    const vault = world.vault.url;
    await verifyReceipt(receipt, grant, { vault, keys: await keys(), event: 'registered' });
    expect(await statusOf(uri, idx)).toBe(Status.active);
    expect(await statusOf(uri, (idx + 1) % 65_536)).toBe(Status.notRegistered);

    expect((await check(world, person.pseudonym)).body).toEqual({
      decision: true,
      context: { grant: grant.claims.jti, valid_for: 300 },
    });

    const undo_until = world.now + 300;
    const withdrawn = await eventCall(world, person, grant, {
      event: 'withdraw',
      seq: 1,
      undo_until,
    });
    expect(withdrawn.body).toMatchObject({ state: 'suspended', seq: 1, undo_until });
    await verifyReceipt(withdrawn.body.receipt as string, grant, {
      vault,
      keys: await keys(),
      event: 'withdrawn',
    });
    expect((await check(world, person.pseudonym)).body.context).toEqual({ reason: 'suspended' });
    expect(await statusOf(uri, idx)).toBe(Status.suspended);

    const restored = await eventCall(world, person, grant, { event: 'restore', seq: 2 });
    expect(restored.body).toMatchObject({ state: 'active', seq: 2 });
    expect((await check(world, person.pseudonym)).body.decision).toBe(true);

    await eventCall(world, person, grant, {
      event: 'withdraw',
      seq: 3,
      undo_until: world.now + 9999,
    });
    world.now += 599;
    expect((await check(world, person.pseudonym)).body.context).toEqual({ reason: 'suspended' });
    world.now += 1;
    expect((await check(world, person.pseudonym)).body.context).toEqual({ reason: 'withdrawn' });
    expect(await statusOf(uri, idx)).toBe(Status.ended);
    const late = await eventCall(world, person, grant, { event: 'restore', seq: 4 });
    expect([late.status, late.body.code]).toEqual([409, 'event/state']);

    const returned = await form(world, '/revoke', { token: grant.claims.jti });
    expect(returned.status).toBe(200);
    expect((await form(world, '/revoke', { token: grant.claims.jti })).status).toBe(200);

    const read = await readCall(world, person, grant);
    expect(ReadAnswer.parse(read.body)).toMatchObject({ state: 'ended', seq: 4, more: false });
    expect((read.body.events as { event: string }[]).map(({ event }) => event)).toEqual([
      'registered',
      'withdrawn',
      'restored',
      'withdrawn',
      'returned',
    ]);
    expect((read.body.checks as { decision: boolean }[]).map(({ decision }) => decision)).toEqual([
      true,
      false,
      true,
      false,
      false,
    ]);
    const next = await readCall(world, person, grant, { after: read.body.cursor as string });
    expect(next.body.checks).toEqual([]);

    const erased = await eventCall(world, person, grant, { event: 'erase', seq: 5 });
    expect(erased.body).toMatchObject({ state: 'ended', seq: 5 });
    expect((await readCall(world, person, grant)).body.code).toBe('grant/unknown');
    expect(await statusOf(uri, idx)).toBe(Status.ended);
    const stop = await stopValue(person.stopRoot, 0);
    expect((await post(world, '/stop', { stop })).body).toEqual({ known: true });
    await world.vault.close();
    for (const gone of [person.pseudonym, grant.jwt.slice(0, 60)]) {
      expect(world.stored().includes(gone)).toBe(false);
    }
    await world.restart();
  });

  test('narrows what may be used: another purpose and an attribute left out are denied, and nobody else learns why', async () => {
    const person = await newPerson();
    await share(world, person);
    const subject = person.pseudonym;
    const purpose = 'https://w3id.org/dpv#DirectMarketing';
    const wider = 'https://w3id.org/dpv#ServicePersonalisation';
    expect((await check(world, subject, { purpose })).body.context).toEqual({ reason: 'purpose' });
    expect((await check(world, subject, { purpose: wider })).body.context).toEqual({
      reason: 'purpose',
    });
    expect((await check(world, subject, { attribute: 'intent.travel' })).body.context).toEqual({
      reason: 'attribute',
    });
    const stranger = await newPerson();
    expect((await check(world, stranger.pseudonym)).body).toEqual({
      decision: false,
      context: { debug: expect.any(String) },
    });
  });

  test('a replacement ends the old grant, and the latest decides', async () => {
    const person = await newPerson();
    const first = await share(world, person);
    world.now += 10;
    const second = await share(world, person, {
      decided: { replaces: first.grant.claims.jti, attributes: ['size.shoe', 'intent.travel'] },
    });
    const verdict = await check(world, person.pseudonym, { attribute: 'intent.travel' });
    expect(verdict.body.context).toMatchObject({ grant: second.grant.claims.jti });
    expect((await readCall(world, person, first.grant)).body.state).toBe('ended');
    const again = await eventCall(world, person, first.grant, { event: 'withdraw', seq: 9 });
    expect(again.body).toMatchObject({ state: 'ended', seq: 1 });
  });

  test('a use limit counts, and nothing may be cached', async () => {
    const person = await newPerson();
    const frequency = { uses: 2, per: 'P1D' as const };
    const request = await world.request({ terms: { frequency } });
    const { grant } = await share(world, person, { request });
    expect((await check(world, person.pseudonym)).body.context).toMatchObject({ valid_for: 0 });
    const used = await form(world, '/introspect', {
      token: grant.jwt,
      purpose: grant.details.purpose[0] as string,
    });
    expect(used.body).toMatchObject({ active: true, valid_for: 0 });
    expect((await check(world, person.pseudonym)).body.context).toEqual({ reason: 'frequency' });
    expect((await form(world, '/introspect', { token: grant.jwt })).body.active).toBe(true);
    world.now += 86_400;
    expect((await check(world, person.pseudonym)).body.decision).toBe(true);
  });

  test('an answer is never kept past the end of the grant', async () => {
    const person = await newPerson();
    await share(world, person, { decided: { exp: world.now + 100 } });
    expect((await check(world, person.pseudonym)).body.context).toMatchObject({ valid_for: 100 });
    world.now += 100;
    expect((await check(world, person.pseudonym)).body.context).toEqual({ reason: 'expired' });
  });

  test('suspend and resume, and a withdrawal in between is undone to the suspension', async () => {
    const person = await newPerson();
    const { grant } = await share(world, person);
    await eventCall(world, person, grant, { event: 'suspend', seq: 1 });
    expect((await check(world, person.pseudonym)).body.context).toEqual({ reason: 'suspended' });
    const undo_until = world.now + 60;
    await eventCall(world, person, grant, { event: 'withdraw', seq: 2, undo_until });
    const restored = await eventCall(world, person, grant, { event: 'restore', seq: 3 });
    expect(restored.body.state).toBe('suspended');
    const resumed = await eventCall(world, person, grant, { event: 'resume', seq: 4 });
    expect(resumed.body.state).toBe('active');
  });

  test('a stop value ends a grant for good, also within the undo window, and walks a sheet', async () => {
    const person = await newPerson();
    const { grant } = await share(world, person);
    await eventCall(world, person, grant, {
      event: 'withdraw',
      seq: 1,
      undo_until: world.now + 60,
    });
    const stop = await stopValue(person.stopRoot, 0);
    expect((await post(world, '/stop', { stop })).body).toEqual({ known: true });
    expect((await post(world, '/stop', { stop })).body).toEqual({ known: true });
    const unknown = await stopValue(person.stopRoot, 1);
    expect((await post(world, '/stop', { stop: unknown })).body).toEqual({ known: false });
    expect((await eventCall(world, person, grant, { event: 'restore', seq: 3 })).status).toBe(409);
    expect((await check(world, person.pseudonym)).body.context).toEqual({ reason: 'withdrawn' });
  });

  test('a grant has 256 entries at most, and is ended and erased beyond', async () => {
    const person = await newPerson();
    const { grant } = await share(world, person);
    for (let seq = 1; seq <= 256; seq++) {
      const event = seq % 2 === 1 ? 'suspend' : 'resume';
      expect((await eventCall(world, person, grant, { event, seq })).status).toBe(200);
    }
    const more = await eventCall(world, person, grant, { event: 'suspend', seq: 257 });
    expect([more.status, more.body.code]).toEqual([429, 'event/limit']);
    const end = await eventCall(world, person, grant, { event: 'withdraw', seq: 257 });
    expect(end.body).toMatchObject({ state: 'ended', seq: 257 });
    expect((await eventCall(world, person, grant, { event: 'erase', seq: 258 })).status).toBe(200);
  });

  test('a hand-back within the undo window closes it: what is deleted cannot be brought back', async () => {
    const person = await newPerson();
    const { grant } = await share(world, person);
    const undo_until = world.now + 300;
    await eventCall(world, person, grant, { event: 'withdraw', seq: 1, undo_until });
    expect((await form(world, '/revoke', { token: grant.claims.jti })).status).toBe(200);
    const restored = await eventCall(world, person, grant, { event: 'restore', seq: 3 });
    expect([restored.status, restored.body.code]).toEqual([409, 'event/state']);
    const { uri, idx } = grant.claims.status.status_list;
    expect(await statusOf(uri, idx)).toBe(Status.ended);
    expect((await readCall(world, person, grant)).body).toMatchObject({ state: 'ended', seq: 2 });
  });

  test('a long list of checks is read page by page, each once, in answers under 64 KB', async () => {
    const person = await newPerson();
    const { grant } = await share(world, person);
    const subject = { type: 'user', id: person.pseudonym };
    const long = 'x'.repeat(150);
    const ids = Array.from({ length: 5 }, (_, n) => `size.${'x'.repeat(40)}${n}`);
    const names = Array.from({ length: 350 }, (_, n) => {
      const name = `https://w3id.org/dpv#${n}`;
      return n < 200 ? name : `${name}${long}`;
    });
    // As long as they can be: purposes of many characters, of many attributes each.
    const evaluations = names.flatMap((name, n) =>
      (n < 200 ? ['size.shoe'] : ids).map((id) => ({
        action: { name },
        resource: { type: 'attribute', id },
      })),
    );
    const authorization = `Bearer ${await token(world)}`;
    await post(world, '/access/v1/evaluations', { subject, evaluations }, { authorization });
    const pages: string[][] = [];
    for (let after: string | null = null, more = true; more; ) {
      const { body, text } = await readCall(world, person, grant, { after });
      expect(Buffer.byteLength(text)).toBeLessThan(65_536);
      const page = ReadAnswer.parse(body);
      pages.push(page.checks.map(({ purpose }) => purpose));
      ({ cursor: after, more } = page);
    }
    expect(pages.map((page) => page.length)).toEqual([200, expect.any(Number), expect.any(Number)]);
    expect(pages.flat()).toEqual(names);
  });

  test('what was acknowledged survives a restart', async () => {
    const person = await newPerson();
    const { grant, request, receipt } = await share(world, person);
    const slotAgain = await post(world, '/grants', { grant: `${grant.jwt}~`, request });
    expect([slotAgain.status, slotAgain.body.receipt]).toEqual([201, receipt]);
    await world.restart();
    expect((await check(world, person.pseudonym)).body.decision).toBe(true);
    const after = await post(world, '/grants', { grant: `${grant.jwt}~`, request });
    expect([after.status, after.body.receipt]).toEqual([201, receipt]);
    await verifyReceipt(receipt, grant, {
      vault: world.vault.url,
      keys: await keys(),
      event: 'registered',
    });
  });
});

test('no value, pseudonym or grant id is ever logged, and no value stored', async () => {
  const person = await newPerson();
  const { grant, request } = await share(world, person);
  await check(world, person.pseudonym);
  await eventCall(world, person, grant, { event: 'withdraw', seq: 1 });
  const disclosure = Buffer.from(`["salt","size.shoe",{"value":"${PLANTED}"}]`).toString(
    'base64url',
  );
  const leaky = await post(world, '/grants', { grant: `${grant.jwt}~${disclosure}~`, request });
  expect([leaky.status, leaky.body.code]).toEqual([400, 'grant/has-disclosures']);
  await form(world, '/introspect', { token: `${grant.jwt}~${disclosure}~` });
  // What is no route of ours may be anything.
  for (const path of [`/grant/${grant.claims.jti}`, `/${person.pseudonym}?${PLANTED}`]) {
    expect((await call(world, path)).status).toBe(404);
    expect((await call(world, path, { method: 'DELETE' })).status).toBe(404);
  }
  const seen = world.logged() + world.stored();
  for (const secret of [PLANTED, disclosure]) expect(seen.includes(secret)).toBe(false);
  for (const id of [person.pseudonym, grant.claims.jti, '127.0.0.1"']) {
    expect(world.logged().includes(id), id).toBe(false);
  }
  expect(world.stored().includes(person.pseudonym)).toBe(true);
});

test('the metadata is what extensions pin', async () => {
  const { text } = await call(world, '/.well-known/oauth-authorization-server');
  const metadata = parseVaultMetadata(text, world.vault.url, { [allowLoopback]: true });
  expect(metadata.issuer).toBe(world.vault.url);
});
