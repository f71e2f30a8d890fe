import { parseDisclosure } from '@zusage/protocol/disclosure';
import { daysOf } from '@zusage/protocol/duration';
import { attribute, customAttribute, purpose, showValue } from '@zusage/protocol/vocabulary/index';
import { recordedOf } from '../grant-log/recorded.ts';
import type { GrantView } from '../messages.ts';
import { attributeHeld, recordKey } from '../sharing/attribute-lookup.ts';
import { deletionOf } from '../sharing/deletion.ts';
import type { Services } from '../sharing/services.ts';
import { effectiveState, type StoredGrant } from '../sharing/stored-grant.ts';
import { labelOf } from './views.ts';

/** A grant in words: the values as they were shared then, not as the vault holds them now. */
export async function grantView(services: Services, grant: StoredGrant): Promise<GrantView> {
  const { now, lang } = services;
  const { terms } = grant;
  const state = effectiveState(grant, now());
  const endedOn = endOf(grant, state);
  const deletion = deletionOf(grant, { state, endedOn, now: now() });
  return {
    jti: grant.jti,
    brand: { did: grant.brand, name: grant.brandName },
    site: new URL(grant.origin).host,
    purposes: purposeWords(services, terms.purpose),
    attributes: await Promise.all(
      grant.disclosures.map(async (encoded) => {
        const { name, disclosed } = await parseDisclosure(encoded);
        const what = await attributeOf(services, grant, name);
        return {
          label: what ? labelOf(services, what) : name,
          shown: what ? showValue(what, disclosed.value, lang) : String(disclosed.value),
        };
      }),
    ),
    state,
    sharedOn: grant.sharedOn,
    until: grant.exp,
    ...(state === 'undo' && grant.undoUntil !== undefined && { undoUntil: grant.undoUntil }),
    ...(endedOn !== undefined && { endedOn }),
    retentionDays: daysOf(terms.retention),
    benefit: terms.benefit ? { text: terms.benefit.text[lang], due: terms.benefit.due } : null,
    notice: terms.notice.uri,
    contact: terms.contact.erasure,
    uses: await usesView(services, grant),
    ...(deletion && { deletion }),
    ...(grant.brandFrozen && endedOn === undefined && { brandFrozen: true }),
    vaultService: new URL(grant.vaultService).host,
    recorded: recordedOf(grant, await services.vault.get('logged', grant.jti)),
  };
}

async function usesView(services: Services, grant: StoredGrant): Promise<GrantView['uses']> {
  if (grant.uses === undefined) return null;
  const { count, last, days = [] } = grant.uses;
  const labels = new Map<string, string>();
  for (const id of new Set(days.flatMap(({ attributes }) => attributes))) {
    labels.set(id, (await attributeOf(services, grant, id))?.label[services.lang] ?? id);
  }
  const inWords = days.map(({ day, uses, last, denied, lists, attributes, purposes }) => ({
    ...{ day, uses, last, denied, lists },
    attributes: attributes.map((id) => labels.get(id) ?? id),
    purposes: purposeWords(services, purposes),
  }));
  return { count, last, days: inWords };
}

export function purposeWords({ lang }: Services, iris: readonly string[]): string[] {
  return iris.map((iri) => purpose(iri)?.label[lang] ?? iri);
}

/** When it ended; undefined while it has not. */
export function endOf(grant: StoredGrant, state: GrantView['state']): number | undefined {
  switch (state) {
    case 'active':
    case 'not-yet':
    case 'undo':
    case 'withdrawal-pending':
      return undefined;
    case 'expired':
      return grant.exp;
    case 'withdrawn':
    case 'returned':
    case 'replaced':
    case 'not-delivered':
    case 'lost':
      return grant.endedOn ?? grant.undoUntil;
  }
}

/** A brand's own question has its words in the record of the answer; without it only its id is left. */
async function attributeOf({ vault }: Services, { brand }: StoredGrant, id: string) {
  const known = attribute(id);
  if (known !== undefined) return known;
  const record = await vault.get('attribute', recordKey(id, brand));
  if (record !== undefined) return attributeHeld(record);
  return customAttribute({ id, label: { en: id, de: id } });
}
