import type { KeyObject } from 'node:crypto';
import type { PublicJwk } from '../jwk.ts';

/** A key ready for use, of whichever half made it; it is good for that half only. */
export type PrivateKey = CryptoKey | KeyObject;
export type PublicKey = CryptoKey | PublicJwk;
