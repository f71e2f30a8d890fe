import { allowLoopback, isOrigin, type LoopbackOption } from '@zusage/protocol/origin';
import * as z from 'zod';

/** Digits alone: an empty or odd text is a mistake, never a number. */
function whole(least: number, most: number) {
  const says = `must be a whole number from ${least} to ${most}`;
  return z
    .string()
    .regex(/^[0-9]{1,9}$/, says)
    .transform(Number)
    .pipe(z.int().min(least, says).max(most, says));
}
const Port = whole(0, 65_535);
const Count = whole(1, 999_999_999);
const Flag = z
  .enum(['true', 'false'], 'must be true or false')
  .transform((text) => text === 'true');
const Text = z.string().min(1, 'must not be empty');
const LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'silent'] as const;

/**
 * Everything that can be set, from the environment. What an attacker gains by setting one: OPERATIONS.md.
 * Strict, so that a misspelt setting never means its default.
 */
const Environment = z.strictObject({
  /** The address to listen on. */
  ZUSAGE_HOST: Text.default('127.0.0.1'),
  /** 0 takes a free port. */
  ZUSAGE_PORT: Port.default(4610),
  /** The origin under which brands and people know this vault; by default http on the address itself. */
  ZUSAGE_ISSUER: z.string().optional(),
  /** Folder of the database and the keys. */
  ZUSAGE_DATA: Text.default('.data'),
  /** Allows http on loopback wherever https is demanded. */
  ZUSAGE_DEVELOPMENT: Flag.default(false),
  /** Whether the address of a caller is the last one in X-Forwarded-For, written by the proxy in front. */
  ZUSAGE_TRUST_PROXY: Flag.default(false),
  /** Connections at once, whoever makes them. */
  ZUSAGE_MAX_CONNECTIONS: Count.optional(),
  /** Requests a minute from one network (/24 or /64). */
  ZUSAGE_RATE_LIMIT: Count.default(1200),
  /** Requests a minute of one authenticated brand, checks included. */
  ZUSAGE_BRAND_RATE_LIMIT: Count.optional(),
  /** Slots one brand may have open at once: people who are about to register. */
  ZUSAGE_BRAND_SLOTS: Count.optional(),
  /** Metrics are served on this port of 127.0.0.1; absent: not at all. 0 takes a free port. */
  ZUSAGE_METRICS_PORT: Port.optional(),
  /** Days for which records of checks and searches are kept. */
  ZUSAGE_CHECK_RETENTION_DAYS: whole(1, 3660).optional(),
  /** File of the last published checkpoint, outside the database and its backups; in the data folder unless set. */
  ZUSAGE_HEAD_FILE: Text.optional(),
  ZUSAGE_LOG_LEVEL: z.enum(LEVELS, `must be one of ${LEVELS.join(', ')}`).default('info'),
});

export type Config = {
  readonly host: string;
  readonly port: number;
  /** Absent: `http://<host>:<port>` of the address that is listened on; then `development` must be set. */
  readonly issuer?: string;
  readonly data: string;
  readonly development: boolean;
  readonly trustProxy: boolean;
  readonly rateLimit: number;
  /** 4,096 unless set. */
  readonly maxConnections?: number;
  /** 60,000 unless set. */
  readonly brandRateLimit?: number;
  /** 1,000 unless set. */
  readonly brandSlots?: number;
  /** On 127.0.0.1; absent: no metrics. */
  readonly metricsPort?: number;
  /** 30 unless set. */
  readonly checkRetentionDays?: number;
  /** `published-head` in the data folder unless set. */
  readonly headFile?: string;
  readonly logLevel: z.infer<typeof Environment>['ZUSAGE_LOG_LEVEL'];
};

/** A setting is missing, unknown or out of range. The message is a sentence for the operator for each. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/**
 * @param environment such as `process.env`; only `ZUSAGE_*` is looked at
 * @throws ConfigError naming the settings, never their values
 */
export function parseConfig(environment: Record<string, string | undefined>): Config {
  const env = parseSettings(environment);
  const config: Config = {
    host: env.ZUSAGE_HOST,
    port: env.ZUSAGE_PORT,
    ...(env.ZUSAGE_ISSUER !== undefined && { issuer: env.ZUSAGE_ISSUER }),
    data: env.ZUSAGE_DATA,
    development: env.ZUSAGE_DEVELOPMENT,
    trustProxy: env.ZUSAGE_TRUST_PROXY,
    rateLimit: env.ZUSAGE_RATE_LIMIT,
    ...(env.ZUSAGE_MAX_CONNECTIONS !== undefined && { maxConnections: env.ZUSAGE_MAX_CONNECTIONS }),
    ...(env.ZUSAGE_BRAND_RATE_LIMIT !== undefined && {
      brandRateLimit: env.ZUSAGE_BRAND_RATE_LIMIT,
    }),
    ...(env.ZUSAGE_BRAND_SLOTS !== undefined && { brandSlots: env.ZUSAGE_BRAND_SLOTS }),
    ...(env.ZUSAGE_METRICS_PORT !== undefined && { metricsPort: env.ZUSAGE_METRICS_PORT }),
    ...(env.ZUSAGE_CHECK_RETENTION_DAYS !== undefined && {
      checkRetentionDays: env.ZUSAGE_CHECK_RETENTION_DAYS,
    }),
    ...(env.ZUSAGE_HEAD_FILE !== undefined && { headFile: env.ZUSAGE_HEAD_FILE }),
    logLevel: env.ZUSAGE_LOG_LEVEL,
  };
  const own = `http://${config.host}:${config.port}`;
  if (config.issuer === undefined && !isOrigin(own, loopbackOption(config))) {
    throw new ConfigError(
      'ZUSAGE_ISSUER must be set, to an https origin without a path; it may be left out with ZUSAGE_DEVELOPMENT=true while ZUSAGE_HOST is 127.0.0.1 or localhost.',
    );
  }
  assertIssuer(config.issuer ?? own, config);
  return config;
}

/**
 * The settings alone, for commands that need no issuer.
 * @throws ConfigError naming the settings, never their values
 */
export function parseSettings(
  environment: Record<string, string | undefined>,
): z.infer<typeof Environment> {
  const ours = Object.entries(environment).filter(([name]) => name.startsWith('ZUSAGE_'));
  const parsed = Environment.safeParse(Object.fromEntries(ours));
  if (!parsed.success) {
    const sentences = parsed.error.issues.flatMap((issue) =>
      issue.code === 'unrecognized_keys'
        ? issue.keys.map((name) => `${name} is not a setting.`)
        : [`${String(issue.path[0])} ${issue.message}.`],
    );
    throw new ConfigError(sentences.join(' '));
  }
  return parsed.data;
}

/** @throws ConfigError unless the issuer is an https origin, or http on loopback in development */
export function assertIssuer(issuer: string, { development }: Pick<Config, 'development'>): void {
  if (isOrigin(issuer, { [allowLoopback]: development })) return;
  throw new ConfigError(
    'ZUSAGE_ISSUER must be an https origin without a path; with ZUSAGE_DEVELOPMENT=true it may be http on loopback.',
  );
}

/** The protocol's option that this configuration stands for. */
export function loopbackOption({ development }: Pick<Config, 'development'>): LoopbackOption {
  return { [allowLoopback]: development };
}
