import type { ComponentChildren } from 'preact';
import type { PromptView } from '../../messages.ts';
import { after, date, days, distance, due, now, shortDate } from '../dates.ts';
import { ShopLinks } from '../shop-links.tsx';
import { count, list, t } from '../words.ts';
import { Says } from './who.tsx';

type Props = { view: PromptView; until: number; onUntil: (until: number) => void };

/** Until when, how often, how long, who else, what for it, and what could go wrong. */
export function Terms({ view, until, onUntil }: Props) {
  const at = now();
  return (
    <>
      <section aria-labelledby="terms">
        <h2 id="terms">{t('terms')}</h2>
        <dl>
          <Row term={<label for="until">{t('until_when')}</label>}>
            <select
              id="until"
              data-testid="until"
              value={String(until)}
              onChange={(e) => onUntil(Number(e.currentTarget.value))}
            >
              {[view.until, ...view.shorterUntil].map((end) => (
                <option key={end} value={String(end)}>
                  {t('date_and_distance', shortDate(end), distance(end, at))}
                </option>
              ))}
            </select>
            {view.from > at && <span class="hint">{t('from_when', date(view.from))}</span>}
          </Row>
          <Row term={t('how_often')}>
            {view.uses
              ? count('uses_at_most', view.uses.uses, days(view.uses.days))
              : t('uses_unlimited')}
          </Row>
          <Row term={t('kept')}>
            {t('kept_days', days(view.retentionDays), date(after(view.retentionDays, at)))}
          </Row>
          <Row term={t('recipients')}>
            {view.recipients.length ? list(view.recipients) : t('recipients_none')}
          </Row>
        </dl>
      </section>
      <section aria-labelledby="benefit">
        <h2 id="benefit">{t('benefit')}</h2>
        {view.benefit ? (
          <>
            <p>
              <b>{benefitKind(view.benefit.kind)}</b>, {due(view.benefit.due)}
            </p>
            <Says text={view.benefit.text} />
          </>
        ) : (
          <p>{t('benefit_none')}</p>
        )}
      </section>
      <section aria-labelledby="risk">
        <h2 id="risk">{t('risk')}</h2>
        <ul>
          {view.risk.map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
      </section>
      <section class="links">
        <ShopLinks notice={view.notice} contact={view.contact} />
      </section>
      <p class="notice">{t('stop_any_time')}</p>
      <p class="hint">{t('checked_by', view.vaultService)}</p>
    </>
  );
}

function Row({ term, children }: { term: ComponentChildren; children: ComponentChildren }) {
  return (
    <div class="term">
      <dt>{term}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** The kinds of benefit the terms know (SPEC §3); an unknown one never reaches the prompt. */
function benefitKind(kind: string): string {
  switch (kind) {
    case 'discount':
      return t('benefit_discount');
    case 'early-access':
      return t('benefit_early_access');
    case 'service':
      return t('benefit_service');
    case 'relevance':
      return t('benefit_relevance');
    case 'donation':
      return t('benefit_donation');
    case 'status':
      return t('benefit_status');
    case 'fewer-contacts':
      return t('benefit_fewer_contacts');
    default:
      return kind;
  }
}
