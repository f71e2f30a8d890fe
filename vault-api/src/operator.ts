import { isZusageError } from '@zusage/protocol/errors';
import { CommandError } from './commands/command.ts';
import { type Config, ConfigError, loopbackOption, parseConfig } from './config.ts';
import { ApiError, StoreError } from './errors.ts';
import { followLog } from './follow-log.ts';
import { PrivateFileError } from './private-file.ts';
import { readmitBrand } from './readmit-brand.ts';
import { brandResolver } from './resolve-brand.ts';
import type { Store } from './store/port.ts';
import { openSqliteStore } from './store/sqlite.ts';

// Beside the running service, with its environment. Exit codes: 0 done, 1 not done and why, 2 usage.
const USAGE = `Usage: operator.ts readmit <did>      ends the freeze of a brand
       operator.ts dump <pseudonym>   prints everything held about it, as JSON
       operator.ts follow <origin>    begins another log, after an old backup was restored; stop the service first
`;

type Command = (store: Store, config: Config, argument: string) => Promise<string>;

const COMMANDS = new Map<string, Command>([
  [
    'readmit',
    async (store, config, did) => {
      const clock = () => Math.floor(Date.now() / 1000);
      const resolveBrand = brandResolver(loopbackOption(config));
      await readmitBrand({ store, clock, resolveBrand }, did);
      return `${did} counts with its present document.\n`;
    },
  ],
  [
    'dump',
    async (store, _, pseudonym) => `${JSON.stringify(await store.dump(pseudonym), null, 2)}\n`,
  ],
  ['follow', (store, config, origin) => followLog(store, config, origin)],
]);

const [name, argument] = process.argv.slice(2);
const command = COMMANDS.get(name ?? '');
if (command === undefined || argument === undefined) {
  process.stderr.write(USAGE);
  process.exitCode = 2;
} else {
  await run(command, argument);
}

async function run(command: Command, argument: string): Promise<void> {
  try {
    const config = parseConfig(process.env);
    const store = openSqliteStore(config.data);
    try {
      process.stdout.write(await command(store, config, argument));
    } finally {
      await store.close();
    }
  } catch (error) {
    process.stderr.write(`${sentence(error)}\n`);
    process.exitCode = 1;
  }
}

function sentence(error: unknown): string {
  const kinds = [CommandError, ConfigError, PrivateFileError, StoreError, ApiError];
  if (isZusageError(error) || kinds.some((kind) => error instanceof kind)) {
    return (error as Error).message;
  }
  throw error;
}
