import { SECONDS_PER_DAY } from '@zusage/protocol/duration';
import { attribute, purpose } from '@zusage/protocol/vocabulary/index';
import type { PromptView } from '../messages.ts';
import type { HeldAttribute } from '../sharing/attribute-lookup.ts';
import { CommandFailure } from '../sharing/failure.ts';
import { promptItem } from '../sharing/prompt-item.ts';
import { riskWords } from '../sharing/risk.ts';
import type { Services } from '../sharing/services.ts';
import { WORDING } from '../sharing/words.ts';
import { argsOf, NoArgs } from './args.ts';

/** A shop that does not exist, under a name that never will (RFC 2606). */
const HOST = 'practice.example';
const PURPOSE = 'https://w3id.org/dpv#ProvideProductRecommendations';
const REQUIRED = ['size.shoe', 'preference.coffee-roast'];
const OPTIONAL = ['intent.travel'];
const RETENTION_DAYS = 30;
const SHARED_DAYS = 90;

export function practiceCommands(services: Services) {
  const { vault, words, now, lang } = services;
  return {
    /**
     * A request to practise with: the same view as a shop's, made here. Nobody signed it, nothing is logged, and there
     * is no command that could answer it.
     * @throws CommandFailure `locked`; VaultError
     */
    practice: async (args: unknown): Promise<PromptView> => {
      argsOf(NoArgs, args);
      if ((await vault.deadline()) === null) throw new CommandFailure('locked');
      const asked = [...REQUIRED, ...OPTIONAL];
      const items = [];
      for (const id of asked) {
        const record: HeldAttribute | undefined = await vault.get('attribute', id);
        const required = REQUIRED.includes(id);
        items.push(promptItem(services, id, { what: attribute(id), required, record }));
      }
      const known = purpose(PURPOSE);
      const from = now();
      return {
        id: 'practice',
        site: HOST,
        brand: { did: `did:web:${HOST}`, name: words('worker_practice_shop'), known: false },
        purposes: [{ label: known?.label[lang] ?? '', explain: known?.explain[lang] ?? '' }],
        brandSays: words('worker_practice_says'),
        items,
        choices: [REQUIRED, asked],
        from,
        until: from + SHARED_DAYS * SECONDS_PER_DAY,
        shorterUntil: [30, 7].map((days) => from + days * SECONDS_PER_DAY),
        uses: null,
        retentionDays: RETENTION_DAYS,
        recipients: [],
        benefit: { kind: 'relevance', text: words('worker_practice_benefit'), due: 'P0D' },
        risk: riskWords(
          services,
          asked.flatMap((id) => attribute(id) ?? []),
          { purpose: [PURPOSE], recipients: [], retention: `P${RETENTION_DAYS}D` },
        ),
        // Links of a shop that is nowhere lead nowhere.
        notice: '#what-for',
        contact: `mailto:practice@${HOST}`,
        vaultService: HOST,
        lang,
        wording: WORDING,
      };
    },
  };
}
