import { createHash } from 'node:crypto';
import type { AskedTerms } from '@zusage/protocol/brand';
import type { Text } from './words.ts';

/** What the shop asks for, and what it gives for it. */
export type Offer = {
  readonly required: readonly string[];
  readonly optional: readonly string[];
  /** IRI; the same one is named in every check. */
  readonly purpose: string;
  readonly text: Text;
  readonly benefit: Text;
  /** How long values are kept at most, `P<n>D`. */
  readonly retention: string;
  /** How long a person is asked to agree for, days. */
  readonly days: number;
};

export const OFFER: Offer = {
  required: ['size.shoe', 'preference.coffee-roast'],
  optional: ['intent.travel'],
  purpose: 'https://w3id.org/dpv#ProvideProductRecommendations',
  text: {
    en: 'We sort the shop for you: shoes in your size, coffee the way you like it, gear for your next journey.',
    de: 'Wir sortieren den Laden für Sie: Schuhe in Ihrer Größe, Kaffee nach Ihrem Geschmack, Ausrüstung für Ihre nächste Reise.',
  },
  benefit: {
    en: 'A shop that shows first what fits you.',
    de: 'Ein Laden, der zuerst zeigt, was zu Ihnen passt.',
  },
  retention: 'P180D',
  days: 180,
};

/** The same for everyone, to the hour: terms must not tell visitors apart. No `frequency`, so verdicts may be cached. */
export function termsOf(
  offer: Offer,
  { url, vault, notice, now }: { url: string; vault: string; notice: string; now: number },
): AskedTerms {
  const from = now - (now % 3600);
  return {
    purpose: [offer.purpose],
    text: offer.text,
    period: { from, until: from + offer.days * 86_400 },
    retention: offer.retention,
    recipients: [],
    benefit: { kind: 'relevance', text: offer.benefit, due: 'P1D' },
    vaults: [vault],
    contact: { erasure: 'mailto:privacy@wegwarte.example' },
    notice: { uri: `${url}/privacy`, 'hash#sha-256': sha256(notice) },
  };
}

/** base64url SHA-256 of the very bytes that are served. */
function sha256(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}
