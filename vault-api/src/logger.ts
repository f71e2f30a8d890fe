import { type Logger, pino } from 'pino';
import type { Config } from './config.ts';

/** JSON lines on standard output, without host name and process id. */
export function newLogger({ logLevel }: Pick<Config, 'logLevel'>): Logger {
  return pino({ level: logLevel, base: null, timestamp: pino.stdTimeFunctions.isoTime });
}
