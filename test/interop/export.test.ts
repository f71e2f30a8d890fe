/**
 * Leaving with the plain export: a program that has nothing but the file ends every grant, each at the vault service it
 * is with – the protocol's own code here, none of the extension's.
 */
import {
  backupOf,
  exportOf,
  FILE_PASSPHRASE,
  offer,
} from '@zusage/extension/src/backup/transfer.fixture.ts';
import { openDoor } from '@zusage/extension/src/network/fetch.ts';
import { PASSPHRASE, Person } from '@zusage/extension/src/sharing/person.fixture.ts';
import { createRequest } from '@zusage/protocol/brand';
import { importSigningKey, randomUuidUrn } from '@zusage/protocol/crypto';
import { signEvent } from '@zusage/protocol/event';
import { parseGrant } from '@zusage/protocol/grant';
import type { PrivateJwk } from '@zusage/protocol/jwk';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  answer,
  askedTerms,
  LOOPBACK,
  newPerson,
  startWorld,
  type World,
} from './world.fixture.ts';

let first: World;
let second: World;
let person: Person;
beforeEach(async () => {
  [first, second] = await Promise.all([startWorld(), startWorld()]);
  person = await newPerson(first);
});
afterEach(() => Promise.all([first.close(), second.close()]));

async function share(who: Person, world: World, ids: readonly string[]): Promise<void> {
  const { request } = await createRequest({
    brand: world.brand,
    attributes: { required: ids },
    origins: [world.origin],
    now: world.now(),
    terms: askedTerms(world),
    ...LOOPBACK,
  });
  const asked = who.asked(request, world.origin);
  await answer(who, asked, ids);
  await who.sharing.delivered(asked);
}

type Exported = {
  readonly jti: string;
  readonly grant: string;
  readonly seq: number;
  readonly vaultService: string;
  readonly key?: PrivateJwk;
};

/** SPEC §8.1, from what stands in the file. @returns what the service says of the grant afterwards */
async function withdraw({ jti, grant, seq, vaultService, key }: Exported): Promise<unknown> {
  const { hash } = await parseGrant(grant, LOOPBACK);
  const event = await signEvent(
    {
      aud: vaultService,
      jti: randomUuidUrn(),
      grant: jti,
      grant_hash: hash,
      event: 'withdraw',
      seq: seq + 1,
      iat: first.now(),
    },
    await importSigningKey(key as PrivateJwk),
  );
  const reply = await fetch(`${vaultService}/grants/${jti}/events`, {
    method: 'POST',
    headers: { 'content-type': 'application/jwt' },
    body: event,
  });
  return ((await reply.json()) as { state?: unknown }).state;
}

const states = async (who: Person) =>
  (await who.run('grants', {})).map(({ state }) => state).sort();

test('the file alone ends every grant, at the old service and at the new one', async () => {
  await share(person, first, ['size.shoe']);
  await person.run('moveService', { vaultService: second.vault.url });
  await share(person, second, ['preference.coffee-roast']);
  const grants = (await exportOf(person, true))['grants'] as Exported[];
  expect(grants.map(({ vaultService }) => vaultService).sort()).toEqual(
    [first.vault.url, second.vault.url].sort(),
  );
  expect(await Promise.all(grants.map(withdraw))).toEqual(['ended', 'ended']);
  // The vault hears of it when it asks.
  for (const { jti } of grants) await person.run('refreshGrant', { jti });
  expect(await states(person)).toEqual(['withdrawn', 'withdrawn']);
});

test('after a move each grant is stopped where it is, and both sheets are needed', async () => {
  const before = await person.vault.get('settings', 'settings');
  await share(person, first, ['size.shoe']);
  await person.run('moveService', { vaultService: second.vault.url });
  const after = await person.vault.get('settings', 'settings');
  expect(after?.stopRoot).not.toBe(before?.stopRoot);
  expect(after).toMatchObject({ vaultService: second.vault.url, nextStopIndex: 0 });
  await share(person, second, ['preference.coffee-roast']);
  for (const { jti } of await person.run('grants', {})) await person.run('withdraw', { jti });
  expect(await states(person)).toEqual(['undo', 'undo']);
});

test('a backup restored elsewhere stops what was shared, and shares on', async () => {
  await share(person, first, ['size.shoe']);
  const file = await backupOf(person);
  const other = new Person({ door: openDoor(true), now: first.now });
  const { id } = await offer(other, file, { passphrase: FILE_PASSPHRASE });
  await other.run('restoreNew', { id, passphrase: PASSPHRASE, vaultService: first.vault.url });
  const [grant] = await other.run('grants', {});
  await other.run('refreshGrant', { jti: grant?.jti ?? '' });
  expect(await states(other)).toEqual(['active']);
  await other.run('withdraw', { jti: grant?.jti ?? '' });
  expect(await states(other)).toEqual(['undo']);
  await share(other, first, ['preference.coffee-roast']);
  expect((await states(other)).includes('active')).toBe(true);
});
