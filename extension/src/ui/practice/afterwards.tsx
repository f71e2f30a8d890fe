import { useSignal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Decision, PromptView } from '../../messages.ts';
import { date } from '../dates.ts';
import { Name } from '../mark.tsx';
import { Failure } from '../notices.tsx';
import { run } from '../session.ts';
import { list, t } from '../words.ts';

type Props = { view: PromptView; decision: Decision; onAgain: () => void };

/** What would have happened, and what may be kept of it. */
export function Afterwards({ view, decision, onAgain }: Props) {
  const heading = useRef<HTMLHeadingElement>(null);
  const kept = useSignal(false);
  useLayoutEffect(() => heading.current?.focus(), []);
  const entered = decision.share ? decision.entered : [];
  const label = (id: string) => view.items.find((item) => item.id === id)?.label ?? id;

  async function keep() {
    for (const one of entered) if (!(await run('saveAttribute', one))) return;
    kept.value = true;
    heading.current?.focus();
  }
  return (
    <>
      <header class="bar">
        <Name />
      </header>
      <main class="stack result" data-testid="practised">
        <h1 ref={heading} tabIndex={-1}>
          {t(decision.share ? 'practice_shared_title' : 'practice_refused_title')}
        </h1>
        <Failure />
        {decision.share ? (
          <>
            <p>
              {t(
                'practice_shared',
                view.brand.name,
                list(decision.items.map(({ id }) => label(id))),
                date(decision.until),
              )}
            </p>
            <p>{t('practice_shared_service')}</p>
            <p>{t('practice_shared_stop')}</p>
          </>
        ) : (
          <p>{t('practice_refused')}</p>
        )}
        <p class="notice">{t('practice_nothing')}</p>
        <div role="status">{kept.value && <p>{t('practice_kept')}</p>}</div>
        {entered.length > 0 && !kept.value && (
          <button type="button" class="wide" data-testid="practice-keep" onClick={keep}>
            {t('practice_keep', list(entered.map(({ id }) => label(id))))}
          </button>
        )}
        <p class="row">
          <a href="/app.html#/" data-testid="practice-home">
            {t('welcome_finish')}
          </a>
          <button type="button" class="link" data-testid="practice-again" onClick={onAgain}>
            {t('practice_again')}
          </button>
        </p>
      </main>
    </>
  );
}
