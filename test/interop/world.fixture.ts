/** The real vault API and a real, enrolled brand on loopback, and the extension's own code with a scripted person. */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDoor } from '@zusage/extension/src/network/fetch.ts';
import { Person } from '@zusage/extension/src/sharing/person.fixture.ts';
import type { Asked } from '@zusage/extension/src/sharing/types.ts';
import {
  type AskedTerms,
  allowLoopback,
  type Brand,
  brandDocument,
  enrol,
  generateKey,
  importSigningKey,
} from '@zusage/protocol/brand';
import type { PrivateJwk } from '@zusage/protocol/jwk';
import { startVaultApi, type VaultApi } from '@zusage/vault-api/service';

export const LOOPBACK = { [allowLoopback]: true };
export const PRODUCTS = 'https://w3id.org/dpv#ProvideProductRecommendations';
export const SHOE = 'EU 42';
export const ROAST = 'dark';
export const BOTH = ['size.shoe', 'preference.coffee-roast'];
const ENTERED = [
  { id: 'size.shoe', value: SHOE },
  { id: 'preference.coffee-roast', value: ROAST },
];
const DAY = 86_400;

export type World = {
  /** Everybody's clock, NumericDate: the service's, the brand's and the person's. It stands until it is moved. */
  readonly now: () => number;
  /** The service looks at its status list once a second, and published libraries ask for it only once. */
  readonly nextSecond: () => void;
  readonly vault: VaultApi;
  readonly brand: Brand;
  /** The brand's signing key, for libraries that want it as a JWK. */
  readonly brandJwk: PrivateJwk;
  readonly origin: string;
  readonly close: () => Promise<void>;
};

export async function startWorld(): Promise<World> {
  const data = mkdtempSync(join(tmpdir(), 'zusage-interop-'));
  let time = Math.floor(Date.now() / 1000);
  const now = () => time;
  const vault = await startVaultApi(
    {
      host: '127.0.0.1',
      port: 0,
      data,
      development: true,
      trustProxy: false,
      rateLimit: 10_000,
      logLevel: 'silent',
    },
    { clock: now },
  );
  let document = '';
  const server = createServer((_, response) => {
    response.writeHead(200, { 'access-control-allow-origin': '*' }).end(document);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const did = `did:web:127.0.0.1%3A${address.port}`;
  const brandJwk = await generateKey();
  const brand = { did, kid: `${did}#sig-1`, key: await importSigningKey(brandJwk) };
  document = await brandDocument({
    did,
    keys: [{ kid: brand.kid, jwk: brand.key.publicJwk }],
    manifest: {
      name: 'Test Shop',
      category: 'Outdoor gear',
      origins: [],
      purposes: [PRODUCTS],
      attributes: [...BOTH, 'intent.travel'],
      custom: [],
      period: 'P366D',
      retention: 'P365D',
    },
    ...LOOPBACK,
  });
  await enrol(vault.url, brand, now());
  return {
    now,
    nextSecond: () => {
      time += 1;
    },
    vault,
    brand,
    brandJwk,
    origin: `http://127.0.0.1:${address.port}`,
    close: async () => {
      await new Promise((resolve) => server.close(resolve));
      await vault.close();
      rmSync(data, { recursive: true });
    },
  };
}

export async function newPerson({ vault, now }: World): Promise<Person> {
  const person = new Person({ door: openDoor(true), now });
  await person.create(vault.url);
  return person;
}

export function askedTerms({ vault, origin, now }: World): AskedTerms {
  return {
    purpose: [PRODUCTS],
    text: { en: 'We show you what fits.', de: 'Wir zeigen, was passt.' },
    period: { from: now(), until: now() + 90 * DAY },
    retention: 'P90D',
    vaults: [vault.url],
    contact: { erasure: 'mailto:privacy@shop.example' },
    notice: { uri: `${origin}/privacy`, 'hash#sha-256': 'A'.repeat(43) },
  };
}

/** What the page gets after the person said yes to `ids`: the `data` of the DigitalCredential. */
export async function answer(
  person: Person,
  asked: Asked,
  ids: readonly string[] = BOTH,
): Promise<{ response: string }> {
  const advanced = await person.share(asked, ids, {
    entered: ENTERED.filter(({ id }) => ids.includes(id)),
  });
  if ('failed' in advanced) throw new Error(advanced.failed);
  return advanced.response;
}
