/**
 * What each kind of vector means: its input goes through the protocol, and either gives `output` or fails with the
 * one code of `error`. Implementers in other languages write this one file anew and run the same JSON.
 */

import { parseBrandDocument } from '../src/brand-document.ts';
import { decodeBase64url } from '../src/bytes.ts';
import { parseClientAssertion, verifyClientAssertion } from '../src/client-assertion.ts';
import { hostRelation, parseDidWeb } from '../src/did-web.ts';
import { parseEnrolment, verifyEnrolment } from '../src/enrolment.ts';
import { assertEventCurrent, parseEvent } from '../src/event.ts';
import { issuerSignedPart, parseGrant, verifyGrant } from '../src/grant.ts';
import { parseJson } from '../src/json.ts';
import { didJwk, type PrivateJwk, parsePublicJwk, publicJwkOfDid, thumbprint } from '../src/jwk.ts';
import { parseJws, verifyJws } from '../src/jws.ts';
import { assertNarrower } from '../src/narrowing.ts';
import { verifyPresentation } from '../src/presentation.ts';
import { assertReadCurrent, parseRead } from '../src/read.ts';
import { type ReceiptEvent, verifyReceipt } from '../src/receipt.ts';
import { parseRequest, verifyRequest } from '../src/request.ts';
import { decryptResponse } from '../src/response.ts';
import { verifySlotProof } from '../src/slot.ts';
import { assertActive, trustedVault, verifyStatusList } from '../src/status-list.ts';
import { parseVaultKeys, parseVaultMetadata } from '../src/vault-metadata.ts';

// biome-ignore lint/suspicious/noExplicitAny: the input is JSON whose shape each check knows.
type Input = any;
type Check = (input: Input) => unknown;

const brandDocument = (text: string) => parseBrandDocument(text, parseDidWeb(JSON.parse(text).id));
const keysOf = (jwks: object) => parseVaultKeys(JSON.stringify(jwks));

export const CHECKS: Record<string, Check> = {
  json: ({ base64url }) => parseJson(decodeBase64url(base64url)),

  jwk: async ({ jwk }) => {
    const key = await parsePublicJwk(jwk);
    return { thumbprint: await thumbprint(key), did: didJwk(key) };
  },

  'did-jwk': ({ did }) => publicJwkOfDid(did),

  jws: async ({ jws, typ, key, jwk }) => {
    const parsed = parseJws(jws, { typ: [typ], key });
    await verifyJws(parsed, jwk);
    return parsed.payload;
  },

  'did-web': ({ did, origin }) => {
    const parsed = parseDidWeb(did);
    return { host: parsed.host, relation: hostRelation(parsed, origin) };
  },

  'brand-document': async ({ document, did }) => {
    const parsed = await parseBrandDocument(document, parseDidWeb(did));
    return { keys: parsed.keys.map(({ thumbprint }) => thumbprint), manifest: parsed.manifest };
  },

  request: async ({ request, origin, document, now }) => {
    const parsed = await parseRequest(request, { origin });
    await verifyRequest(parsed, await brandDocument(document), { now, origin });
    const { attributes, mandatory, choices, requestHash, termsHash, terms } = parsed;
    return {
      attributes,
      mandatory,
      choices,
      request_hash: requestHash,
      terms_hash: termsHash,
      terms,
    };
  },

  narrowing: async ({ grant, request, origin }) => {
    const parsed = await parseGrant(grant);
    await verifyGrant(parsed);
    assertNarrower(parsed, await parseRequest(request), origin === undefined ? {} : { origin });
    return { pseudonym: parsed.pseudonym, grant_hash: parsed.hash };
  },

  registration: ({ grant }) => issuerSignedPart(grant),

  presentation: async ({
    presentation,
    request,
    origin,
    now,
    status_list,
    jwks,
    used_nonces,
    vaults,
  }) => {
    const verified = await verifyPresentation(presentation, {
      request: await parseRequest(request),
      origin,
      now,
      useNonce: async (nonce) => !used_nonces.includes(nonce),
      assertStatus: async ({ claims }) => {
        const reference = claims.status.status_list;
        trustedVault(reference.uri, vaults);
        const list = await verifyStatusList(status_list, {
          uri: reference.uri,
          now,
          keys: await keysOf(jwks),
        });
        assertActive(list, reference);
      },
    });
    return {
      pseudonym: verified.grant.pseudonym,
      values: Object.fromEntries(
        verified.disclosures.map(({ name, disclosed }) => [name, disclosed]),
      ),
    };
  },

  response: ({ response, credential_id, private_jwk }) =>
    decryptResponse(response, credential_id, private_jwk as PrivateJwk),

  event: async ({ event, jwk, vault, now, next_seq }) => {
    const parsed = parseEvent(event);
    await verifyJws(parsed.jws, jwk);
    assertEventCurrent(parsed, { vault, now, nextSeq: next_seq });
    return parsed.claims;
  },

  read: async ({ read, jwk, vault, now }) => {
    const parsed = parseRead(read);
    await verifyJws(parsed.jws, jwk);
    assertReadCurrent(parsed.claims, { vault, now });
    return parsed.claims;
  },

  slot: async ({ proof, vault, request_hash, pseudonym, now }) => {
    await verifySlotProof(proof, { vault, requestHash: request_hash, pseudonym, now });
  },

  enrolment: async ({ enrolment, document, vault, now }) => {
    const parsed = parseEnrolment(enrolment);
    await verifyEnrolment(parsed, (await brandDocument(document)).keys, { vault, now });
    return parsed.claims;
  },

  assertion: async ({ assertion, document, vault, now }) => {
    const parsed = parseClientAssertion(assertion);
    await verifyClientAssertion(parsed, (await brandDocument(document)).keys, { vault, now });
    return parsed.claims;
  },

  receipt: async ({ receipt, grant, vault, jwks, event }) => {
    const keys = await keysOf(jwks);
    const verified = await verifyReceipt(receipt, await parseGrant(grant), {
      vault,
      keys,
      event: event as ReceiptEvent,
    });
    return verified.claims;
  },

  metadata: async ({ metadata, jwks, vault }) => {
    const parsed = parseVaultMetadata(metadata, vault);
    const keys = await parseVaultKeys(jwks);
    return { metadata: parsed, kids: keys.map(({ kid }) => kid) };
  },

  'status-list': async ({ status_list, uri, now, jwks, idx }) => {
    const list = await verifyStatusList(status_list, { uri, now, keys: await keysOf(jwks) });
    return { size: list.size, status: list.get(idx) };
  },
};
