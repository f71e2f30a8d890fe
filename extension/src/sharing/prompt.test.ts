import { beforeEach, expect, test } from 'vitest';
import type { PromptView } from '../messages.ts';
import { Person, yes } from './person.fixture.ts';
import { PRODUCTS, type TestBrand, VAULT, World } from './world.fixture.ts';

const DAY = 86_400;
const BOTH = ['size.shoe', 'preference.coffee-roast'];

let world: World;
let brand: TestBrand;
let person: Person;

beforeEach(async () => {
  world = await World.start();
  brand = await world.brand('shop.example');
  person = await meet('en');
});

async function meet(lang: 'en' | 'de'): Promise<Person> {
  const someone = new Person({ door: world.door, now: () => world.now, lang });
  await someone.create(VAULT);
  return someone;
}

/** The vault has long locked itself. */
async function daysLater(days: number): Promise<void> {
  world.now += days * DAY;
  await person.unlock();
}

async function prompt(
  change: Parameters<TestBrand['request']>[0] = {},
): Promise<{ asked: ReturnType<Person['asked']>; view: PromptView }> {
  const { request } = await brand.request(change);
  const asked = person.asked(request, brand.origin);
  return { asked, view: await person.sharing.promptView(asked) };
}

test('an item is held, missing or stale, and shows the very value at each precision', async () => {
  await person.run('saveAttribute', { id: 'size.shoe', value: 'EU 42' });
  const fresh = (await prompt()).view.items;
  expect(fresh.map(({ id, state, required }) => [id, state, required])).toEqual([
    ['size.shoe', 'held', true],
    ['preference.coffee-roast', 'missing', true],
    ['intent.travel', 'missing', false],
  ]);
  expect(fresh[0]?.precisions[0]).toMatchObject({ id: 'exact', shown: 'EU 42' });
  expect(fresh[1]?.precisions.map(({ shown }) => shown)).not.toContain(undefined);
  await daysLater(800);
  expect((await prompt()).view.items[0]).toMatchObject({
    state: 'stale',
    held: { value: 'EU 42' },
  });
});

test('an intent whose day has passed is asked for anew', async () => {
  await person.run('saveAttribute', { id: 'intent.travel', value: 'hiking', until: '2026-12-01' });
  const [, , before] = (await prompt()).view.items;
  expect(before).toMatchObject({ state: 'held', held: { value: 'hiking', until: '2026-12-01' } });
  await daysLater(20);
  const [, , after] = (await prompt()).view.items;
  expect(after?.state).toBe('missing');
  expect(after?.held).toBeUndefined();
});

test('an optional item beyond the brand’s bounds is shown and cannot be chosen; a mandatory one is silence', async () => {
  brand = await world.brand('narrow.example', { attributes: BOTH });
  const { asked, view } = await prompt();
  expect(view.items[2]).toMatchObject({ id: 'intent.travel', state: 'out-of-bounds' });
  await expect(
    person.sharing.decide(asked, yes(view, [...BOTH, 'intent.travel'])),
  ).rejects.toMatchObject({ code: 'malformed' });
  const { request } = await brand.request({ attributes: { required: ['intent.travel'] } });
  expect(await person.sharing.prepare(person.asked(request, brand.origin))).toMatchObject({
    ok: false,
    code: 'brand/bounds',
  });
});

test('the risk is said in our own words, from class, purpose, recipients and retention, in both languages', async () => {
  const change = {
    terms: {
      purpose: ['https://w3id.org/dpv#DirectMarketing'],
      recipients: ['Parcel Ltd'],
      retention: 'P300D',
    },
  };
  const { view } = await prompt(change);
  expect(view.risk).toEqual([
    'It may be used to make you buy more than you wanted.',
    'Sizes say something about your body.',
    'Likes and interests together make a picture of you that other shops could recognise.',
    'Whoever knows what you plan can choose offers and prices accordingly.',
    'Parcel Ltd will have it too. Each further holder is one more place it can leak from.',
    'It is kept for 300 days. The longer it is kept, the more can happen to it.',
    'What has been shared can be copied. You can stop its use, but not make anybody forget it.',
  ]);
  person = await meet('de');
  const german = (await prompt(change)).view;
  expect(german.risk).toHaveLength(view.risk.length);
  expect(german.risk.join()).not.toBe(view.risk.join());
  expect(german).toMatchObject({ lang: 'de', brandSays: 'Wir zeigen, was passt.' });
});

