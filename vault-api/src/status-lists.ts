import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { hashOf } from '@zusage/protocol/crypto';
import { STATUS_TTL, Status, StatusList, signStatusList } from '@zusage/protocol/status-list';
import type { Context } from './context.ts';
import { ApiError } from './errors.ts';
import { statusOf } from './grant-state.ts';
import { statusUri } from './status-uri.ts';

export type StatusListToken = {
  readonly token: string;
  /** The same token, gzip (RFC 1952). */
  readonly compressed: Buffer;
  /** 22 characters that name this token. */
  readonly tag: string;
};

const compress = promisify(gzip);

type Published = StatusListToken & {
  readonly list: StatusList;
  readonly signedAt: number;
  readonly lookedAt: number;
};

/**
 * GET /status/{n}: the signed list, looked at anew at most once a second, and signed anew when it has changed or its
 * `ttl` has passed. One for each process; brands tolerate a list that is seconds old.
 * @throws (the function returned) ApiError `http/not-found`
 */
export function statusListPublisher(context: Context): (n: number) => Promise<StatusListToken> {
  const published = new Map<number, Published>();
  const underWay = new Map<number, Promise<StatusListToken>>();

  async function refresh(n: number): Promise<StatusListToken> {
    const now = context.clock();
    const last = published.get(n);
    if (last !== undefined && last.lookedAt === now) return last;
    if (n >= (await context.store.statusLists())) throw new ApiError('http/not-found');
    const list = await currentList(context, n, now);
    const isSame = last !== undefined && Buffer.compare(last.list.bytes, list.bytes) === 0;
    const next =
      isSame && now - last.signedAt < STATUS_TTL
        ? { ...last, lookedAt: now }
        : { ...(await signed(context, n, list, now)), list, signedAt: now, lookedAt: now };
    published.set(n, next);
    return next;
  }

  return (n) => {
    const running = underWay.get(n) ?? refresh(n).finally(() => underWay.delete(n));
    underWay.set(n, running);
    return running;
  };
}

/** Everything is "not registered" until its grant is. */
async function currentList({ store }: Context, n: number, now: number): Promise<StatusList> {
  const list = new StatusList();
  const { active, others } = await store.statusEntries(n);
  for (const idx of active) list.set(idx, Status.active);
  for (const entry of others) list.set(entry.idx, statusOf(entry, now));
  return list;
}

async function signed(
  { issuer, keys }: Context,
  n: number,
  list: StatusList,
  now: number,
): Promise<StatusListToken> {
  const uri = statusUri(issuer, n);
  const token = await signStatusList(list, { uri, now }, keys.signing.kid, keys.signing);
  const tag = (await hashOf(token)).slice(0, 22);
  return { token, compressed: await compress(token), tag };
}
