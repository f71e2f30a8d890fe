import { parseDidWeb } from '@zusage/protocol/did-web';
import { expect, test } from 'vitest';
import { World } from '../sharing/world.fixture.ts';
import { MemorySession } from '../vault/vault.fixture.ts';
import { brandDocuments } from './brand-document.ts';

async function bench() {
  const world = await World.start();
  const session = new MemorySession();
  const open = () =>
    brandDocuments({ door: world.door, session, now: () => world.now, options: {} });
  return { world, session, open };
}

const shop = parseDidWeb('did:web:shop.example');

test('asked once an hour, whatever the answer and whichever worker asks', async () => {
  const { world, open } = await bench();
  const fetched = () => world.count('shop.example/.well-known/did.json');
  expect(await open()(shop)).toBeNull();
  await world.brand('shop.example');
  expect(await open()(shop)).toBeNull();
  world.now += 3599;
  expect(await open()(shop)).toBeNull();
  expect(fetched()).toBe(1);
  world.now += 1;
  expect((await open()(shop))?.did).toBe('did:web:shop.example');
  expect((await open()(shop))?.did).toBe('did:web:shop.example');
  expect(fetched()).toBe(2);
});

test('two requests at once ask once', async () => {
  const { world, open } = await bench();
  await world.brand('shop.example');
  const documents = open();
  const [one, two] = await Promise.all([documents(shop), documents(shop)]);
  expect(one).toEqual(two);
  expect(world.calls).toHaveLength(1);
});

test('a host that does not answer keeps no other brand waiting', async () => {
  const { world, session } = await bench();
  await world.brand('shop.example');
  const documents = brandDocuments({
    door: (url, body) =>
      url.startsWith('https://slow.example/') ? new Promise(() => {}) : world.door(url, body),
    session,
    now: () => world.now,
    options: {},
  });
  void documents(parseDidWeb('did:web:slow.example'));
  expect(await documents(shop)).not.toBeNull();
});

test('what is no document is not kept, and long documents cannot fill the session memory', async () => {
  const { world, session, open } = await bench();
  const documents = open();
  world.answers.set('https://shop.example/.well-known/did.json', () => ({
    status: 200,
    body: 'x'.repeat(60_000),
  }));
  await documents(shop);
  expect(JSON.stringify(await session.get('network.documents'))).not.toContain('xxx');
  for (let i = 0; i < 40; i += 1) {
    world.now += 1;
    const host = `shop-${i}.example`;
    await world.brand(host);
    const url = `https://${host}/.well-known/did.json`;
    const { body } = await world.door(url);
    world.answers.set(url, () => ({ status: 200, body: body + ' '.repeat(50_000) }));
    expect(await documents(parseDidWeb(`did:web:${host}`))).not.toBeNull();
  }
  expect(JSON.stringify(await session.get('network.documents')).length).toBeLessThan(1_100_000);
});

test('the memory of hosts is bounded, and a clock that went back asks again', async () => {
  const { world, session, open } = await bench();
  const documents = open();
  for (let i = 0; i < 70; i += 1) {
    world.now += 1;
    await documents(parseDidWeb(`did:web:shop-${i}.example`));
  }
  const remembered = (await session.get('network.documents')) as object;
  expect(Object.keys(remembered)).toHaveLength(64);
  expect(Object.keys(remembered)).toContain('shop-69.example');
  world.now -= 5000;
  await documents(parseDidWeb('did:web:shop-69.example'));
  expect(world.count('shop-69.example/.well-known/did.json')).toBe(2);
});
