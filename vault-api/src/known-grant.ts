import { isZusageError } from '@zusage/protocol/errors';
import type { PublicJwk } from '@zusage/protocol/jwk';
import { type Jws, verifyJws } from '@zusage/protocol/jws';
import type { Context } from './context.ts';
import { ApiError } from './errors.ts';
import type { BrandRecord, GrantRecord } from './store/port.ts';

/** A grant that is not erased. */
export type LivingRecord = GrantRecord & { readonly person: NonNullable<GrantRecord['person']> };

/** Any point of the curve; this is its generator. What it verifies is thrown away. */
const NOBODY: PublicJwk = {
  kty: 'EC',
  crv: 'P-256',
  x: 'axfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpY',
  y: 'T-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU',
};

/**
 * The caller's own grant, erased or not. Somebody else's is as unknown as none, and to a frozen brand, which may have
 * changed hands, each is.
 * @throws ApiError `grant/unknown`
 */
export async function grantOfAudience(
  { store }: Context,
  { did, frozenAt }: BrandRecord,
  jti: string,
): Promise<GrantRecord> {
  const grant = await store.grant(jti, did);
  if (grant === null || frozenAt !== null) throw new ApiError('grant/unknown');
  return grant;
}

/** @throws ApiError `grant/unknown` */
export async function livingGrant({ store }: Context, jti: string): Promise<LivingRecord> {
  return living(await store.grant(jti));
}

function living(grant: GrantRecord | null): LivingRecord {
  if (grant === null || grant.person === null) throw new ApiError('grant/unknown');
  return { ...grant, person: grant.person };
}

/**
 * The grant that this message is about, if the grant's own key signed it. An unknown grant and a wrong key are the
 * same to the caller, in the time they take as well.
 * @throws ApiError `grant/unknown`
 */
export async function grantSignedFor(
  context: Context,
  jti: string,
  { jws, grant: named }: { jws: Jws; grant: string },
): Promise<LivingRecord> {
  if (named !== jti) throw new ApiError('grant/unknown');
  const grant = await context.store.grant(jti);
  try {
    // A copy, so that its key is imported anew each time, as that of a grant is.
    await verifyJws(jws, grant?.person?.key ?? { ...NOBODY });
  } catch (cause) {
    if (isZusageError(cause)) throw new ApiError('grant/unknown', { cause });
    throw cause;
  }
  return living(grant);
}
