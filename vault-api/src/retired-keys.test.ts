import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { verifyReceipt } from '@zusage/protocol/receipt';
import { parseVaultKeys } from '@zusage/protocol/vault-metadata';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { OVERLAP, retiredKeys, rotateSigningKey } from './retired-keys.ts';
import { newPerson, registerCall, share } from './testing/person.ts';
import { call, startWorld, type World } from './testing/world.ts';

let world: World;
beforeEach(async () => {
  world = await startWorld({ atRest: true });
});
afterEach(() => world.close());

const published = async () => parseVaultKeys((await call(world, '/jwks.json')).text);

test('after a rotation the new key signs, and what the old one signed still verifies', async () => {
  const shared = await share(world, await newPerson());
  const { before, after } = await rotateSigningKey(world.data, world.now);
  await world.restart();
  const keys = await published();
  expect(keys.map(({ kid }) => kid)).toEqual([after, before]);
  const again = await registerCall(world, shared.grant, shared.request);
  expect(again.body.receipt).toBe(shared.receipt);
  const later = await share(world, await newPerson());
  for (const { receipt, grant } of [shared, later]) {
    const receiptOf = { vault: world.vault.url, keys, event: 'registered' } as const;
    const { claims } = await verifyReceipt(receipt, grant, receiptOf);
    expect(claims.grant).toBe(grant.claims.jti);
  }
  const path = new URL(later.grant.claims.status.status_list.uri).pathname;
  const [header] = (await call(world, path)).text.split('.');
  expect(JSON.parse(Buffer.from(header as string, 'base64url').toString()).kid).toBe(after);
});

test('an old key is published for its time and no longer, and its private half is gone', async () => {
  const { before } = await rotateSigningKey(world.data, world.now);
  const { after: third } = await rotateSigningKey(world.data, world.now + 10);
  await world.restart();
  expect((await published()).map(({ kid }) => kid)).toHaveLength(3);
  expect((await published())[0]?.kid).toBe(third);
  // One of the signing key, one of the log's.
  expect(world.stored().match(/"d":/g)).toHaveLength(2);
  expect(statSync(join(world.data, 'retired-keys.json')).mode & 0o777).toBe(0o600);
  world.now += OVERLAP;
  expect((await published()).map(({ kid }) => kid)).not.toContain(before);
  world.now += 10;
  expect((await published()).map(({ kid }) => kid)).toEqual([third]);
});

test('a list that is none is refused, not overwritten', async () => {
  writeFileSync(join(world.data, 'retired-keys.json'), '[{"kid":1}]', { mode: 0o600 });
  expect(() => retiredKeys(world.data, world.now)).toThrow(/is not a list of keys/);
  await expect(rotateSigningKey(world.data, world.now)).rejects.toThrow(/is not a list of keys/);
});
