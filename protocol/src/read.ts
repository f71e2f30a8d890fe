import type { SigningKey } from './crypto.ts';
import { FormatError, PolicyError } from './errors.ts';
import { type Jws, parseJws, signJws } from './jws.ts';
import { NumericDate, UuidUrn, z } from './shape.ts';

export const READ_TYP = 'grant-read+jwt';
/** Seconds around now in which a read's `iat` counts. */
export const READ_WINDOW = 60;

/** SPEC §8.3 "Reading": the person asks for state and uses of one grant, signed by the grant's key, once. */
const ReadClaims = z.strictObject({
  aud: z.string(),
  jti: UuidUrn,
  iat: NumericDate,
  grant: UuidUrn,
  /** The last `cursor`, or null for everything. */
  after: z.nullable(z.string().check(z.maxLength(128))),
});
export type ReadClaims = z.infer<typeof ReadClaims>;

/** @throws FormatError `read/shape`, `jws/*`, `json/*` */
export function parseRead(compact: string): { jws: Jws; claims: ReadClaims } {
  const jws = parseJws(compact, { typ: [READ_TYP], key: [] });
  const claims = z.safeParse(ReadClaims, jws.payload);
  if (!claims.success) throw new FormatError('read/shape');
  return { jws, claims: claims.data };
}

export async function signRead(claims: ReadClaims, key: SigningKey): Promise<string> {
  return signJws({ typ: READ_TYP }, claims, key);
}

/** @throws PolicyError `read/stale` */
export function assertReadCurrent(
  claims: ReadClaims,
  { vault, now }: { vault: string; now: number },
): void {
  if (claims.aud !== vault || Math.abs(claims.iat - now) > READ_WINDOW)
    throw new PolicyError('read/stale');
}

/** What the API answers; at most 64 KB. */
export const ReadAnswer = z.strictObject({
  state: z.enum(['active', 'suspended', 'ended', 'not-yet', 'expired']),
  seq: z.int().check(z.nonnegative()),
  events: z.array(z.strictObject({ seq: z.int(), event: z.string(), at: NumericDate })),
  stream_root: z.nullable(z.string()),
  /** The brand's domain may have changed hands: it is allowed nothing for now. */
  brand_frozen: z.boolean(),
  checks: z.array(
    z.strictObject({
      at: NumericDate,
      purpose: z.string(),
      attributes: z.array(z.string()),
      decision: z.boolean(),
    }),
  ),
  searches: z.array(z.strictObject({ at: NumericDate, kind: z.string() })),
  cursor: z.string(),
  more: z.boolean(),
});
export type ReadAnswer = z.infer<typeof ReadAnswer>;
