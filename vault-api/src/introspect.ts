import { signJws } from '@zusage/protocol/jws';
import type { Caller } from './authenticate-brand.ts';
import type { Context } from './context.ts';
import { decide, type Once, type Reason } from './decide.ts';
import { grantOfToken } from './grant-of-token.ts';
import { stateOf } from './grant-state.ts';
import type { GrantRecord } from './store/port.ts';

export const INTROSPECTION_TYP = 'token-introspection+jwt';

/** RFC 7662 §2.2; `authorization_details` after RFC 9396 §9.2. */
export type IntrospectionAnswer =
  | {
      active: true;
      iss: string;
      sub: string;
      aud: string;
      jti: string;
      nbf: number;
      exp: number;
      authorization_details: object[];
      /** Seconds for which the answer may be kept; only with `purpose`. */
      valid_for?: number;
    }
  | { active: false; reason?: Reason };

/**
 * POST /introspect. Without `purpose` a status query and no use; with it one use of all `datatypes`, by default all
 * that were granted.
 * @throws FormatError `grant/has-disclosures`
 */
export async function introspect(
  context: Context,
  { brand }: Caller,
  asked: {
    token: string;
    purpose?: string | undefined;
    datatypes?: readonly string[] | undefined;
    once?: Once | undefined;
  },
): Promise<IntrospectionAnswer> {
  const grant = await grantOfToken(context, brand.did, asked.token);
  const { purpose } = asked;
  if (purpose === undefined) {
    const isActive = grant !== null && stateOf(grant, context.clock()) === 'active';
    return isActive && brand.frozenAt === null ? described(context, grant) : { active: false };
  }
  const verdict = await decide(context, {
    kind: 'introspection',
    brand,
    grants: { by: 'jti', keys: grant === null ? [] : [grant.jti] },
    purpose,
    attributes: asked.datatypes ?? grant?.person?.details.datatypes ?? [],
    once: asked.once,
  });
  if (verdict.decision && grant !== null) {
    return { ...described(context, grant), valid_for: verdict.validFor };
  }
  const reason = verdict.decision ? null : verdict.reason;
  return { active: false, ...(reason !== null && { reason }) };
}

function described({ issuer }: Context, { jti, aud, nbf, exp, person }: GrantRecord) {
  return {
    active: true as const,
    iss: issuer,
    sub: person?.pseudonym as string,
    aud,
    jti,
    nbf,
    exp,
    authorization_details: [person?.details as object],
  };
}

/** RFC 9701 §5: the same answer as a JWT for the caller. */
export async function signedIntrospection(
  { issuer, keys, clock }: Context,
  { brand }: Caller,
  answer: IntrospectionAnswer,
): Promise<string> {
  return signJws(
    { typ: INTROSPECTION_TYP, kid: keys.signing.kid },
    { iss: issuer, aud: brand.did, iat: clock(), token_introspection: answer },
    keys.signing,
  );
}
