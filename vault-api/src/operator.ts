import { isZusageError } from '@zusage/protocol/errors';
import { ConfigError, loopbackOption, parseConfig } from './config.ts';
import { ApiError, StoreError } from './errors.ts';
import { PrivateFileError } from './private-file.ts';
import { readmitBrand } from './readmit-brand.ts';
import { brandResolver } from './resolve-brand.ts';
import { openSqliteStore } from './store/sqlite.ts';

// node src/operator.ts readmit <did>   – beside the running service, with its environment. Exit codes: 0 done,
// 1 not done and why, 2 usage.

const [command, did] = process.argv.slice(2);
if (command !== 'readmit' || did === undefined) {
  process.stderr.write('Usage: node src/operator.ts readmit <did>\n');
  process.exitCode = 2;
} else {
  await readmit(did);
}

async function readmit(brand: string): Promise<void> {
  try {
    const config = parseConfig(process.env);
    const store = openSqliteStore(config.data);
    const clock = () => Math.floor(Date.now() / 1000);
    await readmitBrand(
      { store, clock, resolveBrand: brandResolver(loopbackOption(config)) },
      brand,
    );
    await store.close();
    process.stdout.write(`${brand} counts with its present document.\n`);
  } catch (error) {
    process.stderr.write(`${sentence(error)}\n`);
    process.exitCode = 1;
  }
}

function sentence(error: unknown): string {
  const kinds = [ConfigError, PrivateFileError, StoreError, ApiError];
  if (isZusageError(error) || kinds.some((kind) => error instanceof kind)) {
    return (error as Error).message;
  }
  throw error;
}
