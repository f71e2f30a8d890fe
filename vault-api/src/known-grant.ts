import { isZusageError } from '@zusage/protocol/errors';
import { type Jws, verifyJws } from '@zusage/protocol/jws';
import type { Context } from './context.ts';
import { ApiError } from './errors.ts';
import type { GrantRecord } from './store/port.ts';

/** A grant that is not erased. */
export type LivingRecord = GrantRecord & { readonly person: NonNullable<GrantRecord['person']> };

/** @throws ApiError `grant/unknown` */
export async function livingGrant({ store }: Context, jti: string): Promise<LivingRecord> {
  const grant = await store.grant(jti);
  if (grant === null || grant.person === null) throw new ApiError('grant/unknown');
  return { ...grant, person: grant.person };
}

/**
 * The grant that this message is about, if the grant's own key signed it. An unknown grant and a wrong key are the
 * same to the caller.
 * @throws ApiError `grant/unknown`
 */
export async function grantSignedFor(
  context: Context,
  jti: string,
  { jws, grant: named }: { jws: Jws; grant: string },
): Promise<LivingRecord> {
  if (named !== jti) throw new ApiError('grant/unknown');
  const grant = await livingGrant(context, jti);
  try {
    await verifyJws(jws, grant.person.key);
  } catch (cause) {
    if (isZusageError(cause)) throw new ApiError('grant/unknown', { cause });
    throw cause;
  }
  return grant;
}
