import { type Bytes, decodeBase64url, encodeBase64url, encodeUtf8 } from './bytes.ts';
import { type SigningKey, sign, verify } from './crypto.ts';
import { FormatError } from './errors.ts';
import { type Json, parseJson } from './json.ts';
import type { PublicJwk } from './jwk.ts';

/** 64 KB: no message of the protocol is larger. */
export const MAX_MESSAGE = 65_536;

/** A compact JWS (RFC 7515) taken apart; nothing about it is verified yet. */
export type Jws = {
  /** The exact bytes, as they are stored and forwarded. */
  readonly compact: string;
  readonly header: {
    readonly alg: 'ES256';
    readonly typ?: string;
    readonly kid?: string;
    readonly jwk?: Json;
  };
  readonly payload: { readonly [claim: string]: Json };
  readonly signingInput: Bytes;
  readonly signature: Bytes;
};

type Rules = {
  /** The accepted `typ`; undefined stands for an absent one. */
  typ: readonly (string | undefined)[];
  /** Which of the two ways to name a key the header must use. */
  key: readonly ('kid' | 'jwk')[];
};

const PART = /^[A-Za-z0-9_-]+$/;

/**
 * Strict: three canonical base64url parts, `alg` ES256, the exact `typ`, a 64-byte signature, and no header member
 * beyond `alg`, `typ` and those of `key` – so `crit`, `b64`, `jku`, `x5u`, `x5c` never arrive (SPEC §1).
 * @throws FormatError `bytes/too-large`, `jws/*`, `json/*`, `bytes/*`
 */
export function parseJws(compact: string, rules: Rules): Jws {
  if (compact.length > MAX_MESSAGE) throw new FormatError('bytes/too-large');
  const parts = compact.split('.');
  const [encodedHeader, encodedPayload, encodedSignature] = parts;
  if (parts.length !== 3 || !parts.every((part) => PART.test(part)))
    throw new FormatError('jws/parts');
  const header = parseJson(decodeBase64url(encodedHeader as string));
  checkHeader(header, rules);
  const payload = parseJson(decodeBase64url(encodedPayload as string));
  if (typeof payload !== 'object' || payload === null || Array.isArray(payload)) {
    throw new FormatError('jws/payload');
  }
  const signature = decodeBase64url(encodedSignature as string);
  if (signature.length !== 64) throw new FormatError('jws/signature-length');
  const signingInput = encodeUtf8(`${encodedHeader}.${encodedPayload}`);
  return { compact, header, payload, signingInput, signature };
}

function checkHeader(header: Json, { typ, key }: Rules): asserts header is Jws['header'] {
  if (typeof header !== 'object' || header === null || Array.isArray(header)) {
    throw new FormatError('jws/header');
  }
  if (header['alg'] !== 'ES256') throw new FormatError('jws/alg');
  if (!typ.includes(header['typ'] as string | undefined)) throw new FormatError('jws/typ');
  const allowed = ['alg', 'typ', ...key];
  if (Object.keys(header).some((member) => !allowed.includes(member)))
    throw new FormatError('jws/header');
  if (key.some((member) => !(member in header))) throw new FormatError('jws/header');
  if ('kid' in header && typeof header['kid'] !== 'string') throw new FormatError('jws/header');
}

/** By which key a message was found signed, for as long as somebody holds it: it never changes. */
const verified = new WeakMap<Jws, string>();

/** @throws VerificationError `jws/signature`, FormatError `jwk/not-on-curve` */
export async function verifyJws(jws: Jws, key: PublicJwk): Promise<void> {
  const name = `${key.x}.${key.y}`;
  if (verified.get(jws) === name) return;
  await verify(key, jws.signature, jws.signingInput);
  verified.set(jws, name);
}

/** The two parts a signature covers. */
export function signingInputOf(header: object, payload: object): string {
  return `${encodeBase64url(encodeUtf8(JSON.stringify(header)))}.${encodeBase64url(encodeUtf8(JSON.stringify(payload)))}`;
}

/** @param header its members besides `alg` */
export async function signJws(
  header: { typ?: string; kid?: string; jwk?: PublicJwk },
  payload: object,
  key: SigningKey,
): Promise<string> {
  const input = signingInputOf({ alg: 'ES256', ...header }, payload);
  return `${input}.${encodeBase64url(await sign(key, encodeUtf8(input)))}`;
}
