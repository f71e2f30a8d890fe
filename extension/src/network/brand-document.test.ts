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
