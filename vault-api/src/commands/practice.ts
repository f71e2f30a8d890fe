import { allowLoopback, type Brand, createRequest } from '@zusage/protocol/brand';
import { ask, objectOf } from '@zusage/protocol/brand/http';
import { vaultKeys } from '@zusage/protocol/brand/vault';
import { generateKey, hashOf, importSigningKey, type SigningKey } from '@zusage/protocol/crypto';
import { issueGrant, parseGrant } from '@zusage/protocol/grant';
import { thumbprint } from '@zusage/protocol/jwk';
import { assertNarrower } from '@zusage/protocol/narrowing';
import { verifyReceipt } from '@zusage/protocol/receipt';
import { parseRequest } from '@zusage/protocol/request';
import { SlotAnswer, signSlotProof } from '@zusage/protocol/slot';
import { newStopRoot, stopHash, stopValue } from '@zusage/protocol/stop';
import { ATTRIBUTE, PURPOSE } from './local-brand.ts';

/** What the brand serves at `/privacy`, and the practice person has been shown. */
export const NOTICE = 'This brand is for trying out, and holds what practice people made up.\n';

/** Seconds for which the practice person shares. */
const DAY = 86_400;
const SKEW = 60;
const LOOPBACK = { [allowLoopback]: true };

type Practice = {
  readonly brand: Brand;
  /** The brand's. */
  readonly origin: string;
  /** The vault service's. */
  readonly api: string;
  /** NumericDate. */
  readonly now: number;
};

/**
 * Shares with the brand as the extension would, from the brand's request to the service's receipt (SPEC §7), as
 * somebody who exists for this one grant: nothing of them is kept.
 * @returns their pseudonym
 * @throws SdkError `vault/*`, and what the protocol's functions throw
 */
export async function practise({ brand, origin, api, now }: Practice): Promise<string> {
  const person = await importSigningKey(await generateKey());
  const asked = await askedBy({ brand, origin, api, now });
  const request = await parseRequest(asked, { origin, ...LOOPBACK });
  const pseudonym = await thumbprint(person.publicJwk);
  const claims = { aud: api, request_hash: request.requestHash, iat: now };
  const proof = await signSlotProof(claims, person);
  const slot = SlotAnswer.parse(
    await post(`${api}/grants/slots`, { request: asked, pseudonym, proof }),
  );
  const { jwt } = await issueGrant(
    request,
    {
      items: [
        {
          attribute: ATTRIBUTE,
          disclosed: { value: 'EU 42', confirmed: monthOf(now), precision: 'exact' },
        },
      ],
      now: slot.now,
      exp: request.terms.period.until,
      location: origin,
      status: { uri: slot.uri, idx: slot.idx },
      stop: await stopHash(await stopValue(newStopRoot(), 0)),
      shown: { lang: 'en', wording: '1' },
      decidedBy: 'person',
    },
    person,
  );
  await register(jwt, asked, { origin, api, now });
  return pseudonym;
}

/** A pseudonym of nobody's. */
export async function stranger(): Promise<string> {
  const { publicJwk }: SigningKey = await importSigningKey(await generateKey());
  return thumbprint(publicJwk);
}

async function askedBy({ brand, origin, api, now }: Practice): Promise<string> {
  const { request } = await createRequest({
    brand,
    attributes: { required: [ATTRIBUTE] },
    terms: {
      purpose: [PURPOSE],
      text: {
        en: 'We show you shoes in your size.',
        de: 'Wir zeigen Ihnen Schuhe in Ihrer Größe.',
      },
      // The service's clock may be a little behind.
      period: { from: now - SKEW, until: now + DAY },
      retention: 'P1D',
      vaults: [api],
      contact: { erasure: `${origin}/privacy` },
      notice: { uri: `${origin}/privacy`, 'hash#sha-256': await hashOf(NOTICE) },
    },
    origins: [origin],
    now,
    ...LOOPBACK,
  });
  return request;
}

/** Nothing counts as shared before the receipt verifies. */
async function register(
  jwt: string,
  asked: string,
  { origin, api, now }: Omit<Practice, 'brand'>,
): Promise<void> {
  const grant = await parseGrant(jwt, LOOPBACK);
  assertNarrower(grant, await parseRequest(asked, { origin, ...LOOPBACK }), { origin });
  const { receipt } = await post(`${api}/grants`, { grant: `${jwt}~`, request: asked });
  const keys = await vaultKeys(api, undefined, now, LOOPBACK);
  await verifyReceipt(String(receipt), grant, { vault: api, keys, event: 'registered' });
}

async function post(url: string, body: object): Promise<Record<string, unknown>> {
  const headers = { 'content-type': 'application/json' };
  return objectOf(await ask(url, { method: 'POST', headers, body: JSON.stringify(body) }));
}

function monthOf(now: number): string {
  return new Date(now * 1000).toISOString().slice(0, 7);
}
