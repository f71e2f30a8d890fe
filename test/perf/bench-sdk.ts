import { createRequest, type RequestSession } from '@zusage/protocol/brand';
import {
  answer,
  loopbackVault,
  newBrand,
  ORIGIN,
  termsFor,
} from '@zusage/protocol/brand/loopback.fixture';
import { decodeBase64url, decodeUtf8, encodeUtf8 } from '@zusage/protocol/bytes';
import { generateKey, importSigningKey } from '@zusage/protocol/crypto';
import type { PublicJwk } from '@zusage/protocol/jwk';
import { allowLoopback } from '@zusage/protocol/origin';
import { verifyPresentation } from '@zusage/protocol/presentation';
import { parseRequest } from '@zusage/protocol/request';
import { decryptResponse } from '@zusage/protocol/response';
import {
  assertActive,
  Status,
  signStatusList,
  verifyStatusList,
} from '@zusage/protocol/status-list';
import { compactDecrypt, importJWK } from 'jose';
import { sdJwtVc, statusVerifier } from '../interop/off-the-shelf.fixture.ts';
import { median, type Row, rateOf, round, rounds } from './bench-measure.ts';

const RESPONSES = 200;
const P256 = { namedCurve: 'P-256' };

/** What a brand's server does with a response, without the network. */
export async function benchSdk(): Promise<Row[]> {
  const now = Math.floor(Date.now() / 1000);
  const vault = await loopbackVault();
  await vault.close(); // Only its keys and its status list are wanted.
  const person = await importSigningKey(await generateKey());
  const brand = await newBrand();
  const { session } = await createRequest({
    brand,
    attributes: { required: ['size.shoe'] },
    terms: termsFor(vault.url, now),
    origins: [ORIGIN],
    now,
    [allowLoopback]: true,
  });
  vault.set(0, Status.active);
  const list = await signStatusList(vault.list, { uri: vault.uri, now }, 'v1', vault.key);
  const given = { uri: vault.uri, idx: 0, now, key: person };
  const response = await answer(session.request, { 'size.shoe': 'EU 42' }, given);

  const jwk = vault.key.publicJwk;
  const ours = async (withStatus: boolean) => {
    const request = await parseRequest(session.request, { origin: ORIGIN, [allowLoopback]: true });
    const text = await decryptResponse(response, request.credentialId, session.encryptionKey);
    await verifyPresentation(text, {
      request,
      origin: ORIGIN,
      now,
      useNonce: async () => true,
      assertStatus: async ({ claims: { status } }) => {
        if (!withStatus) return;
        const { uri } = status.status_list;
        assertActive(
          await verifyStatusList(list, { uri, now, keys: [{ kid: 'v1', jwk }] }),
          status.status_list,
        );
      },
      [allowLoopback]: true,
    });
  };
  const instance = sdJwtVc({
    statusListFetcher: async () => list,
    statusVerifier: statusVerifier({ keys: [{ ...jwk, kid: 'v1' }] }),
  });
  const peer = async () => {
    const key = await importJWK({ ...session.encryptionKey }, 'ECDH-ES');
    const { plaintext } = await compactDecrypt(response, key);
    const [text] = JSON.parse(decodeUtf8(new Uint8Array(plaintext))).vp_token.grant;
    await instance.verify(text, { keyBindingNonce: session.nonce, currentDate: now });
  };
  const times = (work: () => Promise<void>) =>
    rateOf(RESPONSES, async () => {
      for (let n = 0; n < RESPONSES; n++) await work();
    });
  const measured = await rounds(async () => ({
    ours: await times(() => ours(false)),
    bare: await times(() => bare(response, session.encryptionKey)),
    oursWithStatus: await times(() => ours(true)),
    peer: await times(peer),
  }));
  const rate = (side: keyof (typeof measured)[number]) =>
    `${round(median(measured.map((each) => each[side])))}/s`;
  return [
    {
      part: 'SDK offline',
      what: 'rate: a response decrypted and verified ÷ the same cryptography bare',
      ratio: median(measured.map((each) => each.ours / each.bare)),
      target: 0.7,
      behind: `SDK ${rate('ours')}, bare ${rate('bare')}, one after the other`,
    },
    {
      part: 'SDK offline',
      what: 'rate: the same, status list verified too ÷ `jose` and `@sd-jwt/sd-jwt-vc`',
      ratio: median(measured.map((each) => each.oursWithStatus / each.peer)),
      target: 3,
      behind: `SDK ${rate('oursWithStatus')}, libraries ${rate('peer')}`,
    },
  ];
}

/** ECDH-ES + A256GCM (RFC 7518 §4.6) and two ES256 signatures by WebCrypto, each key imported, nothing checked beside. */
async function bare(jwe: string, own: RequestSession['encryptionKey']): Promise<void> {
  const [header, , iv, ciphertext, tag] = jwe.split('.') as [
    string,
    string,
    string,
    string,
    string,
  ];
  const { epk } = JSON.parse(decodeUtf8(decodeBase64url(header))) as { epk: PublicJwk };
  const ecdh = { name: 'ECDH', ...P256 };
  const theirs = await crypto.subtle.importKey('jwk', epk, ecdh, false, []);
  const mine = await crypto.subtle.importKey('jwk', { ...own }, ecdh, false, ['deriveBits']);
  const secret = await crypto.subtle.deriveBits({ name: 'ECDH', public: theirs }, mine, 256);
  const content = await crypto.subtle.importKey('raw', await concatKdf(secret), 'AES-GCM', false, [
    'decrypt',
  ]);
  const parameters = {
    name: 'AES-GCM',
    iv: decodeBase64url(iv),
    additionalData: encodeUtf8(header),
  };
  const sealed = Buffer.concat([decodeBase64url(ciphertext), decodeBase64url(tag)]);
  const body = JSON.parse(
    decodeUtf8(new Uint8Array(await crypto.subtle.decrypt(parameters, content, sealed))),
  );
  const parts = (body.vp_token.grant[0] as string).split('~');
  const [grant, binding] = [parts[0] as string, parts.at(-1) as string];
  const [head] = grant.split('.') as [string];
  const { jwk } = JSON.parse(decodeUtf8(decodeBase64url(head))) as { jwk: PublicJwk };
  await verifyBare(grant, jwk);
  await verifyBare(binding, jwk);
}

/** Concat KDF (NIST SP 800-56A) for `A256GCM` without party information: one round of SHA-256. */
function concatKdf(secret: ArrayBuffer): Promise<ArrayBuffer> {
  const length = (value: number) => [0, 0, value >> 8, value & 255];
  const info = [...length(7), ...encodeUtf8('A256GCM'), ...length(0), ...length(0), ...length(256)];
  const input = Uint8Array.from([...length(1), ...new Uint8Array(secret), ...info]);
  return crypto.subtle.digest('SHA-256', input);
}

/** @throws Error when a signature that has to be right is not */
export async function verifyBare(jws: string, jwk: PublicJwk): Promise<void> {
  const [header, payload, signature] = jws.split('.') as [string, string, string];
  const key = await crypto.subtle.importKey('jwk', jwk, { name: 'ECDSA', ...P256 }, false, [
    'verify',
  ]);
  const es256 = { name: 'ECDSA', hash: 'SHA-256' };
  const input = encodeUtf8(`${header}.${payload}`);
  if (!(await crypto.subtle.verify(es256, key, decodeBase64url(signature), input))) {
    throw new Error('The benchmark’s own signature does not verify.');
  }
}
