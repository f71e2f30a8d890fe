import { PURPOSE } from '@zusage/vault-api/testing/brand';
import { eventCall, newPerson, share } from '@zusage/vault-api/testing/person';
import { startWorld, type World } from '@zusage/vault-api/testing/world';
import * as oauth from 'oauth4webapi';
import { afterAll, beforeAll, expect, test } from 'vitest';

// An unmodified OAuth client library, with the machine's own clock, against the service.
const INSECURE = { [oauth.allowInsecureRequests]: true };
let world: World;
let server: oauth.AuthorizationServer;
let client: oauth.Client;

beforeAll(async () => {
  world = await startWorld({ now: Math.floor(Date.now() / 1000) });
  const issuer = new URL(world.vault.url);
  const found = await oauth.discoveryRequest(issuer, { algorithm: 'oauth2', ...INSECURE });
  server = await oauth.processDiscoveryResponse(issuer, found);
  client = { client_id: world.brand.did };
});
afterAll(() => world.close());

function authentication(): oauth.ClientAuth {
  const { kid, key } = world.brand;
  return oauth.PrivateKeyJwt({ kid, key: key.key });
}

test('gets a token with private_key_jwt', async () => {
  const parameters = new URLSearchParams();
  const response = await oauth.clientCredentialsGrantRequest(
    server,
    client,
    authentication(),
    parameters,
    INSECURE,
  );
  const answer = await oauth.processClientCredentialsResponse(server, client, response);
  expect(answer.token_type).toBe('bearer');
  expect(answer.expires_in).toBe(600);
});

test('introspects a grant, plainly and as a signed reply, until it is withdrawn and handed back', async () => {
  const person = await newPerson();
  const { grant } = await share(world, person);
  const introspect = async (options: oauth.IntrospectionRequestOptions) => {
    const response = await oauth.introspectionRequest(server, client, authentication(), grant.jwt, {
      ...options,
      ...INSECURE,
    });
    const answer = await oauth.processIntrospectionResponse(server, client, response);
    if (options.requestJwtResponse) {
      await oauth.validateApplicationLevelSignature(server, response, INSECURE);
    }
    return answer;
  };
  const plain = await introspect({});
  expect(plain).toMatchObject({ active: true, sub: person.pseudonym, jti: grant.claims.jti });
  const additionalParameters = { purpose: PURPOSE, datatypes: 'size.shoe' };
  const signed = await introspect({ requestJwtResponse: true, additionalParameters });
  expect(signed).toMatchObject({ active: true, valid_for: 300 });
  await eventCall(world, person, grant, { event: 'withdraw', seq: 1 });
  const over = await introspect({ requestJwtResponse: true, additionalParameters });
  expect(over).toMatchObject({ active: false, reason: 'withdrawn' });

  const revoked = await oauth.revocationRequest(
    server,
    client,
    authentication(),
    grant.claims.jti,
    INSECURE,
  );
  expect(await oauth.processRevocationResponse(revoked)).toBeUndefined();
});

test('understands a refusal', async () => {
  const forged = oauth.PrivateKeyJwt({ kid: world.brand.kid, key: (await newPerson()).key.key });
  const response = await oauth.clientCredentialsGrantRequest(
    server,
    client,
    forged,
    new URLSearchParams(),
    INSECURE,
  );
  const outcome = oauth.processClientCredentialsResponse(server, client, response);
  await expect(outcome).rejects.toMatchObject({ code: oauth.WWW_AUTHENTICATE_CHALLENGE });
});
