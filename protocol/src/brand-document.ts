import type { DidWeb } from './did-web.ts';
import { Days, daysOf, SECONDS_PER_DAY } from './duration.ts';
import { FormatError, PolicyError } from './errors.ts';
import { parseJson } from './json.ts';
import { type PublicJwk, parsePublicJwk, thumbprint } from './jwk.ts';
import { isOrigin, type LoopbackOption } from './origin.ts';
import { z } from './shape.ts';
import { plainText } from './text.ts';
import { isAttributeId } from './vocabulary/attribute.ts';

const CustomAttribute = z.strictObject({
  id: z.string().check(z.refine((id) => isAttributeId(id) && id.startsWith('custom.'))),
  label: z.strictObject({ en: plainText(80), de: plainText(80) }),
});

/** The upper bounds of what the brand may ask, by its own word. */
export const Manifest = z.strictObject({
  name: plainText(80),
  category: plainText(80),
  origins: z.array(z.string()).check(z.maxLength(32)),
  purposes: z.array(z.string()).check(z.minLength(1), z.maxLength(32)),
  attributes: z.array(z.string().check(z.refine(isAttributeId))).check(z.maxLength(256)),
  custom: z.array(CustomAttribute).check(z.maxLength(32)),
  period: Days,
  retention: Days,
});
export type Manifest = z.infer<typeof Manifest>;

// A DID document may say much that is not ours (DID Core §5); only what is used here is looked at.
const Document = z.looseObject({
  id: z.string(),
  verificationMethod: z
    .array(z.looseObject({ id: z.string(), type: z.string() }))
    .check(z.maxLength(32)),
  authentication: z.array(z.string()).check(z.maxLength(32)),
  service: z.array(z.looseObject({ id: z.string(), type: z.string() })).check(z.maxLength(32)),
});

export type BrandKey = {
  readonly kid: string;
  readonly jwk: PublicJwk;
  readonly thumbprint: string;
};
export type BrandDocument = {
  readonly did: string;
  readonly keys: readonly BrandKey[];
  readonly manifest: Manifest;
};

/**
 * Reads `/.well-known/did.json` (SPEC §2).
 * @param text the document as fetched from `expected.documentUrl`
 * @throws FormatError `brand/document`, `brand/no-keys`, `json/*`, `jwk/*`
 */
export async function parseBrandDocument(
  text: string | Uint8Array,
  expected: DidWeb,
  options: LoopbackOption = {},
): Promise<BrandDocument> {
  const parsed = z.safeParse(Document, parseJson(text));
  if (!parsed.success || parsed.data.id !== expected.did) throw new FormatError('brand/document');
  const { verificationMethod, authentication, service } = parsed.data;
  const keys: BrandKey[] = [];
  for (const method of verificationMethod) {
    if (method.type !== 'JsonWebKey' || !authentication.includes(method.id)) continue;
    if (!method.id.startsWith(`${expected.did}#`) || !/^[\x21-\x7e]{1,256}$/.test(method.id)) {
      throw new FormatError('brand/document');
    }
    const jwk = await parsePublicJwk(method['publicKeyJwk']);
    keys.push({ kid: method.id, jwk, thumbprint: await thumbprint(jwk) });
  }
  if (keys.length === 0) throw new FormatError('brand/no-keys');
  if (new Set(keys.map(({ kid }) => kid)).size !== keys.length)
    throw new FormatError('brand/document');
  const entry = service.find(({ id }) => id === `${expected.did}#zusage`);
  const manifest = z.safeParse(Manifest, entry?.['serviceEndpoint']);
  if (entry?.type !== 'ZusageManifest' || !manifest.success)
    throw new FormatError('brand/document');
  if (!manifest.data.origins.every((origin) => isOrigin(origin, options))) {
    throw new FormatError('brand/document');
  }
  return { did: expected.did, keys, manifest: manifest.data };
}

/** The inverse of `parseBrandDocument`, for a brand that publishes its document. */
export function brandDocumentJson({
  did,
  keys,
  manifest,
}: Omit<BrandDocument, 'keys'> & { keys: readonly { kid: string; jwk: PublicJwk }[] }): object {
  return {
    '@context': ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/jwk/v1'],
    id: did,
    verificationMethod: keys.map(({ kid, jwk }) => ({
      id: kid,
      type: 'JsonWebKey',
      controller: did,
      publicKeyJwk: jwk,
    })),
    authentication: keys.map(({ kid }) => kid),
    service: [{ id: `${did}#zusage`, type: 'ZusageManifest', serviceEndpoint: manifest }],
  };
}

/** May the brand ask for this attribute at all? Optional ones beyond the bounds are shown and cannot be chosen. */
export function attributeWithinBounds(
  attribute: string,
  { attributes, custom }: Manifest,
): boolean {
  return attributes.includes(attribute) || custom.some(({ id }) => id === attribute);
}

/**
 * What must lie within the brand's own bounds: of a request the mandatory attributes, of a grant all of them.
 * @throws PolicyError `brand/bounds`
 */
export function assertWithinBounds(
  asked: {
    attributes: readonly string[];
    purposes: readonly string[];
    /** NumericDate. */
    from: number;
    until: number;
    /** `P<n>D` */
    retention: string;
  },
  manifest: Manifest,
): void {
  const within =
    asked.attributes.every((attribute) => attributeWithinBounds(attribute, manifest)) &&
    asked.purposes.every((purpose) => manifest.purposes.includes(purpose)) &&
    asked.until - asked.from <= daysOf(manifest.period) * SECONDS_PER_DAY &&
    daysOf(asked.retention) <= daysOf(manifest.retention);
  if (!within) throw new PolicyError('brand/bounds');
}