test('shorter ends than asked are offered, longest first, and never a longer one', async () => {
  const { view } = await prompt();
  expect(view.shorterUntil.map((end) => (end - world.now) / DAY)).toEqual([180, 90, 30, 7]);
  const { view: short } = await prompt({
    terms: { period: { from: world.now, until: world.now + 20 * DAY } },
  });
  expect(short.shorterUntil.map((end) => (end - world.now) / DAY)).toEqual([7]);
});

test('the log keeps once what was shown, word for word and without values', async () => {
  await person.run('saveAttribute', { id: 'size.shoe', value: 'EU 42' });
  const { asked } = await prompt();
  await person.sharing.promptView(asked);
  const shown = (await person.run('log', {})).filter(({ event }) => event === 'shown');
  expect(shown).toHaveLength(1);
  expect(shown[0]?.text).toContain('The Shop (shop.example) asks for:');
  expect(shown[0]?.text).toContain('The shop says: “We show you what fits.”');
  expect(JSON.stringify(shown)).not.toContain('EU 42');
  expect(shown[0]?.text).not.toMatch(/\$|undefined/);
});

test('the log keeps every sentence of the prompt: start, kind of benefit, and what could not be chosen', async () => {
  brand = await world.brand('narrow.example', { attributes: BOTH });
  await prompt({
    terms: {
      period: { from: world.now + 10 * DAY, until: world.now + 40 * DAY },
      benefit: { kind: 'early-access', text: { en: 'First look', de: 'Vorab' }, due: 'P1D' },
    },
  });
  const [shown] = await person.run('log', {});
  expect(shown?.text).toContain('What you get: Early access – “First look”, within 1 day');
  expect(shown?.text).toMatch(/Starts on \d+ \w+ \d{4}\./);
  expect(shown?.text).toContain('Planned journey: The shop has not declared publicly');
});

test('what is entered or confirmed in the prompt is saved before anything is decided', async () => {
  await person.run('saveAttribute', { id: 'size.shoe', value: 'EU 42' });
  await daysLater(800);
  const { asked, view } = await prompt();
  await expect(person.sharing.decide(asked, yes(view, BOTH))).rejects.toMatchObject({
    code: 'value',
  });
  const stored = await person.sharing.decide(
    asked,
    yes(view, BOTH, {
      confirmed: ['size.shoe'],
      entered: [{ id: 'preference.coffee-roast', value: 'dark' }],
    }),
  );
  expect(stored).toEqual({
    share: true,
    items: BOTH.map((id) => ({ id, precision: 'exact' })),
    until: view.until,
  });
  const held = await person.run('attributes', {});
  expect(held.map(({ held }) => [held?.value, held?.freshness])).toEqual([
    ['dark', 'fresh'],
    ['EU 42', 'fresh'],
  ]);
});

test('a value changed elsewhere while the prompt is open is not shared unseen', async () => {
  await person.run('saveAttribute', { id: 'size.shoe', value: 'EU 42' });
  await person.run('saveAttribute', { id: 'preference.coffee-roast', value: 'dark' });
  const { asked, view } = await prompt();
  await person.run('saveAttribute', { id: 'size.shoe', value: 'EU 43' });
  const seen = yes(view, BOTH);
  const unseen = { ...seen, items: seen.items.map(({ shown, ...item }) => item) };
  for (const decision of [seen, unseen]) {
    await expect(person.sharing.decide(asked, decision)).rejects.toMatchObject({ code: 'changed' });
  }
  expect(await person.vault.all('answered')).toEqual([]);
  const again = yes(await person.sharing.promptView(asked), BOTH);
  expect(JSON.stringify(await person.sharing.decide(asked, again))).not.toContain('EU 43');
});

