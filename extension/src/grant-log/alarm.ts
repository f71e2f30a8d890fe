import type { Services } from '../sharing/services.ts';
import type { StoredGrant } from '../sharing/stored-grant.ts';
import { healthOf } from './health.ts';
import { recordedOf } from './recorded.ts';

/** In session memory: what is wrong, as codes and places, and what of it the person has looked at. */
const FOUND = 'public-log.found';
const SEEN = 'public-log.seen';

const CALM = ['unseen', 'ok', 'waiting'];

/** Everything that a person should be told about public logs, as one text to compare; empty when all is well. */
async function warningsNow(services: Services): Promise<string> {
  const { vault } = services;
  const [all, followed] = await Promise.all([vault.all('grant'), vault.all('logged')]);
  const grants = all as StoredGrant[];
  const logged = new Map(followed.map((one) => [one.jti, one]));
  const ofGrants = grants.flatMap((grant) => {
    const { warnings } = recordedOf(grant, logged.get(grant.jti));
    return warnings.map((code) => `${code} ${grant.jti}`);
  });
  const origins = [...new Set(grants.map(({ vaultService }) => vaultService))];
  const logs = await Promise.all(origins.map((origin) => healthOf(services, origin)));
  const ofLogs = logs
    .filter(({ state }) => !CALM.includes(state))
    .map(({ state, origin }) => `${state} ${origin}`);
  return [...ofGrants, ...ofLogs].sort().join('\n');
}

/** Is there anything to tell? Notes it where the badge looks, which also works while locked. @throws VaultError */
export async function lookForWarnings(services: Services): Promise<boolean> {
  const found = await warningsNow(services);
  await services.session.set(FOUND, found);
  return found !== '';
}

/** The person looks at it: the badge has done its work until there is something new. @throws VaultError */
export async function warningsSeen(services: Services): Promise<void> {
  await lookForWarnings(services);
  await services.session.set(SEEN, await services.session.get(FOUND));
}

/** Something that the person has not looked at since the browser was started. */
export async function hasNewWarning(get: (key: string) => Promise<unknown>): Promise<boolean> {
  const found = (await get(FOUND)) ?? '';
  return found !== '' && found !== (await get(SEEN));
}
