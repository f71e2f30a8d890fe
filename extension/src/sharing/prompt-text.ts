import { daysOf } from '@zusage/protocol/duration';
import type { PromptView } from '../messages.ts';
import type { Services } from './services.ts';
import { dateWords, dayWords, listWords, type Word } from './words.ts';

/**
 * What the prompt said, as plain text for log and grant: every sentence but the person's values, which are named by
 * their attribute only.
 */
export function promptText({ words, lang, now }: Services, view: PromptView): string {
  const { brand, site, benefit, uses, recipients } = view;
  const closed = view.items.filter(({ state }) => state === 'out-of-bounds' || state === 'local');
  const choosable = view.items.filter((item) => !closed.includes(item));
  const special = choosable.some(({ sensitivity }) => sensitivity === 'special');
  return [
    words('worker_text_asks', brand.name, site),
    ...choosable.map(({ label, required }) =>
      words(required ? 'worker_text_required' : 'worker_text_optional', label),
    ),
    ...closed.map(
      ({ label, state }) =>
        `${label}: ${words(state === 'local' ? 'worker_item_local' : 'out_of_bounds')}`,
    ),
    ...(special ? [words('special_text')] : []),
    ...view.purposes.map(({ label, explain }) => words('worker_text_purpose', label, explain)),
    words('worker_text_says', view.brandSays),
    ...(view.from > now() ? [words('from_when', dateWords(view.from, lang))] : []),
    words('worker_text_until', dateWords(view.until, lang)),
    uses
      ? words('worker_text_uses', String(uses.uses), dayWords(uses.days, lang))
      : words('worker_text_uses_unlimited'),
    words('worker_text_kept', dayWords(view.retentionDays, lang)),
    recipients.length > 0
      ? words('worker_text_recipients', listWords(recipients, lang))
      : words('worker_text_recipients_none'),
    benefit
      ? words(
          'worker_text_benefit',
          benefit.text,
          dayWords(daysOf(benefit.due), lang),
          words(benefitWord(benefit.kind)),
        )
      : words('worker_text_benefit_none'),
    `${words('risk')}:`,
    ...view.risk,
    words(
      'worker_text_links',
      view.notice,
      view.contact.replace(/^mailto:/, ''),
      view.vaultService,
    ),
    words('worker_text_stop'),
  ].join('\n');
}

/** The kinds of benefit are a closed list (SPEC §3), and each has its word. */
function benefitWord(kind: string): Word {
  return `benefit_${kind.replaceAll('-', '_')}` as Word;
}
