/** A request as a brand writes it, with the SDK's own hand. */
import { createRequest } from '@zusage/protocol/brand';
import { generateKey, importSigningKey } from '@zusage/protocol/crypto';

export const ORIGIN = 'https://shop.example';
const key = await importSigningKey(await generateKey());

/** @param now NumericDate */
export async function signedRequest(
  now: number,
  origin = ORIGIN,
  did = 'did:web:shop.example',
): Promise<string> {
  const text = { en: 'We show you shoes in your size.', de: 'Wir zeigen Schuhe in Ihrer Größe.' };
  const { request } = await createRequest({
    brand: { did, kid: `${did}#sig-1`, key },
    attributes: { required: ['size.shoe'] },
    terms: {
      purpose: ['https://w3id.org/dpv#ProvideProductRecommendations'],
      text,
      period: { from: now, until: now + 86_400 },
      retention: 'P30D',
      recipients: [],
      vaults: ['https://vault.example'],
      contact: { erasure: 'mailto:privacy@shop.example' },
      notice: { uri: 'https://shop.example/privacy', 'hash#sha-256': 'A'.repeat(43) },
    },
    origins: [origin],
    now,
  });
  return request;
}
