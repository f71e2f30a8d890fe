import { daysOf, SECONDS_PER_DAY } from '@zusage/protocol/duration';
import { purpose } from '@zusage/protocol/vocabulary/index';
import type { PromptView } from '../messages.ts';
import { type LogRecord, SETTINGS } from '../vault/records.ts';
import { attributeAsked, recordKey } from './attribute-lookup.ts';
import { CommandFailure } from './failure.ts';
import { log } from './log-entry.ts';
import { isAskable, type Prepared, prepare } from './prepare.ts';
import { promptItem } from './prompt-item.ts';
import { promptText } from './prompt-text.ts';
import { riskWords } from './risk.ts';
import type { Services } from './services.ts';
import type { Asked } from './types.ts';
import { WORDING } from './words.ts';

/** Days after which the person may end it earlier than asked. */
const SHORTER_DAYS = [180, 90, 30, 7];

/** Log entry of a shown request; it keeps the text for the grant that may follow. */
export const shownId = ({ key }: Asked) => `shown ${key}`;

/**
 * Everything the approval window says, in the person's language.
 * @throws CommandFailure `locked`; `unknown` when the request is to be met with silence. VaultError
 */
export async function promptView(services: Services, asked: Asked): Promise<PromptView> {
  if ((await services.vault.deadline()) === null) throw new CommandFailure('locked');
  const prepared = await prepare(services, asked);
  if (!prepared.ok) throw new CommandFailure('unknown');
  const view = await viewOf(services, asked, prepared);
  const text = promptText(services, view);
  await log(
    services,
    {
      event: 'shown',
      brand: view.brand.did,
      brandName: view.brand.name,
      site: view.site,
      attributes: [...prepared.request.attributes],
      purposes: prepared.request.terms.purpose,
      text,
    },
    shownId(asked),
  );
  // Shown again after the brand changed its document: what the person decides on is what they saw last.
  const last = { brandName: view.brand.name, text };
  const kept = await services.vault.get('log', shownId(asked));
  if ((kept as { text?: string }).text !== text) {
    await services.vault.update('log', shownId(asked), (entry) => ({
      ...(entry as LogRecord),
      ...last,
    }));
  }
  return view;
}

async function viewOf(
  services: Services,
  asked: Asked,
  { request, document }: Prepared,
): Promise<PromptView> {
  const { lang, now, vault } = services;
  const { terms, brand, attributes, choices, mandatory } = request;
  const { manifest } = document;
  const items = await Promise.all(
    attributes.map(async (id) => {
      const record = await vault.get('attribute', recordKey(id, brand.did));
      return promptItem(services, id, {
        what: isAskable(id, manifest) ? attributeAsked(id, manifest) : undefined,
        required: mandatory.includes(id),
        record,
      });
    }),
  );
  const from = Math.max(terms.period.from, now());
  const shorter = SHORTER_DAYS.map((days) => from + days * SECONDS_PER_DAY);
  return {
    id: asked.key,
    site: new URL(asked.origin).host,
    brand: {
      did: brand.did,
      name: manifest.name,
      known: (await vault.all('grant')).some((grant) => grant.brand === brand.did),
    },
    purposes: terms.purpose.map((iri) => {
      const known = purpose(iri);
      return { label: known?.label[lang] ?? iri, explain: known?.explain[lang] ?? '' };
    }),
    brandSays: terms.text[lang],
    items,
    choices: choices.map((choice) => [...choice]),
    from: terms.period.from,
    until: terms.period.until,
    shorterUntil: shorter.filter((end) => end < terms.period.until),
    uses: terms.frequency
      ? { uses: terms.frequency.uses, days: daysOf(terms.frequency.per) }
      : null,
    retentionDays: daysOf(terms.retention),
    recipients: terms.recipients,
    benefit: terms.benefit
      ? { kind: terms.benefit.kind, text: terms.benefit.text[lang], due: terms.benefit.due }
      : null,
    risk: riskWords(
      services,
      attributes.flatMap((id) => attributeAsked(id, manifest) ?? []),
      terms,
    ),
    notice: terms.notice.uri,
    contact: terms.contact.erasure,
    vaultService: new URL(await vaultServiceOf(services)).host,
    lang,
    wording: WORDING,
  };
}

async function vaultServiceOf({ vault }: Services): Promise<string> {
  const settings = await vault.get('settings', SETTINGS);
  if (settings === undefined) throw new CommandFailure('corrupt');
  return settings.vaultService;
}
