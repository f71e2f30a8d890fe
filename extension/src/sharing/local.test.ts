import { beforeEach, expect, test } from 'vitest';
import type { Decision } from '../messages.ts';
import { Person, yes } from './person.fixture.ts';
import { type TestBrand, VAULT, World } from './world.fixture.ts';

let world: World;
let brand: TestBrand;
let person: Person;

beforeEach(async () => {
  world = await World.start();
  brand = await world.brand('shop.example', { attributes: BOTH });
  person = await meet();
});

async function meet(): Promise<Person> {
  const someone = new Person({ door: world.door, now: () => world.now });
  await someone.create(VAULT);
  return someone;
}

const ASKS = { attributes: { required: ['size.shoe'], optional: ['value.fair-trade'] } };
const BOTH = ['size.shoe', 'value.fair-trade'];
const shared = () => [...world.grants.values()].map(({ grant }) => grant.claims);

async function prompt(change: Parameters<TestBrand['request']>[0] = ASKS) {
  const { request } = await brand.request(change);
  const asked = person.asked(request, brand.origin);
  return { asked, view: await person.sharing.promptView(asked) };
}

async function told() {
  await person.run('saveAttribute', { id: 'size.shoe', value: 'EU 42' });
  await person.run('saveAttribute', { id: 'value.fair-trade', value: 'decisive' });
}

test('a sensitive value stays local: shown as not available, without the value, never shared', async () => {
  await told();
  const { asked, view } = await prompt();
  expect(view.items[1]).toMatchObject({ id: 'value.fair-trade', state: 'local', precisions: [] });
  expect(view.items[1]).not.toHaveProperty('held');
  const good = yes(view, BOTH);
  const wrong: [Decision, string][] = [
    [good, 'value'],
    [{ ...good, confirmed: ['value.fair-trade'] }, 'changed'],
    [{ ...good, entered: [{ id: 'value.fair-trade', value: 'nice' }] }, 'changed'],
  ];
  for (const [decision, code] of wrong) {
    await expect(person.sharing.decide(asked, decision)).rejects.toMatchObject({ code });
  }
  expect(await person.run('attribute', { id: 'value.fair-trade' })).toMatchObject({
    held: { value: 'decisive', shareable: false },
  });
  expect(
    await person.advance(asked, await person.sharing.decide(asked, yes(view, ['size.shoe']))),
  ).toHaveProperty('response');
  expect(shared()[0]?.authorization_details[0]?.datatypes).toEqual(['size.shoe']);
  const log = await person.run('log', {});
  expect(log.find(({ event }) => event === 'shown')?.text).toContain(
    'Fair trade: You keep this for yourself.',
  );
});

test('a local value and none at all look the same from outside', async () => {
  const other = await meet();
  await told();
  await other.run('saveAttribute', { id: 'size.shoe', value: 'EU 42' });
  const { request } = await brand.request({ attributes: { required: BOTH } });
  const seen = async (who: Person) => {
    const before = world.count('');
    const asked = who.asked(request, brand.origin);
    const prepared = await who.sharing.prepare(asked);
    await who.sharing.promptView(asked);
    await who.sharing.refused(asked);
    return [prepared.ok, world.count('') - before];
  };
  expect(await seen(person)).toEqual(await seen(other));
});

test('allowed under My data, a shop may ask; taken back before it was signed, nothing is shared', async () => {
  await told();
  const allow = (shareable: boolean) =>
    person.run('setShareable', { id: 'value.fair-trade', shareable });
  await allow(true);
  const { asked, view } = await prompt();
  expect(view.items[1]).toMatchObject({ state: 'held', precisions: [{ shown: 'Decisive' }] });
  const decision = await person.sharing.decide(asked, yes(view, BOTH));
  await allow(false);
  expect(await person.advance(asked, decision)).toEqual({ failed: 'vault-broken' });
  expect(shared()).toEqual([]);
  await allow(true);
  const again = await prompt();
  const share = await person.sharing.decide(again.asked, yes(again.view, BOTH));
  expect(await person.advance(again.asked, share)).toHaveProperty('response');
  expect(shared()[0]?.authorization_details[0]?.datatypes).toEqual(BOTH);
});

test('entered in the request itself, it is told to this shop and may be asked for from then on', async () => {
  await person.run('saveAttribute', { id: 'size.shoe', value: 'EU 42' });
  const { asked, view } = await prompt();
  expect(view.items[1]?.state).toBe('missing');
  const entered = [{ id: 'value.fair-trade', value: 'nice' }];
  const decision = await person.sharing.decide(asked, yes(view, BOTH, { entered }));
  expect(await person.advance(asked, decision)).toHaveProperty('response');
  expect(await person.run('attribute', { id: 'value.fair-trade' })).toMatchObject({
    held: { shareable: true },
  });
});

test('a stale value is withheld until it is called still true in the request', async () => {
  await person.run('saveAttribute', { id: 'size.shoe', value: 'EU 42' });
  world.now += 800 * 86_400;
  await person.unlock();
  const { asked, view } = await prompt({ attributes: { required: ['size.shoe'] } });
  expect(view.items[0]).toMatchObject({ state: 'stale', held: { freshness: 'stale' } });
  await expect(person.sharing.decide(asked, yes(view, ['size.shoe']))).rejects.toMatchObject({
    code: 'value',
  });
  expect(shared()).toEqual([]);
  const confirmed = yes(view, ['size.shoe'], { confirmed: ['size.shoe'] });
  expect(await person.advance(asked, await person.sharing.decide(asked, confirmed))).toHaveProperty(
    'response',
  );
});

test('one’s own attribute answers no shop, whatever id the shop lists', async () => {
  const { id } = await person.run('saveOwn', { label: 'Frame number', value: 'WTU 123' });
  const custom = [{ id, label: { en: 'Frame number', de: 'Rahmennummer' } }];
  brand = await world.brand('probing.example', { custom });
  const { view } = await prompt({ attributes: { required: [id] } });
  expect(view.items[0]).toMatchObject({ state: 'missing' });
  expect(JSON.stringify(view)).not.toContain('WTU 123');
});