test('shown again after the brand renamed itself, the log keeps what the person decides on', async () => {
  const { asked } = await prompt();
  const url = 'https://shop.example/.well-known/did.json';
  const { status, body } = await world.door(url);
  const renamed = body.replace('The Shop', 'The Other Shop');
  world.answers.set(url, () => ({ status, body: renamed }));
  await person.services.session.remove('network.documents');
  await person.sharing.promptView(asked);
  const shown = (await person.run('log', {})).filter(({ event }) => event === 'shown');
  expect(shown).toMatchObject([{ brand: 'The Other Shop' }]);
  expect(shown[0]?.text).toContain('The Other Shop (shop.example) asks for:');
});

test('a decision that is wider, not listed, too long or not a decision at all decides nothing', async () => {
  const { asked, view } = await prompt();
  const entered = [
    { id: 'size.shoe', value: 'EU 42' },
    { id: 'preference.coffee-roast', value: 'dark' },
  ];
  const good = yes(view, BOTH, { entered });
  const wrong = [
    {},
    null,
    { share: 'yes' },
    { ...good, extra: 1 },
    { ...good, items: [] },
    { ...good, items: good.items.slice(1) },
    { ...good, items: [...good.items, good.items[0]] },
    { ...good, items: [...good.items, { id: 'contact.email', precision: 'exact' }] },
    { ...good, items: good.items.map(({ id }) => ({ id, precision: 'yes-no' })) },
    { ...good, until: view.until + 1 },
    { ...good, until: view.from },
    { ...good, until: view.until - 0.5 },
    { ...good, confirmed: ['contact.email'] },
    { ...good, confirmed: ['intent.travel'] },
    { ...good, entered: [{ id: 'contact.email', value: 'a@b.de' }] },
  ];
  for (const decision of wrong) {
    await expect(person.sharing.decide(asked, decision as never)).rejects.toMatchObject({
      code: 'malformed',
    });
  }
  for (const value of ['EU 999', 42, true, ['EU 42']]) {
    const decision = { ...good, entered: [{ id: 'size.shoe', value }] };
    await expect(person.sharing.decide(asked, decision)).rejects.toMatchObject({ code: 'value' });
  }
  expect(await person.run('attributes', {})).toEqual([]);
  expect(await person.vault.all('answered')).toEqual([]);
  await person.sharing.decide(asked, good);
});

test('a brand’s own question is answered for that brand alone', async () => {
  const custom = [
    { id: 'custom.boot-name', label: { en: 'Boot’s name', de: 'Name des Stiefels' } },
  ];
  const own = { attributes: { required: ['custom.boot-name'] } };
  brand = await world.brand('one.example', { custom });
  const { asked, view } = await prompt(own);
  const label = 'Shop’s question “Boot’s name”';
  expect(view.items[0]).toMatchObject({ label, state: 'missing' });
  const decision = await person.sharing.decide(
    asked,
    yes(view, ['custom.boot-name'], { entered: [{ id: 'custom.boot-name', value: 'Olga' }] }),
  );
  expect(await person.advance(asked, decision)).toHaveProperty('response');
  const [grant] = await person.run('grants', {});
  expect(grant?.attributes).toEqual([{ label, shown: 'Olga' }]);
  brand = await world.brand('two.example', { custom });
  expect((await prompt(own)).view.items[0]?.state).toBe('missing');
  expect((await person.run('attributes', {})).map(({ label }) => label)).toEqual([label]);
});

