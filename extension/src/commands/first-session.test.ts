import { beforeEach, describe, expect, test } from 'vitest';
import { type Answer, type Door, type NetworkCode, NetworkError } from '../network/fetch.ts';
import { Person } from '../sharing/person.fixture.ts';
import { VAULT, World } from '../sharing/world.fixture.ts';

let world: World;
let person: Person;
/** What was asked of the network, and what it answers about the list. */
let asked: string[];
let list: () => Answer;

beforeEach(async () => {
  world = await World.start();
  asked = [];
  const door: Door = async (url, body, expecting) => {
    asked.push(url);
    return url === `${VAULT}/brands` ? list() : world.door(url, body, expecting);
  };
  person = new Person({ door, now: () => world.now });
  await person.create(VAULT);
  asked = [];
});

describe('the first cards', () => {
  test('are five questions about nothing delicate; an answer says that it came from one', async () => {
    const cards = await person.run('firstCards', {});
    expect(cards).toHaveLength(5);
    expect(new Set(cards.map(({ id }) => id)).size).toBe(5);
    for (const card of cards) {
      expect(card.hasUntil).toBe(false);
      expect(card.sensitivity).not.toBe('special');
      expect(['preference', 'size', 'interest']).toContain(card.classId);
    }

    const answer = { id: 'size.shoe', value: 'EU 42', source: 'quiz' } as const;
    await expect(person.run('saveAttribute', answer)).resolves.toMatchObject({
      held: { source: 'quiz', shown: 'EU 42' },
    });
    expect((await person.run('firstCards', {})).filter(({ held }) => held)).toHaveLength(1);
    expect(asked).toEqual([]);
  });
});

describe('practice', () => {
  test('asks nobody, logs nothing and leaves nothing to decide', async () => {
    const view = await person.run('practice', {});
    expect(view).toMatchObject({ site: 'practice.example', brand: { known: false } });
    expect(view.items.map(({ state }) => state)).toEqual(['missing', 'missing', 'missing']);
    expect(view.choices).toEqual([
      ['size.shoe', 'preference.coffee-roast'],
      ['size.shoe', 'preference.coffee-roast', 'intent.travel'],
    ]);
    for (const text of [view.brandSays, view.brand.name, view.benefit?.text, ...view.risk])
      expect(text).not.toBe('');
    expect(await person.run('log', {})).toEqual([]);
    expect(await person.run('grants', {})).toEqual([]);
    expect(asked).toEqual([]);
  });

  test('shows what the vault holds, and nothing while it is locked', async () => {
    await person.run('saveAttribute', { id: 'size.shoe', value: 'EU 42' });
    const { items } = await person.run('practice', {});
    expect(items[0]).toMatchObject({ id: 'size.shoe', state: 'held', required: true });
    await person.run('lock', {});
    await expect(person.run('practice', {})).rejects.toMatchObject({ code: 'locked' });
    await expect(person.run('firstCards', {})).rejects.toMatchObject({ code: 'locked' });
  });
});

describe('the list of shops', () => {
  const shop = (changes: object = {}, manifest: object = {}) => ({
    did: 'did:web:shop.example',
    enrolled_at: 1,
    frozen: false,
    manifest: {
      name: 'Shop',
      category: 'Shoes',
      origins: ['https://www.shop.example'],
      ...{ purposes: [], attributes: [], custom: [], period: 'P1D', retention: 'P1D' },
      ...manifest,
    },
    ...changes,
  });
  const answers = (...brands: object[]) => {
    list = () => ({ status: 200, body: JSON.stringify({ brands }) });
  };

  test('is asked for on demand, names who may ask, by name, and leaves out the frozen', async () => {
    answers(
      shop({ did: 'did:web:z.example' }, { name: 'Ötzi' }),
      shop({ did: 'did:web:ice.example', frozen: true }),
      shop({ did: 'did:web:a.example' }, { name: 'Zebra', origins: [] }),
    );
    await expect(person.run('shops', {})).resolves.toEqual([
      {
        did: 'z.example',
        name: 'Ötzi',
        category: 'Shoes',
        sites: [{ host: 'www.shop.example', url: 'https://www.shop.example' }],
      },
      { did: 'a.example', name: 'Zebra', category: 'Shoes', sites: [] },
    ]);
    expect(asked).toEqual([`${VAULT}/brands`]);
  });

  test.each<[string, object]>([
    ['an address that is none', shop({}, { origins: ['javascript:alert(1)'] })],
    ['an address with a path', shop({}, { origins: ['https://shop.example/evil'] })],
    ['an address without https', shop({}, { origins: ['http://shop.example'] })],
    ['a name that reads backwards', shop({}, { name: 'Shop\u202eelpmaxe' })],
    ['a name without end', shop({}, { name: 'S'.repeat(81) })],
    ['an identity that is none', shop({ did: 'did:web:shop.example:8443' })],
    ['no state', shop({ frozen: undefined })],
  ])('with %s is not shown at all', async (_, entry) => {
    answers(shop({ did: 'did:web:good.example' }), entry);
    await expect(person.run('shops', {})).rejects.toMatchObject({ code: 'list-unreadable' });
  });

  test.each<[NetworkCode | number | string, string]>([
    ['network/unreachable', 'service-unreachable'],
    ['network/timeout', 'service-unreachable'],
    ['network/too-large', 'list-unreadable'],
    ['network/encoding', 'list-unreadable'],
    [503, 'service-unreachable'],
    [429, 'service-unreachable'],
    [404, 'list-unreadable'],
    ['<html>', 'list-unreadable'],
    ['{"brands":{}}', 'list-unreadable'],
  ])('that cannot be had (%s) is said as %s', async (what, code) => {
    list = () => {
      if (typeof what === 'number') return { status: what, body: '' };
      if (!what.startsWith('network/')) return { status: 200, body: what };
      throw new NetworkError(what as NetworkCode);
    };
    await expect(person.run('shops', {})).rejects.toMatchObject({ code });
  });

  test('is nobody’s business while the vault is locked', async () => {
    answers(shop());
    await person.run('lock', {});
    await expect(person.run('shops', {})).rejects.toMatchObject({ code: 'locked' });
    expect(asked).toEqual([]);
  });
});
