import { assertReadCurrent, parseRead, READ_WINDOW } from '@zusage/protocol/read';
import type { Caller } from './authenticate-brand.ts';
import type { Context } from './context.ts';
import { ApiError } from './errors.ts';
import { grantOfAudience, grantSignedFor } from './known-grant.ts';
import { Prover, WarmTile } from './log/inclusion.ts';
import { openingOf, openingText } from './log/opening.ts';
import { TILE_WIDTH } from './log/tile.ts';
import { tlogProof } from './log/tlog-proof.ts';
import type { PublishedNote, StoredOpening } from './store/port.ts';

export type GrantProofs = {
  /** By number; what is not published yet is missing. */
  readonly proofs: readonly { seq: number; event: string; proof: string }[];
};

/**
 * POST /grants/{jti}/proofs: for the person, each entry of the grant that is published, with what opens it.
 * @param compact `grant-read+jwt`, once
 * @throws FormatError `read/shape`, `jws/*`; PolicyError `read/stale`; ApiError `grant/unknown`, `once/used`
 */
export async function proofsForPerson(
  context: Context,
  jti: string,
  compact: string,
): Promise<GrantProofs> {
  const { jws, claims } = parseRead(compact);
  await grantSignedFor(context, jti, { jws, grant: claims.grant });
  const { store, issuer, clock } = context;
  assertReadCurrent(claims, { vault: issuer, now: clock() });
  if (!(await store.useOnce('read', `${jti} ${claims.jti}`, claims.iat + 2 * READ_WINDOW))) {
    throw new ApiError('once/used');
  }
  return proofsOf(context, jti);
}

/** GET /grants/{jti}/proofs: for the audience unless it is frozen, also after erasure. @throws ApiError `grant/unknown` */
export async function proofsForBrand(
  context: Context,
  { brand }: Caller,
  jti: string,
): Promise<GrantProofs> {
  await grantOfAudience(context, brand, jti);
  return proofsOf(context, jti);
}

async function proofsOf(context: Context, jti: string): Promise<GrantProofs> {
  const { store } = context;
  const published = await store.published();
  const openings = await store.openings(jti);
  if (published === null) return { proofs: [] };
  const provable = openings.filter(
    ({ log, index }) => log === published.log && index < published.size,
  );
  const prover = await storedProver(
    context,
    published,
    provable.map(({ index }) => index),
  );
  const proofs = provable.flatMap((stored) => {
    const extra = openedText(context, stored);
    if (extra === null) return [];
    const { seq, event, index } = stored;
    const proof = { extra, index, hashes: prover.inclusion(index), note: published.note };
    return [{ seq, event, proof: tlogProof(proof) }];
  });
  return { proofs };
}

/** null when the keys of its month are gone. */
function openedText({ log }: Context, stored: StoredOpening): Buffer | null {
  const place = { log: stored.log, index: stored.index, month: stored.month };
  const open = (part: 'kept' | 'person') => {
    const sealed = stored[part];
    return sealed === null ? null : (log?.openings.open({ ...place, part }, sealed) ?? null);
  };
  const kept = open('kept');
  if (kept === null) return null;
  return openingText(stored.entry, openingOf({ kept, person: open('person') }), actOf(stored));
}

/** The act behind an entry: the grant, the person's event, the brand's assertion, or a stop value. */
function actOf({ event, evidence, jwt }: StoredOpening): { act?: string; stop?: string } {
  if (event === 'registered' || event === 'replaced') return jwt === null ? {} : { act: jwt };
  if (evidence === null) return {};
  return event === 'stopped' ? { stop: evidence } : { act: evidence };
}

/** Makes proofs of these entries against a published checkpoint. */
async function storedProver(
  { store }: Context,
  { log, size }: PublishedNote,
  indexes: readonly number[],
): Promise<Prover> {
  const tiles = new Map<string, WarmTile>();
  for (const { level, n } of indexes.flatMap((index) => pathTiles(index, size))) {
    if (tiles.has(`${level}/${n}`)) continue;
    const tile = await store.provableTile(log, level, n);
    if (tile !== null) tiles.set(`${level}/${n}`, new WarmTile(tile.hashes, tile.inner));
  }
  return new Prover(size, (level, n) => tiles.get(`${level}/${n}`) as WarmTile);
}

/** The tiles a path goes through: its own of each level, and the last of each. */
function pathTiles(index: number, size: number): { level: number; n: number }[] {
  const tiles: { level: number; n: number }[] = [];
  for (let level = 0, hashes = size, at = index; hashes > 0; level++) {
    const last = Math.ceil(hashes / TILE_WIDTH) - 1;
    at = Math.floor(at / TILE_WIDTH);
    tiles.push({ level, n: Math.min(at, last) });
    if (last !== at) tiles.push({ level, n: last });
    hashes = Math.floor(hashes / TILE_WIDTH);
  }
  return tiles;
}
