import { brandDocumentJson, type Manifest, parseBrandDocument } from '../brand-document.ts';
import { parseDidWeb } from '../did-web.ts';
import type { PublicJwk } from '../jwk.ts';
import type { LoopbackOption } from '../origin.ts';

/**
 * The text to publish at `/.well-known/did.json` with `Access-Control-Allow-Origin: *` (SPEC §2), checked with the
 * parser that everybody else will read it with.
 * @param options.keys all keys that sign now, each with its absolute `kid`
 * @throws FormatError `did/syntax`, `brand/*`, `jwk/*`
 */
export async function brandDocument({
  did,
  keys,
  manifest,
  ...options
}: {
  did: string;
  keys: readonly { kid: string; jwk: PublicJwk }[];
  manifest: Manifest;
} & LoopbackOption): Promise<string> {
  const text = JSON.stringify(brandDocumentJson({ did, keys, manifest }), null, 2);
  await parseBrandDocument(text, parseDidWeb(did, options), options);
  return text;
}
