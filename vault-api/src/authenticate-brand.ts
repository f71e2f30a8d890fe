import {
  CLIENT_ASSERTION_TYPE,
  parseClientAssertion,
  verifyClientAssertion,
} from '@zusage/protocol/client-assertion';
import { hashOf } from '@zusage/protocol/crypto';
import { isZusageError } from '@zusage/protocol/errors';
import { CLOCK_SKEW } from '@zusage/protocol/request';
import type { Context } from './context.ts';
import { brandForKey } from './enrol-brand.ts';
import { ApiError } from './errors.ts';
import type { BrandRecord } from './store/port.ts';

/** A brand that has proved itself, and the client assertion that did: evidence for what it does. */
export type Caller = {
  readonly brand: BrandRecord;
  readonly assertion: string;
  /** Thumbprint of the key that signed it. */
  readonly key: string;
};

/** RFC 7521 §4.2 parameters of a form. */
export type AssertionParameters = {
  readonly client_assertion_type?: string | undefined;
  readonly client_assertion?: string | undefined;
  readonly client_id?: string | undefined;
};

const BEARER = /^Bearer ([A-Za-z0-9_-]{43})$/i;

/**
 * `Authorization: Bearer <token>` (RFC 6750). A token is gone when its key leaves the brand's document.
 * @throws ApiError `auth/required`, `http/brand-rate`
 */
export async function authenticateToken(
  { store, clock, admit }: Context,
  authorization: string | undefined,
): Promise<Caller> {
  const match = BEARER.exec(authorization ?? '');
  if (match === null) {
    throw required('The header Authorization must be "Bearer " and a token of POST /token.');
  }
  const token = await store.token(await hashOf(match[1] as string));
  if (token === null || token.expires <= clock()) {
    throw required('The token is unknown or its ten minutes are over; POST /token gives another.');
  }
  const brand = await store.brand(token.did);
  if (brand === null || !brand.document.keys.some(({ thumbprint }) => thumbprint === token.key)) {
    throw required("The key that got this token is not in the brand's document any more.");
  }
  admit?.(brand.did);
  return { brand, assertion: token.assertion, key: token.key };
}

/**
 * `private_key_jwt` (RFC 7523 §2.2), each assertion once. Why it failed is told on a developer's own machine only.
 * @throws ApiError `auth/required`, `http/brand-rate`
 */
export async function authenticateAssertion(
  context: Context,
  { client_assertion_type, client_assertion, client_id }: AssertionParameters,
): Promise<Caller> {
  if (client_assertion_type !== CLIENT_ASSERTION_TYPE || client_assertion === undefined) {
    throw required('client_assertion_type or client_assertion is missing or wrong.');
  }
  try {
    const assertion = parseClientAssertion(client_assertion);
    const { iss, jti, exp } = assertion.claims;
    const known = await context.store.brand(iss);
    if (known === null || (client_id !== undefined && client_id !== iss)) {
      throw required('iss is no enrolled brand, or not the client_id.');
    }
    const { kid } = assertion.jws.header;
    const brand = await brandForKey(context, known, kid);
    const { keys } = brand.document;
    await verifyClientAssertion(assertion, keys, { vault: context.issuer, now: context.clock() });
    // From here on the assertion is the brand's, so a jti used up is its own.
    if (!(await context.store.useOnce('assertion', `${iss} ${jti}`, exp + CLOCK_SKEW))) {
      throw required('This assertion was used before; each needs a jti of its own.');
    }
    context.admit?.(iss);
    const key = keys.find((candidate) => candidate.kid === kid)?.thumbprint as string;
    return { brand, assertion: client_assertion, key };
  } catch (cause) {
    if (isZusageError(cause)) throw required(`The client assertion: ${cause.code}.`, cause);
    throw cause;
  }
}

/** The token or the assertion itself, as /introspect and /revoke take either. @throws ApiError `auth/required` */
export async function authenticateEither(
  context: Context,
  authorization: string | undefined,
  parameters: AssertionParameters,
): Promise<Caller> {
  if (authorization !== undefined) return authenticateToken(context, authorization);
  return authenticateAssertion(context, parameters);
}

function required(detail: string, cause?: unknown): ApiError {
  return new ApiError('auth/required', { cause, detail });
}
