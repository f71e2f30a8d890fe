import type { Services } from './services.ts';
import { effectiveState, type StoredGrant } from './stored-grant.ts';

/**
 * The grant that a new one takes the place of: the brand's latest that still runs (or can be taken back) at the same
 * service for exactly the same purposes. Sharing again for the same purposes is one agreement renewed, not two;
 * another purpose stands beside it and is withdrawn on its own.
 * @returns its `jti`, or null
 */
export async function replacedBy(
  { vault, now }: Services,
  asked: { did: string; vaultService: string; purposes: readonly string[] },
): Promise<string | null> {
  const grants = (await vault.all('grant')) as StoredGrant[];
  const [latest] = grants
    .filter(
      (grant) =>
        grant.brand === asked.did &&
        grant.vaultService === asked.vaultService &&
        ['active', 'not-yet', 'undo'].includes(effectiveState(grant, now())) &&
        sameSet(grant.terms.purpose, asked.purposes),
    )
    .sort((a, b) => b.sharedOn - a.sharedOn);
  return latest?.jti ?? null;
}

function sameSet(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((item) => right.includes(item));
}
