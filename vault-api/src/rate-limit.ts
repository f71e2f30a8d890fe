import { createHmac, randomBytes } from 'node:crypto';
import { isIPv6 } from 'node:net';
import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance } from 'fastify';
import { ApiError } from './errors.ts';

const HOUR = 3_600_000;

/**
 * Requests a minute from one network. Nothing of an address is kept but, in memory, a keyed hash of its network, and
 * the key is random and lives an hour.
 */
export async function limitRate(app: FastifyInstance, max: number): Promise<void> {
  let key = randomBytes(32);
  const renewal = setInterval(() => {
    key = randomBytes(32);
  }, HOUR);
  renewal.unref();
  app.addHook('onClose', async () => clearInterval(renewal));
  await app.register(rateLimit, {
    max,
    timeWindow: '1 minute',
    // `RateLimit-*` instead of `X-RateLimit-*`.
    enableDraftSpec: true,
    keyGenerator: ({ ip }) => createHmac('sha256', key).update(networkOf(ip)).digest('base64url'),
    errorResponseBuilder: () => new ApiError('http/rate'),
  });
}

/** The /24 of an IPv4 address, the /64 of an IPv6 address. */
export function networkOf(address: string): string {
  const mapped = /^::ffff:([0-9.]+)$/i.exec(address)?.[1];
  if (mapped !== undefined || !isIPv6(address)) {
    return (mapped ?? address).split('.').slice(0, 3).join('.');
  }
  const [head = '', tail] = (address.split('%')[0] as string).split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : 8 - before.length - after.length;
  const groups = [...before, ...Array<string>(Math.max(0, zeros)).fill('0'), ...after];
  return groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':');
}
