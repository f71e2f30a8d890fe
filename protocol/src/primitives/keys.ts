import type { KeyObject } from 'node:crypto';

/** A key ready for use, of whichever half made it; it is good for that half only. */
export type PrivateKey = CryptoKey | KeyObject;
export type PublicKey = CryptoKey | KeyObject;
