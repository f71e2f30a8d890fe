import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CLIENT_ASSERTION_TYPE } from '@zusage/protocol/client-assertion';
import { pino } from 'pino';
import type { Config } from '../config.ts';
import { startVaultApi, type VaultApi } from '../service.ts';
import {
  assertion,
  brandRequest,
  enrolment,
  PURPOSE,
  serveBrand,
  type TestBrand,
  type Wish,
} from './brand.ts';
import { logAtRest } from './log-at-rest.ts';
import { ownPort } from './own-port.ts';

/** A real service on loopback with a real brand beside it, and a clock that stands still until it is moved. */
export type World = {
  vault: VaultApi;
  readonly brand: TestBrand;
  readonly data: string;
  /** NumericDate. */
  now: number;
  /** Nothing happens by itself: what changes in the database was brought about by the test. */
  readonly isAtRest: boolean;
  /** Everything the service has logged. */
  readonly logged: () => string;
  /** How often a commit left open whether it happened; a real process would have ended. */
  unknownOutcomes: number;
  /** All bytes of the data folder, of a world at rest or closed: elsewhere the log replaces a file amid reading. */
  readonly stored: () => string;
  readonly restart: () => Promise<void>;
  readonly request: (wish?: Wish) => Promise<string>;
  readonly close: () => Promise<void>;
};

export type Answer = {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: { [member: string]: unknown };
};

export async function startWorld({
  enrolled = true,
  now = 1_800_000_000,
  metrics = false,
  atRest: isAtRest = false,
  ...limits
}: {
  enrolled?: boolean;
  now?: number;
  metrics?: boolean;
  atRest?: boolean;
  trustProxy?: boolean;
  maxConnections?: number;
  brandRateLimit?: number;
  brandSlots?: number;
  checkRetentionDays?: number;
} = {}): Promise<World> {
  const data = mkdtempSync(join(tmpdir(), 'zusage-vault-'));
  const lines: string[] = [];
  const logger = pino({ level: 'debug', base: null }, { write: (line) => void lines.push(line) });
  const config: Config = {
    host: '127.0.0.1',
    port: await ownPort(),
    data,
    development: true,
    trustProxy: false,
    rateLimit: 100_000,
    logLevel: 'debug',
    ...(metrics && { metricsPort: 0 }),
    ...limits,
  };
  const start = async (settings: Config) => {
    const log = isAtRest && logAtRest();
    const vault = await startVaultApi(settings, {
      logger,
      clock: () => world.now,
      ...(log && { rest: log.rest }),
      onUnknownOutcome: () => {
        world.unknownOutcomes++;
      },
    });
    if (log) await log.isAtRest;
    return vault;
  };
  const brand = await serveBrand();
  const world: World = {
    vault: undefined as unknown as VaultApi,
    brand,
    data,
    now,
    isAtRest,
    unknownOutcomes: 0,
    logged: () => lines.join(''),
    stored: () =>
      readdirSync(data)
        .map((file) => readFileSync(join(data, file), 'latin1'))
        .join(''),
    restart: async () => {
      await world.vault.close();
      world.vault = await start(config);
    },
    request: (wish) => brandRequest(brand, world.vault.url, world.now, wish),
    close: async () => {
      await world.vault.close();
      await brand.close();
      rmSync(data, { recursive: true });
    },
  };
  world.vault = await start(config);
  if (enrolled) {
    const answer = await enrol(world);
    if (answer.status !== 201) throw new Error(`enrol: ${answer.text}`);
  }
  return world;
}

/** @param signer another key of the brand's than its present one */
export async function enrol(
  world: World,
  signer: Pick<TestBrand, 'did' | 'kid' | 'key'> = world.brand,
): Promise<Answer> {
  return post(world, '/brands', await enrolment(signer, world.vault.url, world.now));
}

/** Text goes as application/jwt, an object as JSON. */
export function post(
  world: World,
  path: string,
  body: string | object,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const isText = typeof body === 'string';
  return call(world, path, {
    method: 'POST',
    headers: { 'content-type': isText ? 'application/jwt' : 'application/json', ...headers },
    body: isText ? body : JSON.stringify(body),
  });
}

export async function call(world: World, path: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(world.vault.url + path, init);
  const text = await response.text();
  const isJson = /json/.test(response.headers.get('content-type') ?? '');
  const body = isJson ? JSON.parse(text) : {};
  return { status: response.status, headers: response.headers, text, body };
}

/** A form authenticated by a fresh assertion of the brand. */
export async function form(
  world: World,
  path: string,
  parameters: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const body = new URLSearchParams({
    client_assertion_type: CLIENT_ASSERTION_TYPE,
    client_assertion: await assertion(world.brand, world.vault.url, world.now),
    ...parameters,
  });
  return call(world, path, { method: 'POST', body, headers });
}

export async function token(world: World): Promise<string> {
  const { body } = await form(world, '/token', { grant_type: 'client_credentials' });
  return body.access_token as string;
}

export async function check(
  world: World,
  subject: string,
  {
    attribute = 'size.shoe',
    purpose = PURPOSE,
    bearer,
  }: { attribute?: string; purpose?: string; bearer?: string } = {},
): Promise<Answer> {
  const authorization = `Bearer ${bearer ?? (await token(world))}`;
  return post(
    world,
    '/access/v1/evaluation',
    {
      subject: { type: 'user', id: subject },
      action: { name: purpose },
      resource: { type: 'attribute', id: attribute },
    },
    { authorization },
  );
}
