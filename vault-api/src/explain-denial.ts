import { allowLoopback, isLoopbackHost } from '@zusage/protocol/origin';
import type { Question } from './authzen.ts';
import type { Context } from './context.ts';
import type { BrandRecord } from './store/port.ts';

/**
 * Why a denial is bare, for whoever builds against a vault on their own machine: only while development is allowed and
 * the vault itself is http on loopback, null everywhere else. Nothing is looked up for it.
 */
export function debugOf(
  context: Pick<Context, 'issuer' | 'loopback'>,
  { brand, question }: { readonly brand: BrandRecord; readonly question: Question },
): string | null {
  if (!isOwnMachine(context)) return null;
  switch (question.foreign) {
    case 'subject.type':
      return 'subject.type must be "user".';
    case 'resource.type':
      return 'resource.type must be "attribute".';
    case 'action.name':
      return 'action.name must be the IRI of a purpose.';
    case 'resource.id':
      return 'resource.id must be the id of an attribute.';
    case null:
      return `No grant of this subject to ${brand.did} is registered here: it was never registered, was erased, or is for another brand. subject.id is the thumbprint of the grant's key (its pseudonym).`;
  }
}

/** Whether development is allowed and the vault itself is http on loopback. */
export function isOwnMachine({ issuer, loopback }: Pick<Context, 'issuer' | 'loopback'>): boolean {
  const { protocol, host } = new URL(issuer);
  return loopback[allowLoopback] === true && protocol === 'http:' && isLoopbackHost(host);
}
