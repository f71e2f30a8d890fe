import { FormatError } from '@zusage/protocol/errors';
import { assertReadCurrent, parseRead, READ_WINDOW, type ReadAnswer } from '@zusage/protocol/read';
import type { Context } from './context.ts';
import { ApiError } from './errors.ts';
import { stateOf } from './grant-state.ts';
import { grantSignedFor } from './known-grant.ts';
import type { ReadCheck } from './store/port.ts';

/** Bytes of checks and searches in one answer, which is at most 64 KB with everything else. */
const MAX_CHECK_BYTES = 40_000;
const MAX_CHECKS = 200;
/** The newest entries that are told. */
const MAX_EVENTS = 200;

/**
 * POST /grants/{jti}/read: the person asks what became of one grant and who asked about it.
 * @param compact `grant-read+jwt`, once
 * @throws FormatError `read/shape`, `jws/*`; PolicyError `read/stale`; ApiError `grant/unknown`, `once/used`
 */
export async function readGrant(
  context: Context,
  jti: string,
  compact: string,
): Promise<ReadAnswer> {
  const { jws, claims } = parseRead(compact);
  const after = numberOf(claims.after);
  await grantSignedFor(context, jti, { jws, grant: claims.grant });
  const { store, issuer, clock } = context;
  const now = clock();
  assertReadCurrent(claims, { vault: issuer, now });
  if (!(await store.useOnce('read', `${jti} ${claims.jti}`, claims.iat + 2 * READ_WINDOW))) {
    throw new ApiError('once/used');
  }
  const grant = await store.grant(jti);
  if (grant === null) throw new ApiError('grant/unknown');
  const entries = await store.entries(jti);
  const found = await store.checks(jti, after, MAX_CHECKS + 1);
  const page = pageOf(found);
  const brand = await store.brand(grant.aud);
  const root = grant.person === null ? null : await store.streamRoot(grant.person.pseudonym);
  return {
    state: stateOf(grant, now),
    seq: grant.seq,
    events: entries.slice(-MAX_EVENTS).map(({ seq, event, at }) => ({ seq, event, at })),
    stream_root: root === null ? null : root.toString('base64url'),
    brand_frozen: brand !== null && brand.frozenAt !== null,
    checks: page
      .filter((row) => !isSearch(row))
      .map(({ at, purpose, attributes, decision }) => ({
        at,
        purpose,
        attributes: [...attributes],
        decision,
      })),
    searches: page.filter(isSearch).map(({ at, kind }) => ({ at, kind })),
    cursor: String(page.at(-1)?.n ?? after),
    more: page.length < found.length,
  };
}

/** The grant put something on a list that the brand asked for. */
function isSearch({ kind }: ReadCheck): boolean {
  return kind === 'subject' || kind === 'resource' || kind === 'action';
}

function numberOf(cursor: string | null): number {
  if (cursor === null) return 0;
  if (!/^(?:0|[1-9][0-9]{0,14})$/.test(cursor)) throw new FormatError('read/shape');
  return Number(cursor);
}

function pageOf(found: readonly ReadCheck[]): readonly ReadCheck[] {
  let bytes = 0;
  const end = found.findIndex((check) => {
    bytes += JSON.stringify(check).length;
    return bytes > MAX_CHECK_BYTES;
  });
  return found.slice(0, Math.min(end === -1 ? found.length : end, MAX_CHECKS));
}
