import { ConfigError, parseConfig } from './config.ts';
import { StoreError } from './errors.ts';
import { newLogger } from './logger.ts';
import { PrivateFileError } from './private-file.ts';
import { ListenError, startVaultApi } from './service.ts';

/** Failures to start that an operator can mend, each one sentence. */
const SENTENCES = [ConfigError, ListenError, PrivateFileError, StoreError];

// The stop page strips the types of its script with a function that Node still calls experimental.
process.removeAllListeners('warning');
process.on('warning', ({ name, message }) => {
  if (name !== 'ExperimentalWarning') console.error(`${name}: ${message}`);
});

try {
  const config = parseConfig(process.env);
  const logger = newLogger(config);
  const vault = await startVaultApi(config, { logger });
  let _stopping: Promise<void> | undefined;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      _stopping ??= vault.close();
    });
  }
  // Last: whoever waits for it may stop the service at once.
  logger.info({ ready: vault.url });
  logger.flush();
} catch (error) {
  if (!SENTENCES.some((kind) => error instanceof kind)) throw error;
  console.error((error as Error).message);
  process.exitCode = 1;
}
