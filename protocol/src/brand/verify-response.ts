import type { DisclosedValue } from '../disclosure.ts';
import { FormatError } from '../errors.ts';
import type { StatusReference } from '../grant.ts';
import { parseJweHeader } from '../jwe.ts';
import type { LoopbackOption } from '../origin.ts';
import { verifyPresentation } from '../presentation.ts';
import { type ParsedRequest, parseRequest } from '../request.ts';
import { decryptResponse } from '../response.ts';
import { z } from '../shape.ts';
import { currentTime } from './brand.ts';
import type { RequestSession } from './create-request.ts';
import { SdkError } from './errors.ts';
import { assertStatus } from './status.ts';

export type ResponseOptions = {
  /** As `createRequest` returned it, from the visitor's own session. */
  session: RequestSession;
  /** What the page received: a compact JWE. */
  response: string;
  /** The origin of the page that received it, by the browser's word (the `Origin` header). */
  origin: string;
  /** Origins of the vault services the brand trusts. */
  vaults: readonly string[];
  /** Consumes the nonce durably: true the first time, false ever after. */
  useNonce: (nonce: string) => Promise<boolean>;
  /** NumericDate. */
  now?: number;
} & LoopbackOption;

/** What a person has granted; everything but `values` may be kept as evidence. */
export type VerifiedGrant = {
  /** Who the person is to this brand, and to nobody else. Not a login. */
  pseudonym: string;
  grant: {
    /** Identifies the grant in checks, when it is handed back, and in the log. */
    jti: string;
    hash: string;
    /** NumericDate. */
    notBefore: number;
    expires: number;
    /** How long the values may be kept after they were received, `P<n>D`. */
    retention: string;
    purpose: readonly string[];
    attributes: readonly string[];
    /** The vault service that answers checks about it. */
    vault: string;
    status: StatusReference;
    /** The brand's earlier grant that ended with this one. */
    replaces?: string;
  };
  values: Readonly<Record<string, DisclosedValue>>;
  /** The issuer-signed grant without values: the brand's proof of consent. */
  jwt: string;
};

const Session = z.looseObject({
  request: z.string(),
  encryptionKey: z.looseObject({ x: z.string(), y: z.string(), d: z.string() }),
});

/**
 * Every check of SPEC §6. What it returns may be used now; `check` before each later use.
 * @throws FormatError, VerificationError, PolicyError – the first check that does not hold; SdkError `vault/*`,
 * `session/shape`
 */
export async function verifyResponse(options: ResponseOptions): Promise<VerifiedGrant> {
  const { session, response, origin, vaults, useNonce, now = currentTime() } = options;
  if (!Session.safeParse(session).success) throw new SdkError('session/shape');
  const request = await parseRequest(session.request, { ...options, origin });
  const text = await decrypt(response, request, session);
  const { grant, disclosures } = await verifyPresentation(text, {
    ...options,
    request,
    now,
    useNonce,
    assertStatus: ({ claims }) =>
      assertStatus(claims.status.status_list, { ...options, vaults, now }),
  });
  const { claims, details } = grant;
  return {
    pseudonym: grant.pseudonym,
    grant: {
      jti: claims.jti,
      hash: grant.hash,
      notBefore: claims.nbf,
      expires: claims.exp,
      retention: details.retention,
      purpose: details.purpose,
      attributes: details.datatypes,
      vault: new URL(claims.status.status_list.uri).origin,
      status: claims.status.status_list,
      ...(claims.replaces !== undefined && { replaces: claims.replaces }),
    },
    values: Object.fromEntries(disclosures.map(({ name, disclosed }) => [name, disclosed])),
    jwt: grant.jwt,
  };
}

async function decrypt(
  response: string,
  request: ParsedRequest,
  { encryptionKey }: RequestSession,
): Promise<string> {
  const { kid } = await parseJweHeader(response);
  if (kid !== request.encryptionKey.kid) throw new FormatError('jwe/header');
  return decryptResponse(response, request.credentialId, encryptionKey);
}
