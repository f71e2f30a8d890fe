/**
 * The extension's own code, run by a scripted person against the real vault API and a real brand on loopback, and
 * checked by the brand with the SDK: the main job without a browser.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDoor } from '@zusage/extension/src/network/fetch.ts';
import { Person } from '@zusage/extension/src/sharing/person.fixture.ts';
import type { StoredGrant } from '@zusage/extension/src/sharing/stored-grant.ts';
import type { Advanced } from '@zusage/extension/src/sharing/types.ts';
import {
  allowLoopback,
  type Brand,
  brandDocument,
  check,
  createRequest,
  enrol,
  generateKey,
  handBack,
  importSigningKey,
  type RequestSession,
  verifyResponse,
} from '@zusage/protocol/brand';
import { stopValue } from '@zusage/protocol/stop';
import { startVaultApi, type VaultApi } from '@zusage/vault-api/service';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { filesIn } from '../e2e/planted.ts';

const PRODUCTS = 'https://w3id.org/dpv#ProvideProductRecommendations';
const LOOPBACK = { [allowLoopback]: true };
const DAY = 86_400;
const SHOE = 'EU 42';
const ROAST = 'dark';
const BOTH = ['size.shoe', 'preference.coffee-roast'];

type Shop = { brand: Brand; origin: string; server: Server };

let folder: string;
let vault: VaultApi;
let shops: Shop[];
let person: Person;
/** Seconds added to every clock: the service's, the brand's and the person's. */
let later = 0;
const now = () => Math.floor(Date.now() / 1000) + later;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'zusage-sharing-'));
  vault = await startVaultApi(
    {
      host: '127.0.0.1',
      port: 0,
      data: folder,
      development: true,
      trustProxy: false,
      rateLimit: 10_000,
      logLevel: 'silent',
    },
    { clock: now },
  );
  shops = [await openShop(), await openShop()];
  for (const { brand } of shops) await enrol(vault.url, brand, now());
});

afterAll(async () => {
  for (const { server } of shops) await new Promise((resolve) => server.close(resolve));
  await vault.close();
  rmSync(folder, { recursive: true });
});

beforeEach(async () => {
  person = new Person({ door: openDoor(true), now, undoSeconds: 60 });
  await person.create(vault.url);
});

