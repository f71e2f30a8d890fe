import type { Grant } from '@zusage/protocol/grant';
import type { PublicJwk } from '@zusage/protocol/jwk';

/** Keys that are kept ready for use, about 2 KB each. */
const MAX_KEPT = 1000;
const kept = new Map<string, PublicJwk>();

/**
 * A person's key verifies the proof for a slot and, minutes later, the grant. What hangs on the object (a key made
 * ready for use) is found again when it is the same object.
 * @param pseudonym the key's own thumbprint
 */
export function rememberKey(pseudonym: string, key: PublicJwk): void {
  kept.delete(pseudonym);
  kept.set(pseudonym, key);
  for (const oldest of kept.keys()) {
    if (kept.size <= MAX_KEPT) return;
    kept.delete(oldest);
  }
}

/** The key of a grant, the same object as for its slot where that is still kept. */
export function knownKey({ pseudonym, key }: Pick<Grant, 'pseudonym' | 'key'>): PublicJwk {
  return kept.get(pseudonym) ?? key;
}
