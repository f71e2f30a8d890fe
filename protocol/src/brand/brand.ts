import type { SigningKey } from '../crypto.ts';

/** Who acts: the brand's DID, and one key of its document. */
export type Brand = {
  readonly did: string;
  /** Absolute DID URL of the key, such as `did:web:shop.example#sig-1`. */
  readonly kid: string;
  readonly key: SigningKey;
};

/** NumericDate of now. */
export function currentTime(): number {
  return Math.floor(Date.now() / 1000);
}