async function openShop(): Promise<Shop> {
  let text = '';
  const server = createServer((_, response) => {
    response.writeHead(200, { 'access-control-allow-origin': '*' }).end(text);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const did = `did:web:127.0.0.1%3A${address.port}`;
  const origin = `http://127.0.0.1:${address.port}`;
  const brand = { did, kid: `${did}#sig-1`, key: await importSigningKey(await generateKey()) };
  text = await brandDocument({
    did,
    keys: [{ kid: brand.kid, jwk: brand.key.publicJwk }],
    manifest: {
      name: 'Test Shop',
      category: 'Outdoor gear',
      origins: [],
      purposes: [PRODUCTS],
      attributes: [...BOTH, 'intent.travel'],
      custom: [{ id: 'custom.nickname', label: { en: 'Nickname', de: 'Spitzname' } }],
      period: 'P366D',
      retention: 'P365D',
    },
    ...LOOPBACK,
  });
  return { brand, origin, server };
}

function shop(index = 0): Shop {
  const found = shops[index];
  if (found === undefined) throw new Error('no such shop');
  return found;
}

async function ask(
  { brand, origin }: Shop,
  attributes = { required: BOTH, optional: ['intent.travel'] },
) {
  const { request, session } = await createRequest({
    brand,
    attributes,
    origins: [origin],
    now: now(),
    terms: {
      purpose: [PRODUCTS],
      text: { en: 'We show you what fits.', de: 'Wir zeigen, was passt.' },
      period: { from: now(), until: now() + 90 * DAY },
      retention: 'P90D',
      vaults: [vault.url],
      contact: { erasure: 'mailto:privacy@shop.example' },
      notice: { uri: `${origin}/privacy`, 'hash#sha-256': 'A'.repeat(43) },
    },
    ...LOOPBACK,
  });
  return { asked: person.asked(request, origin), session };
}

async function receive({ origin }: Shop, session: RequestSession, advanced: Advanced) {
  if ('failed' in advanced) throw new Error(advanced.failed);
  return verifyResponse({
    session,
    response: advanced.response.response,
    origin,
    vaults: [vault.url],
    useNonce: async () => true,
    now: now(),
    ...LOOPBACK,
  });
}

/** From the request to the values in the brand's hands, entered inside the prompt. */
async function shared(from = shop()) {
  const { asked, session } = await ask(from);
  const advanced = await person.share(asked, BOTH, {
    entered: [
      { id: 'size.shoe', value: SHOE },
      { id: 'preference.coffee-roast', value: ROAST },
    ],
  });
  const verified = await receive(from, session, advanced);
  await person.sharing.delivered(asked);
  return { asked, verified };
}

async function verdict(subject: string, attribute: string, purpose = PRODUCTS) {
  const { allowed, reason } = await check({
    vault: vault.url,
    brand: shop().brand,
    subject,
    purpose,
    attribute,
    now: now(),
    ...LOOPBACK,
  });
  return allowed ? 'allowed' : reason;
}

test('share, check, withdraw, undo, withdraw, hand back: the main job', async () => {
  const { verified } = await shared();
  expect(verified.values).toMatchObject({
    'size.shoe': { value: SHOE, precision: 'exact' },
    'preference.coffee-roast': { value: ROAST },
  });
  const { pseudonym } = verified;
  expect(await verdict(pseudonym, 'size.shoe')).toBe('allowed');
  expect(await verdict(pseudonym, 'intent.travel')).toBe('attribute');
  expect(await verdict(pseudonym, 'size.shoe', 'https://w3id.org/dpv#Marketing')).toBe('purpose');

  const { jti } = verified.grant;
  expect(await person.run('refreshGrant', { jti })).toMatchObject({
    state: 'active',
    uses: { count: 1 },
  });
  expect(await person.run('withdraw', { jti })).toMatchObject({ state: 'undo' });
  expect(await verdict(pseudonym, 'size.shoe')).toBe('suspended');
  expect(await person.run('restore', { jti })).toMatchObject({ state: 'active' });
  expect(await verdict(pseudonym, 'size.shoe')).toBe('allowed');
  await person.run('withdraw', { jti });
  later += 61;
  expect(await verdict(pseudonym, 'size.shoe')).toBe('withdrawn');
  await handBack({
    vault: vault.url,
    brand: shop().brand,
    grant: verified.jwt,
    now: now(),
    ...LOOPBACK,
  });
  expect(await person.run('refreshGrant', { jti })).toMatchObject({ state: 'withdrawn' });
  const events = (await person.run('log', {})).map(({ event }) => event);
  expect(events).toContain('returned');
  const record = (await person.vault.get('grant', jti)) as StoredGrant;
  // Registered, withdrawn, restored, withdrawn: each receipt verified with the pinned key.
  expect(record.receipts).toHaveLength(4);
});

test('sharing again replaces, under the same pseudonym; another brand meets another person', async () => {
  const first = (await shared()).verified;
  const second = (await shared()).verified;
  expect(second.grant.replaces).toBe(first.grant.jti);
  expect(second.pseudonym).toBe(first.pseudonym);
  const other = (await shared(shop(1))).verified;
  expect(other.pseudonym).not.toBe(first.pseudonym);
  expect(other.grant.replaces).toBeUndefined();
});

test('a grant the brand handed back is no obstacle to sharing again', async () => {
  const { verified } = await shared();
  await handBack({
    vault: vault.url,
    brand: shop().brand,
    grant: verified.jwt,
    now: now(),
    ...LOOPBACK,
  });
  expect((await shared()).verified.grant.replaces).toBeUndefined();
});

test('a brand’s own question is registered and answered', async () => {
  const { asked, session } = await ask(shop(), { required: ['custom.nickname'], optional: [] });
  const advanced = await person.share(asked, ['custom.nickname'], {
    entered: [{ id: 'custom.nickname', value: 'Mimi' }],
  });
  const { values } = await receive(shop(), session, advanced);
  expect(values['custom.nickname']?.value).toBe('Mimi');
});

test('the clock of a person that is four minutes off does not show and does not matter', async () => {
  const real = now();
  person = new Person({ door: openDoor(true), now: () => now() + 240 });
  await person.create(vault.url);
  const { asked, session } = await ask(shop());
  const advanced = await person.share(asked, BOTH, {
    entered: [
      { id: 'size.shoe', value: SHOE },
      { id: 'preference.coffee-roast', value: ROAST },
    ],
  });
  const { grant } = await receive(shop(), session, advanced);
  expect(grant.notBefore - real).toBeLessThan(60);
});

test('undelivered: withdrawn for good, and the brand’s checks say so', async () => {
  const { asked, session } = await ask(shop());
  const advanced = await person.share(asked, BOTH, {
    entered: [
      { id: 'size.shoe', value: SHOE },
      { id: 'preference.coffee-roast', value: ROAST },
    ],
  });
  const { pseudonym } = await receive(shop(), session, advanced);
  await person.sharing.abandon(asked, person.steps.get(asked.key) ?? null, 'page-gone');
  expect(await verdict(pseudonym, 'size.shoe')).toBe('withdrawn');
  expect((await person.run('grants', {})).map(({ state }) => state)).toEqual(['not-delivered']);
});

test('killed after each step and started again, there is one grant and the answer verifies', async () => {
  for (const last of ['slot', 'signed', 'registered']) {
    const { asked, session } = await ask(shop(), { required: ['size.shoe'], optional: [] });
    const view = await person.sharing.promptView(asked);
    const decision = await person.sharing.decide(asked, {
      share: true,
      items: [{ id: 'size.shoe', precision: 'exact' }],
      until: view.until,
      entered: [{ id: 'size.shoe', value: SHOE }],
      confirmed: [],
    });
    const killed = person.sharing.advance(
      asked,
      decision,
      null,
      async (step) => {
        if (person.steps.get(asked.key)?.name === last) throw new Error('killed');
        person.steps.set(asked.key, structuredClone(step));
      },
      async () => true,
    );
    await expect(killed).rejects.toThrow('killed');
    person.restart();
    const verified = await receive(shop(), session, await person.advance(asked, decision));
    expect(await verdict(verified.pseudonym, 'size.shoe'), last).toBe('allowed');
  }
  expect((await person.run('grants', {})).filter(({ state }) => state === 'active')).toHaveLength(
    1,
  );
});

test('a brand that is not enrolled gets nothing, and the person is told why', async () => {
  const stranger = await openShop();
  const { asked } = await ask(stranger);
  const advanced = await person.share(asked, BOTH, {
    entered: [
      { id: 'size.shoe', value: SHOE },
      { id: 'preference.coffee-roast', value: ROAST },
    ],
  });
  expect(advanced).toEqual({ failed: 'brand-not-enrolled' });
  await new Promise((resolve) => stranger.server.close(resolve));
});

test('a line of the printed stop sheet ends the grant without the vault', async () => {
  const { verified } = await shared();
  const settings = await person.vault.get('settings', 'settings');
  const record = (await person.vault.get('grant', verified.grant.jti)) as StoredGrant;
  const stop = await stopValue(settings?.stopRoot ?? '', record.stopIndex);
  const answer = await fetch(`${vault.url}/stop`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ stop }),
  });
  expect(await answer.json()).toEqual({ known: true });
  expect(await verdict(verified.pseudonym, 'size.shoe')).toBe('withdrawn');
  expect(await person.run('refreshGrant', { jti: verified.grant.jti })).toMatchObject({
    state: 'withdrawn',
  });
});

test('two brands’ grants of one person have nothing in common but constants and the vault service', async () => {
  const jtis = [await shared(shop(0)), await shared(shop(1))].map(
    ({ verified }) => verified.grant.jti,
  );
  const facts = await Promise.all(
    jtis.map(async (jti) => {
      const record = (await person.vault.get('grant', jti)) as StoredGrant;
      const [, payload = ''] = record.grant.split('.');
      const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
      return [
        ...[claims.iss, claims.jti, claims.aud, claims.request_hash, claims.terms_hash],
        ...[claims.stop, claims.status.status_list.idx, claims.cnf.jwk.x, claims.cnf.jwk.y],
        ...claims.data._sd,
        ...record.disclosures,
      ].map(String);
    }),
  );
  expect(facts[0]?.filter((fact) => facts[1]?.includes(fact))).toEqual([]);
});

test('no value reaches the service’s files, and the search would find one', async () => {
  await shared();
  const files = filesIn(folder, 'the service’s files');
  const found = (text: string) => files.some(([, bytes]) => bytes.includes(text));
  expect(found(SHOE)).toBe(false);
  expect(found('size.shoe')).toBe(true);
});
