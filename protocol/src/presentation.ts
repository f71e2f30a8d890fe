import { hashOf, type SigningKey } from './crypto.ts';
import { type Disclosure, parseDisclosure } from './disclosure.ts';
import { FormatError, PolicyError, VerificationError } from './errors.ts';
import { assertInPeriod, type Grant, parseGrant, verifyGrant } from './grant.ts';
import { verifyJws } from './jws.ts';
import { bindKey, type KeyBinding, parseKeyBinding } from './key-binding.ts';
import { assertNarrower } from './narrowing.ts';
import type { LoopbackOption } from './origin.ts';
import type { ParsedRequest } from './request.ts';

/** `<JWT>~<D>…~<KB>` (RFC 9901 §4): what the brand receives, taken apart. */
export type Presentation = {
  readonly grant: Grant;
  readonly disclosures: readonly Disclosure[];
  /** Everything the key binding covers, ending in `~`. */
  readonly sdJwt: string;
  readonly keyBinding: KeyBinding;
};

/** Seconds around now in which a key binding counts (SPEC §6). */
export const KEY_BINDING_WINDOW = 300;

/** The person's side of `parsePresentation`. */
export async function present(
  grantJwt: string,
  disclosures: readonly Disclosure[],
  request: ParsedRequest,
  use: { origin: string; now: number },
  key: SigningKey,
): Promise<string> {
  const sdJwt = `${[grantJwt, ...disclosures.map(({ encoded }) => encoded)].join('~')}~`;
  return sdJwt + (await bindKey(sdJwt, request, use, key));
}

/** @throws FormatError; VerificationError `key-binding/missing`, `grant/vct`, `grant/key-*` */
export async function parsePresentation(
  text: string,
  options: LoopbackOption = {},
): Promise<Presentation> {
  const parts = text.split('~');
  if (parts.length < 2) throw new FormatError('presentation/shape');
  const keyBindingJwt = parts.pop() as string;
  if (keyBindingJwt === '') throw new VerificationError('key-binding/missing');
  const [grantJwt, ...encoded] = parts as [string, ...string[]];
  return {
    grant: await parseGrant(grantJwt, options),
    disclosures: await Promise.all(encoded.map(parseDisclosure)),
    sdJwt: text.slice(0, text.length - keyBindingJwt.length),
    keyBinding: parseKeyBinding(keyBindingJwt),
  };
}

/** What the verifier brings: its request as it was sent, and the world as it sees it. */
export type VerifierContext = {
  request: ParsedRequest;
  /** The page that received the response. */
  origin: string;
  /** NumericDate. */
  now: number;
  /** Consumes the nonce: true the first time, false ever after. Called once everything else about the key binding holds. */
  useNonce: (nonce: string) => Promise<boolean>;
  /**
   * Resolves when the grant's status is "active" at a vault the brand trusts; see `assertActive` in status-list.ts.
   * @throws PolicyError `grant/vault`, `status/*`; VerificationError `status/*`
   */
  assertStatus: (grant: Grant) => Promise<void>;
} & LoopbackOption;

/**
 * Every check of SPEC §6, in its order. What it returns may be used now; before each later use ask again.
 * @throws FormatError, VerificationError, PolicyError – the first check that does not hold
 */
export async function verifyPresentation(
  text: string,
  context: VerifierContext,
): Promise<Presentation> {
  const presentation = await parsePresentation(text, context); // key binding present · key equalities · vct
  const { grant } = presentation;
  await assertKeyBound(presentation, context);
  await verifyGrant(grant);
  if (grant.claims.aud !== context.request.brand.did) throw new PolicyError('grant/aud');
  assertInPeriod(grant, context.now);
  assertDisclosedExactly(presentation);
  assertNarrower(grant, context.request, { origin: context.origin });
  await context.assertStatus(grant);
  if (!(await context.useNonce(context.request.payload.nonce))) {
    throw new VerificationError('key-binding/replayed');
  }
  return presentation;
}

async function assertKeyBound(
  { grant, keyBinding, sdJwt }: Presentation,
  { request, origin, now }: VerifierContext,
): Promise<void> {
  const { claims, jws } = keyBinding;
  await verifyJws(jws, grant.key);
  if (claims.nonce !== request.payload.nonce) throw new VerificationError('key-binding/nonce');
  if (claims.aud !== `origin:${origin}`) throw new VerificationError('key-binding/aud');
  if (Math.abs(claims.iat - now) > KEY_BINDING_WINDOW)
    throw new VerificationError('key-binding/iat');
  if (claims.sd_hash !== (await hashOf(sdJwt))) throw new VerificationError('key-binding/sd-hash');
  if (claims.transaction_data_hashes[0] !== request.termsHash) {
    throw new VerificationError('key-binding/terms');
  }
}

/** Every disclosure is referenced, none twice, and together they are exactly the granted datatypes. */
function assertDisclosedExactly({ grant, disclosures }: Presentation): void {
  const digests = disclosures.map(({ digest }) => digest);
  const names = disclosures.map(({ name }) => name);
  if (!digests.every((digest) => grant.claims.data._sd.includes(digest))) {
    throw new VerificationError('disclosure/unreferenced');
  }
  if (new Set(digests).size !== digests.length || new Set(names).size !== names.length) {
    throw new VerificationError('disclosure/duplicate');
  }
  const { datatypes } = grant.details;
  if (names.length !== datatypes.length || !names.every((name) => datatypes.includes(name))) {
    throw new VerificationError('presentation/names');
  }
}
