import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { GrantView } from '../../messages.ts';
import { clock, date, days, distance, due, time } from '../dates.ts';
import { ShopLinks } from '../shop-links.tsx';
import { list, snake, t } from '../words.ts';
import { Deletion } from './deletion.tsx';
import { Recorded, RecordWarnings } from './recorded.tsx';
import { Uses } from './uses.tsx';

type Props = {
  grant: GrantView;
  /** Now, NumericDate. */
  at: number;
  onWithdraw: () => void;
  onRestore: () => void;
  onRefresh: () => void;
  onSave: () => void;
  /** Name of the receipt that was just saved. */
  saved: string | null;
};

/** One grant in the words of the prompt that led to it. */
export function Grant({ grant, at, onWithdraw, onRestore, onRefresh, onSave, saved }: Props) {
  const { jti, brand, state, deletion, recorded } = grant;
  const title = `grant-${jti}`;
  const button = useRef<HTMLButtonElement>(null);
  const before = useRef(state);
  // "Stop sharing" turns into "Undo" and back: the focus follows, before anything is drawn.
  useLayoutEffect(() => {
    if (before.current !== state) button.current?.focus();
    before.current = state;
  }, [state]);

  const running = state === 'active' || state === 'not-yet';
  const over = state !== 'lost' && deletion !== undefined && deletion.state !== 'confirmed';
  const asked = running || state === 'undo' || over;
  return (
    <li
      class="card"
      data-testid={`grant-${jti}`}
      data-state={state}
      data-deletion={deletion?.state}
      data-recorded={recorded.state}
    >
      <div class="head">
        <h2 id={title}>{brand.name}</h2>
        <code>{grant.site}</code>
        <span class="tag">{t(`state_${snake(state)}`)}</span>
      </div>
      <dl>
        <Row term={t('what')}>
          {grant.attributes.map((a) => (
            <span class="pair" key={a.label}>
              {a.label}: <b>{a.shown}</b>
            </span>
          ))}
        </Row>
        <Row term={t('what_for')}>{list(grant.purposes)}</Row>
        <Row term={t('shared_on')}>{date(grant.sharedOn)}</Row>
        {grant.endedOn === undefined ? (
          <Row term={t('until_when')}>
            {t('date_and_distance', date(grant.until), distance(grant.until, at))}
          </Row>
        ) : (
          <Row term={t('ended_on')}>{date(grant.endedOn)}</Row>
        )}
        <Row term={t('kept')}>{t('kept_for', days(grant.retentionDays))}</Row>
        {grant.benefit && (
          <Row term={t('benefit')}>
            {t('quote', grant.benefit.text)} ({due(grant.benefit.due)})
          </Row>
        )}
        {grant.uses && (
          <Row term={t('uses')}>
            <Uses uses={grant.uses} jti={jti} />
          </Row>
        )}
        {deletion && (
          <Row term={t('deletion')}>
            <Deletion deletion={deletion} />
          </Row>
        )}
        <Row term={t('public_log')}>
          <Recorded recorded={recorded} />
        </Row>
      </dl>
      <RecordWarnings recorded={recorded} service={grant.vaultService} />
      {state === 'undo' && (
        <p class="notice">
          {t('undo_until', time(grant.undoUntil ?? at))}{' '}
          <span aria-hidden="true">({clock((grant.undoUntil ?? at) - at)})</span>
        </p>
      )}
      {grant.brandFrozen && (
        <p class="notice bad" data-testid={`frozen-${jti}`}>
          {t('brand_frozen_text')}
        </p>
      )}
      {state === 'lost' && <p class="notice bad">{t('lost_text')}</p>}
      {state === 'withdrawal-pending' && <p class="notice">{t('withdrawal_pending_text')}</p>}
      <p class="row">
        {running && (
          <button
            type="button"
            ref={button}
            aria-describedby={title}
            data-testid={`withdraw-${jti}`}
            onClick={onWithdraw}
          >
            {t('stop_sharing')}
          </button>
        )}
        {state === 'undo' && (
          <button
            type="button"
            class="main"
            ref={button}
            aria-describedby={title}
            data-testid={`restore-${jti}`}
            onClick={onRestore}
          >
            {t('undo')}
          </button>
        )}
        {asked && (
          <button
            type="button"
            class="link"
            aria-describedby={title}
            data-testid={`refresh-${jti}`}
            onClick={onRefresh}
          >
            {t(over ? 'refresh_deletion' : 'refresh')}
          </button>
        )}
        <button
          type="button"
          class="link"
          aria-describedby={title}
          data-testid={`receipt-${jti}`}
          onClick={onSave}
        >
          {t('save_receipt')}
        </button>
        <ShopLinks notice={grant.notice} contact={grant.contact} />
      </p>
      {saved !== null && <p class="hint">{t('receipt_saved', saved)}</p>}
    </li>
  );
}

function Row({ term, children }: { term: string; children: ComponentChildren }) {
  return (
    <div class="term">
      <dt>{term}</dt>
      <dd>{children}</dd>
    </div>
  );
}
