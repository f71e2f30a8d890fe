import type { PublicJwk } from '@zusage/protocol/jwk';
import { METADATA_PATH } from '@zusage/protocol/vault-metadata';
import type { FastifyInstance } from 'fastify';
import type { Context } from '../context.ts';
import { logVkey } from '../keys.ts';

/** What brands and extensions pin: RFC 8414, RFC 7517, AuthZEN §9. */
export function metadataRoutes(app: FastifyInstance, context: Context): void {
  const { issuer, keys, retiredKeys = [], clock } = context;
  const metadata = {
    issuer,
    jwks_uri: `${issuer}/jwks.json`,
    token_endpoint: `${issuer}/token`,
    introspection_endpoint: `${issuer}/introspect`,
    revocation_endpoint: `${issuer}/revoke`,
    grant_types_supported: ['client_credentials'],
    response_types_supported: [],
    token_endpoint_auth_methods_supported: ['private_key_jwt'],
    token_endpoint_auth_signing_alg_values_supported: ['ES256'],
    introspection_endpoint_auth_methods_supported: ['private_key_jwt'],
    introspection_endpoint_auth_signing_alg_values_supported: ['ES256'],
    introspection_signing_alg_values_supported: ['ES256'],
    revocation_endpoint_auth_methods_supported: ['private_key_jwt'],
    revocation_endpoint_auth_signing_alg_values_supported: ['ES256'],
    log_vkey: logVkey(issuer, keys, context.log?.number ?? 1),
  };
  const { kid, publicJwk } = keys.signing;
  const published = (jwk: PublicJwk, id: string) => ({ ...jwk, kid: id, use: 'sig', alg: 'ES256' });
  const earlier = retiredKeys.filter((key) => key.kid !== kid);
  const authzen = {
    policy_decision_point: issuer,
    access_evaluation_endpoint: `${issuer}/access/v1/evaluation`,
    access_evaluations_endpoint: `${issuer}/access/v1/evaluations`,
    search_subject_endpoint: `${issuer}/access/v1/search/subject`,
    search_resource_endpoint: `${issuer}/access/v1/search/resource`,
    search_action_endpoint: `${issuer}/access/v1/search/action`,
  };
  const config = { inQuarantine: true } as const;
  app.get(METADATA_PATH, { config }, async () => metadata);
  app.get('/jwks.json', { config }, async () => {
    const living = earlier.filter(({ until }) => until > clock());
    return {
      keys: [published(publicJwk, kid), ...living.map((key) => published(key.jwk, key.kid))],
    };
  });
  app.get('/.well-known/authzen-configuration', { config }, async () => authzen);
}
