import { concat, decodeBase64url, encodeBase64url, encodeUtf8, u32be } from './bytes.ts';
import { hkdfSha256, randomBytes, sha256 } from './crypto.ts';
import { FormatError } from './errors.ts';
import { base64urlOf } from './shape.ts';

/** SPEC §8.2 "Stop sheet": from one printed 128-bit root, a value for each grant that ends it for good. */
const LABEL = encodeUtf8('zusage/stop/v1');
const StopRoot = base64urlOf(16);
const StopValue = base64urlOf(32);

/** 16 random bytes, base64url. */
export function newStopRoot(): string {
  return encodeBase64url(randomBytes(16));
}

/**
 * S_i, base64url: what ends grant number `i` when it is sent to `POST /stop`.
 * @param index counts the person's grants from 0, each number used once
 * @throws FormatError `stop/shape`
 */
export async function stopValue(stopRoot: string, index: number): Promise<string> {
  if (
    !StopRoot.safeParse(stopRoot).success ||
    !Number.isInteger(index) ||
    index < 0 ||
    index > 0xffff_ffff
  ) {
    throw new FormatError('stop/shape');
  }
  return encodeBase64url(
    await hkdfSha256(decodeBase64url(stopRoot), concat(LABEL, u32be(index)), 32),
  );
}

/**
 * The grant's `stop` claim: base64url SHA-256("zusage/stop/v1" ‖ S_i).
 * @throws FormatError `stop/shape`
 */
export async function stopHash(value: string): Promise<string> {
  if (!StopValue.safeParse(value).success) throw new FormatError('stop/shape');
  return encodeBase64url(await sha256(concat(LABEL, decodeBase64url(value))));
}
