/** Known gaps of libraries: what `@sd-jwt/core` and `@sd-jwt/sd-jwt-vc` let through, and we do not. */
import { makeDisclosure } from '@zusage/protocol/disclosure';
import { expect, test } from 'vitest';
import {
  AT,
  bytes,
  grant,
  grantClaims,
  jwks,
  keys,
  listToken,
  ours,
  person,
  presentationOf,
  shoe,
  signGrant,
  text,
  trip,
} from './gaps.fixture.ts';
import { sdJwtVc, statusVerifier } from './off-the-shelf.fixture.ts';

const NONCE = text('nonce', 16);

/** `accepted`, or what the library says. */
async function library(
  presentation = presentationOf(),
  { list = listToken(), config = { statusVerifier: statusVerifier(jwks) }, nonce = true } = {},
): Promise<string> {
  const instance = sdJwtVc({ ...config, statusListFetcher: async () => list });
  const options = { currentDate: AT, ...(nonce && { keyBindingNonce: NONCE }) };
  return instance.verify(presentation, options).then(
    () => 'accepted',
    (error: Error) => error.message,
  );
}

const extra = await makeDisclosure(
  'preference.coffee-roast',
  { value: 'dark', confirmed: '2026-11', precision: 'exact' },
  bytes('salt extra', 16),
);
const NO_STATUS_VERIFIER = {} as { statusVerifier: ReturnType<typeof statusVerifier> };

test('what is right is right for both', async () => {
  expect([await library(), await ours()]).toEqual(['accepted', 'accepted']);
});

test('without key binding: accepted when no nonce is passed, refused by us', async () => {
  const stripped = `${grant}~${shoe.encoded}~`;
  expect(await library(stripped, { nonce: false })).toBe('accepted');
  expect(await ours(stripped)).toBe('key-binding/missing');
});

test('an unreferenced disclosure: accepted without key binding, refused by us even when it is bound', async () => {
  const stripped = `${grant}~${shoe.encoded}~${extra.encoded}~`;
  expect(await library(stripped, { nonce: false })).toBe('accepted');
  expect(await ours(presentationOf(grant, [shoe.encoded, extra.encoded]))).toBe(
    'disclosure/unreferenced',
  );
});

test('a key binding for another page: accepted, refused by us', async () => {
  const elsewhere = presentationOf(grant, [shoe.encoded], {
    set: { aud: 'origin:https://elsewhere.example' },
  });
  expect(await library(elsewhere)).toBe('accepted');
  expect(await ours(elsewhere)).toBe('key-binding/aud');
});

test('a key binding of last year: accepted, refused by us', async () => {
  const old = presentationOf(grant, [shoe.encoded], { set: { iat: AT - 366 * 86_400 } });
  expect(await library(old)).toBe('accepted');
  expect(await ours(old)).toBe('key-binding/iat');
});

test('the same response a second time: accepted, refused by us', async () => {
  expect(await library()).toBe('accepted');
  expect(await ours(presentationOf(), { used: [NONCE] })).toBe('key-binding/replayed');
});

test('a grant for another brand: accepted, refused by us', async () => {
  const foreign = presentationOf(
    signGrant(await grantClaims({ set: { aud: 'did:web:b.example' } })),
  );
  expect(await library(foreign)).toBe('accepted');
  expect(await ours(foreign)).toBe('grant/aud');
});

test('a grant whose key binding key is not its issuer’s: accepted, refused by us', async () => {
  const { d, ...stranger } = keys.stranger;
  const jwt = signGrant(await grantClaims({ set: { cnf: { jwk: stranger } } }));
  const bound = presentationOf(jwt, [shoe.encoded], { key: keys.stranger });
  expect(await library(bound)).toBe('accepted');
  expect(await ours(bound)).toBe('grant/key-cnf');
});

test('fewer values than the grant names: accepted, refused by us', async () => {
  const both = signGrant(
    await grantClaims({
      details: { datatypes: ['size.shoe', 'intent.travel'] },
      disclosures: [shoe, trip],
    }),
  );
  expect(await library(presentationOf(both))).toBe('accepted');
  expect(await ours(presentationOf(both))).toBe('presentation/names');
});

test('a status list signed with the grant’s key: accepted without statusVerifier, refused by us', async () => {
  const forged = listToken({ key: keys.person, header: { jwk: person } });
  expect(await library(undefined, { list: forged, config: NO_STATUS_VERIFIER })).toBe('accepted');
  expect(await library(undefined, { list: forged })).not.toBe('accepted');
  expect(await ours(undefined, { list: forged })).toBe('jws/header');
  const plain = listToken({ key: keys.person });
  expect(await ours(undefined, { list: plain })).toBe('jws/signature');
});

test('a status list of another address: accepted, refused by us', async () => {
  const other = listToken({ set: { sub: 'https://vault.example/status/8' } });
  expect(await library(undefined, { list: other })).toBe('accepted');
  expect(await ours(undefined, { list: other })).toBe('status/sub');
});

test('an access token of the vault’s keys in place of a status list: accepted, refused by us', async () => {
  const wrongType = listToken({ header: { typ: 'JWT' } });
  expect(await library(undefined, { list: wrongType })).toBe('accepted');
  expect(await ours(undefined, { list: wrongType })).toBe('jws/typ');
});

test('a status list that expired a second ago: skipped by nobody', async () => {
  const stale = listToken({ set: { iat: AT - 3601, exp: AT - 1 } });
  expect(await library(undefined, { list: stale })).toContain('JWT is expired');
  expect(await ours(undefined, { list: stale })).toBe('status/stale');
});

test('an index never registered: refused by sd-jwt-vc’s default, accepted by a rule that looks for “revoked”, refused by us', async () => {
  const unregistered = listToken({ value: 3 });
  expect(await library(undefined, { list: unregistered })).toBe('Status is not valid');
  const config = {
    statusVerifier: statusVerifier(jwks),
    statusValidator: async (status: number) => {
      if (status === 1) throw new Error('revoked');
    },
  };
  expect(await library(undefined, { list: unregistered, config })).toBe('accepted');
  expect(await ours(undefined, { list: unregistered })).toBe('status/not-registered');
});

test('an index beyond the list: refused by both', async () => {
  const beyond = presentationOf(
    signGrant(
      await grantClaims({
        set: { status: { status_list: { idx: 65_536, uri: 'https://vault.example/status/7' } } },
      }),
    ),
  );
  expect(await library(beyond)).toContain('Index out of bounds');
  expect(await ours(beyond)).toBe('status/index');
});
