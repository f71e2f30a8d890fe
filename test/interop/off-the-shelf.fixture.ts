/**
 * A brand's server that has never heard of Zusage's code: OpenID4VP, SD-JWT VC and DCQL as published libraries do
 * them, with `jose` underneath. Nothing here imports from this repository.
 */
import { createHash } from 'node:crypto';
import { Openid4vpVerifier } from '@openid4vc/openid4vp';
import { type SDJWTVCConfig, SDJwtVcInstance } from '@sd-jwt/sd-jwt-vc';
import { DcqlPresentationResult, DcqlQuery } from 'dcql';
import {
  compactDecrypt,
  compactVerify,
  createLocalJWKSet,
  decodeProtectedHeader,
  importJWK,
  type JWK,
  type JWTHeaderParameters,
  type JWTPayload,
  SignJWT,
} from 'jose';

type Callbacks = ConstructorParameters<typeof Openid4vpVerifier>[0]['callbacks'];
export type RequestPayload = Parameters<
  Openid4vpVerifier['parseOpenid4vpAuthorizationResponse']
>[0]['authorizationRequestPayload'];

export const digest = (data: string | ArrayBuffer | Uint8Array) =>
  new Uint8Array(
    createHash('sha256')
      .update(data instanceof ArrayBuffer ? new Uint8Array(data) : data)
      .digest(),
  );

/** Does this JWS verify with this key? `jose`, nothing else. */
export async function signedBy(jws: string, jwk: JWK): Promise<boolean> {
  return compactVerify(jws, await importJWK(jwk, 'ES256')).then(
    () => true,
    () => false,
  );
}

export function openid4vp({ signing, decryption }: { signing?: JWK; decryption?: JWK }) {
  const callbacks: Callbacks = {
    hash: (data) => digest(data),
    signJwt: async (_, { header, payload }) => {
      if (signing === undefined) throw new Error('no signing key');
      const jwt = await new SignJWT(payload as JWTPayload)
        .setProtectedHeader(header as JWTHeaderParameters)
        .sign(await importJWK(signing, 'ES256'));
      const { d, ...signerJwk } = signing;
      return { jwt, signerJwk: signerJwk as { kty: string } };
    },
    decryptJwe: async (jwe) => {
      if (decryption === undefined) throw new Error('no decryption key');
      const { plaintext } = await compactDecrypt(jwe, await importJWK(decryption, 'ECDH-ES'));
      const { d, ...decryptionJwk } = decryption;
      return {
        decrypted: true,
        payload: new TextDecoder().decode(plaintext),
        decryptionJwk: decryptionJwk as { kty: string },
      };
    },
    encryptJwe: () => {
      throw new Error('a verifier encrypts nothing');
    },
    verifyJwt: async () => ({ verified: false }),
  };
  return { verifier: new Openid4vpVerifier({ callbacks }), callbacks };
}

/** SD-JWT VC as its README shows it: the issuer's key is the one in the header, the holder's the one in `cnf`. */
export function sdJwtVc(config: SDJWTVCConfig = {}): SDJwtVcInstance {
  return new SDJwtVcInstance({
    hasher: (data) => digest(data),
    hashAlg: 'sha-256',
    verifier: (data, signature) =>
      signedBy(`${data}.${signature}`, decodeProtectedHeader(`${data}.`).jwk as JWK),
    kbVerifier: (data, signature, { cnf }) => signedBy(`${data}.${signature}`, cnf?.jwk as JWK),
    ...config,
  });
}

/** The keys of a vault service, found as RFC 8414 says. */
export async function jwksOf(vault: string): Promise<{ keys: JWK[] }> {
  const metadata = await fetch(`${vault}/.well-known/oauth-authorization-server`);
  const { jwks_uri } = (await metadata.json()) as { jwks_uri: string };
  return (await (await fetch(jwks_uri)).json()) as { keys: JWK[] };
}

/** A verifier of status lists with the keys of the service that publishes them. */
export const statusVerifier =
  (jwks: { keys: JWK[] }): NonNullable<SDJWTVCConfig['statusVerifier']> =>
  (data, signature) =>
    compactVerify(`${data}.${signature}`, createLocalJWKSet(jwks)).then(
      () => true,
      () => false,
    );

/** Whether `dcql` finds its query satisfied by these disclosed attributes. */
export function dcqlSatisfied(query: object, vct: string, data: Record<string, unknown>) {
  const dcqlQuery = DcqlQuery.parse(query as DcqlQuery.Input);
  DcqlQuery.validate(dcqlQuery);
  const [{ id }] = dcqlQuery.credentials;
  return DcqlPresentationResult.fromDcqlPresentation(
    {
      [id]: [
        {
          credential_format: 'dc+sd-jwt',
          vct,
          claims: { data } as never,
          cryptographic_holder_binding: true,
        },
      ],
    },
    { dcqlQuery },
  );
}

/** The whole of what such a server does with a response, in the order the libraries' documents show. */
export async function receive({
  response,
  request,
  decryption,
  origin,
  jwks,
  now,
}: {
  /** The `data` of the DigitalCredential. */
  response: { response: string };
  request: RequestPayload;
  decryption: JWK;
  origin: string;
  /** Of the vault service. */
  jwks: { keys: JWK[] };
  /** NumericDate. */
  now: number;
}) {
  const { verifier, callbacks } = openid4vp({ decryption });
  const parsed = await verifier.parseOpenid4vpAuthorizationResponse({
    authorizationResponse: response,
    authorizationRequestPayload: request,
    callbacks,
    origin,
  });
  if (parsed.type !== 'dcql') throw new Error('not DCQL');
  const [[credentialId, [presentation]] = ['', ['']]] = Object.entries(parsed.dcql.presentations);
  if (typeof presentation !== 'string') throw new Error('not an SD-JWT');
  const { payload, kb } = await sdJwtVc({ statusVerifier: statusVerifier(jwks) }).verify(
    presentation,
    { keyBindingNonce: parsed.expectedNonce, currentDate: now },
  );
  if (kb === undefined) throw new Error('no key binding');
  const binding = kb.payload as unknown as {
    aud: string;
    transaction_data_hashes: [string];
    transaction_data_hashes_alg: string;
  };
  const [transaction] = await verifier.verifyTransactionData({
    transactionData: request.transaction_data ?? [],
    credentials: { [credentialId]: [binding] },
  });
  const data = payload['data'] as Record<string, unknown>;
  const dcql = dcqlSatisfied(request.dcql_query as object, payload.vct, data);
  return { parsed, presentation, payload, binding, transaction, data, dcql };
}