test('what must meet silence is refused before a person is asked', async () => {
  const refusal = async (
    change: Parameters<TestBrand['request']>[0],
    who: TestBrand = brand,
  ): Promise<string> => {
    const { request } = await who.request(change);
    const prepared = await person.sharing.prepare(person.asked(request, who.origin));
    return prepared.ok ? 'ok' : prepared.code;
  };
  expect(await refusal({})).toBe('ok');
  expect(await refusal({ now: world.now - 2000 })).toBe('request/expired');
  expect(await refusal({ now: world.now + 200 })).toBe('request/not-yet');
  expect(await refusal({ terms: { vaults: ['https://other.example'] } })).toBe('request/vault');
  expect(await refusal({ terms: { retention: 'P366D' } })).toBe('brand/bounds');
  expect(await refusal({ terms: { purpose: [`${PRODUCTS}s`] } })).toBe('request/purpose');
  expect(await refusal({ brand: { ...brand.brand, kid: `${brand.brand.did}#other` } })).toBe(
    'request/unknown-key',
  );
  const stranger = await world.brand('stranger.example');
  expect(await refusal({ brand: { ...brand.brand, key: stranger.brand.key } })).toBe(
    'jws/signature',
  );
  const sold = 'https://w3id.org/dpv#SellDataToThirdParties';
  const seller = await world.brand('seller.example', { purposes: [PRODUCTS, sold] });
  expect(await refusal({ terms: { purpose: [PRODUCTS] } }, seller)).toBe('ok');
  expect(await refusal({ terms: { purpose: [PRODUCTS, sold] } }, seller)).toBe('request/purpose');
  await person.vault.update('settings', 'settings', (settings) => {
    if (settings === undefined) throw new Error('no settings');
    return { ...settings, blockedBrands: [brand.brand.did] };
  });
  expect(await refusal({})).toBe('brand/blocked');
});

test('a request is answered once, whatever its signature looks like', async () => {
  const { request } = await brand.request({ attributes: { required: ['size.shoe'] } });
  const first = person.asked(request, brand.origin);
  await person.share(first, ['size.shoe'], { entered: [{ id: 'size.shoe', value: 'EU 42' }] });
  const again = person.asked(request, brand.origin);
  expect(await person.sharing.prepare(again)).toMatchObject({ code: 'request/answered' });
  await expect(person.sharing.promptView(again)).rejects.toMatchObject({ code: 'unknown' });

  const refused = person.asked((await brand.request()).request, brand.origin);
  await person.sharing.refused(refused);
  expect(await person.sharing.prepare(person.asked(refused.request, brand.origin))).toMatchObject({
    code: 'request/answered',
  });
  expect((await person.run('log', {})).map(({ event }) => event)).toContain('refused');
});

test('two windows over one request: the second decision does not count', async () => {
  const { request } = await brand.request({ attributes: { required: ['size.shoe'] } });
  await person.run('saveAttribute', { id: 'size.shoe', value: 'EU 42' });
  const [one, two] = [1, 2].map(() => person.asked(request, brand.origin));
  if (!one || !two) throw new Error('two');
  const view = await person.sharing.promptView(one);
  await person.sharing.promptView(two);
  await person.sharing.decide(one, yes(view, ['size.shoe']));
  await person.sharing.decide(one, yes(view, ['size.shoe']));
  await expect(person.sharing.decide(two, yes(view, ['size.shoe']))).rejects.toMatchObject({
    code: 'unknown',
  });
});

test('the brand document is fetched while the vault is locked too, and at most once an hour', async () => {
  await person.run('lock', {});
  const { request } = await brand.request();
  const asked = person.asked(request, brand.origin);
  expect(await person.sharing.prepare(asked)).toEqual({ ok: true });
  await expect(person.sharing.promptView(asked)).rejects.toMatchObject({ code: 'locked' });
  await person.sharing.prepare(asked);
  expect(world.count('/did.json')).toBe(1);
  world.now += 3600;
  await person.sharing.prepare(asked);
  expect(world.count('/did.json')).toBe(2);
});

test('less than the exact value, and less time than was asked: that is what the brand gets', async () => {
  await person.run('saveAttribute', { id: 'intent.travel', value: 'hiking', until: '2027-06-30' });
  const { request } = await brand.request({ attributes: { required: ['intent.travel'] } });
  const asked = person.asked(request, brand.origin);
  const view = await person.sharing.promptView(asked);
  const [until] = view.shorterUntil.slice(-1);
  const decision = await person.sharing.decide(
    asked,
    yes(view, [], {
      items: [{ id: 'intent.travel', precision: 'yes-no', shown: 'only that there is one' }],
      until: until ?? 0,
    }),
  );
  expect(await person.advance(asked, decision)).toHaveProperty('response');
  expect(await person.run('grants', {})).toMatchObject([
    { until, attributes: [{ shown: 'only that there is one' }] },
  ]);
  expect([...world.grants.values()][0]?.grant.claims.exp).toBe(until);
});
