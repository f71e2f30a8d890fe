import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  allowLoopback,
  type Brand,
  brandDocument,
  generateKey,
  importSigningKey,
} from '@zusage/protocol/brand';
import type { Offer } from './offer.ts';

/** The longest the shop may ever ask for, by its own word in the brand document. */
const PERIOD = 'P366D';

/** The shop's signing key, generated at the first start and kept in a file only its owner can read. */
export async function loadBrand(did: string, dataDir: string): Promise<Brand> {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const file = join(dataDir, 'signing-key.json');
  if (!existsSync(file)) {
    writeFileSync(file, JSON.stringify(await generateKey()), { mode: 0o600, flag: 'wx' });
  }
  chmodSync(file, 0o600);
  const key = await importSigningKey(JSON.parse(readFileSync(file, 'utf8')));
  return { did, kid: `${did}#sig-1`, key };
}

/** What the shop publishes at `/.well-known/did.json`. */
export function documentOf(brand: Brand, name: string, url: string, offer: Offer): Promise<string> {
  return brandDocument({
    did: brand.did,
    keys: [{ kid: brand.kid, jwk: brand.key.publicJwk }],
    manifest: {
      name,
      category: 'Outdoor and coffee',
      origins: [url],
      purposes: [offer.purpose],
      attributes: [...offer.required, ...offer.optional],
      custom: [],
      period: PERIOD,
      retention: offer.retention,
    },
    [allowLoopback]: true,
  });
}
