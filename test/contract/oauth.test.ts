import type { KeyObject } from 'node:crypto';
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

function authentication({ key } = world.brand.key): oauth.ClientAuth {
  const { kid } = world.brand;
  const es256 = { name: 'ECDSA', namedCurve: 'P-256' };
  const cryptoKey = (key as KeyObject).toCryptoKey(es256, true, ['sign']) as CryptoKey;
  return oauth.PrivateKeyJwt({ kid, key: cryptoKey });
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
  // RFC 6749 §5.1.
  expect(response.headers.get('cache-control')).toBe('no-store');
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

test('uses its token for a check, as any protected resource (RFC 6750)', async () => {
  const person = await newPerson();
  await share(world, person);
  const granted = await oauth.processClientCredentialsResponse(
    server,
    client,
    await oauth.clientCredentialsGrantRequest(
      server,
      client,
      authentication(),
      new URLSearchParams(),
      INSECURE,
    ),
  );
  const ask = (token: string) =>
    oauth.protectedResourceRequest(
      token,
      'POST',
      new URL(`${world.vault.url}/access/v1/evaluation`),
      new Headers({ 'content-type': 'application/json' }),
      JSON.stringify({
        subject: { type: 'user', id: person.pseudonym },
        action: { name: PURPOSE },
        resource: { type: 'attribute', id: 'size.shoe' },
      }),
      INSECURE,
    );
  expect(await (await ask(granted.access_token)).json()).toMatchObject({ decision: true });
  await expect(ask('unknown')).rejects.toMatchObject({ code: oauth.WWW_AUTHENTICATE_CHALLENGE });
});

test('accepts no signed introspection reply that was changed or is for another brand', async () => {
  const { grant } = await share(world, await newPerson());
  const response = await oauth.introspectionRequest(server, client, authentication(), grant.jwt, {
    requestJwtResponse: true,
    ...INSECURE,
  });
  expect(response.headers.get('content-type')).toBe('application/token-introspection+jwt');
  expect(response.headers.get('cache-control')).toBe('no-store');
  expect(response.headers.get('vary')).toBe('accept');
  const reply = await response.text();
  const validated = async (jwt: string, as = client) => {
    const received = new Response(jwt, { headers: response.headers });
    await oauth.processIntrospectionResponse(server, as, received);
    await oauth.validateApplicationLevelSignature(server, received, INSECURE);
  };
  await expect(validated(reply)).resolves.toBeUndefined();
  const [header, payload = '', signature] = reply.split('.');
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
  claims.token_introspection.exp += 1;
  const changed = Buffer.from(JSON.stringify(claims)).toString('base64url');
  await expect(validated(`${header}.${changed}.${signature}`)).rejects.toThrow();
  await expect(validated(reply, { client_id: 'did:web:other.example' })).rejects.toThrow();
});

test('revokes an active grant by its JWT, and it is inactive (RFC 7009, RFC 7662)', async () => {
  const { grant } = await share(world, await newPerson());
  const revoked = await oauth.revocationRequest(
    server,
    client,
    authentication(),
    grant.jwt,
    INSECURE,
  );
  expect(await oauth.processRevocationResponse(revoked)).toBeUndefined();
  const asked = await oauth.introspectionRequest(
    server,
    client,
    authentication(),
    grant.jwt,
    INSECURE,
  );
  expect(await oauth.processIntrospectionResponse(server, client, asked)).toEqual({
    active: false,
  });
});

test('takes the metadata for no other issuer than its own (RFC 8414)', async () => {
  const found = await oauth.discoveryRequest(new URL(world.vault.url), {
    algorithm: 'oauth2',
    ...INSECURE,
  });
  const other = oauth.processDiscoveryResponse(new URL('https://vault.example'), found);
  await expect(other).rejects.toMatchObject({ code: oauth.JSON_ATTRIBUTE_COMPARISON });
});

test('understands a refusal', async () => {
  const forged = authentication((await newPerson()).key);
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
