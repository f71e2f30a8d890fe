import { isZusageError } from '@zusage/protocol/errors';
import { CommandError, runCommand, say, UsageError } from './commands/command.ts';
import { openExistingStore } from './commands/existing-store.ts';
import { type Config, loopbackOption, parseConfig } from './config.ts';
import { ApiError } from './errors.ts';
import { followLog } from './follow-log.ts';
import { readmitBrand } from './readmit-brand.ts';
import { brandResolver } from './resolve-brand.ts';
import type { Store } from './store/port.ts';

const USAGE = `Usage: npm run operator -- readmit <did>      ends the freeze of a brand
       npm run operator -- dump <pseudonym>   prints everything held about it, as JSON
       npm run operator -- follow <origin>    begins another log, after an old backup was restored; stop the service first

Runs with the service's environment (ZUSAGE_ISSUER, ZUSAGE_DATA and the others); npm start's is
ZUSAGE_DEVELOPMENT=true ZUSAGE_DATA=.data/vault.
Exit codes: 0 done, 1 not done and why, 2 usage.`;

type Command = (store: Store, config: Config, argument: string) => Promise<string>;

const COMMANDS = new Map<string, Command>([
  ['readmit', readmit],
  ['dump', (store, _, pseudonym) => dump(store, pseudonym)],
  ['follow', (store, config, origin) => followLog(store, config, origin)],
]);

await runCommand(USAGE, async ([name, argument, ...more]) => {
  const command = COMMANDS.get(name ?? '');
  if (command === undefined) throw new UsageError('Say "readmit", "dump" or "follow".');
  if (argument === undefined || more.length > 0) {
    throw new UsageError(`Say one thing after "${name}".`);
  }
  const config = parseConfig(process.env);
  const store = openExistingStore(config.data);
  try {
    say(await command(store, config, argument));
  } finally {
    await store.close();
  }
});

async function readmit(store: Store, config: Config, did: string): Promise<string> {
  const clock = () => Math.floor(Date.now() / 1000);
  const resolveBrand = brandResolver(loopbackOption(config));
  try {
    await readmitBrand({ store, clock, resolveBrand }, did);
  } catch (error) {
    if (!isZusageError(error) && !(error instanceof ApiError)) throw error;
    throw new CommandError(refusalOf(error.code, did), { cause: error });
  }
  return `${did} counts with its present document.`;
}

function refusalOf(code: string, did: string): string {
  if (code === 'brand/not-enrolled') {
    return `${did} is not enrolled here; GET /brands lists who is.`;
  }
  if (code === 'brand/unreachable') {
    return `The document of ${did} cannot be read; nothing has changed. The brand must serve it first.`;
  }
  return `The document of ${did} is not accepted (${code}); nothing has changed.`;
}

/** Bytes as base64url. A name that is none is refused: the answer would be that nothing is held. */
async function dump(store: Store, pseudonym: string): Promise<string> {
  if (!/^[A-Za-z0-9_-]{43}$/.test(pseudonym)) {
    throw new UsageError('A pseudonym is 43 characters of base64url.');
  }
  const asText = (_: string, value: unknown) =>
    value instanceof Uint8Array ? Buffer.from(value).toString('base64url') : value;
  return JSON.stringify(await store.dump(pseudonym), asText, 2);
}
