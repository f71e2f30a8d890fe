import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Decision, PromptView } from '../../messages.ts';
import { Ask } from '../approval/ask-person.tsx';
import { type AskError, ask } from '../ask.ts';
import { Name } from '../mark.tsx';
import { Loading } from '../notices.tsx';
import { snake, t } from '../words.ts';
import { Afterwards } from './afterwards.tsx';

/**
 * A shop's request to practise with: the real prompt over a shop that does not exist. The decision stays in this page:
 * nothing is signed, registered, logged or sent.
 */
export function Practice() {
  const view = useSignal<PromptView | null>(null);
  const decision = useSignal<Decision | null>(null);
  const error = useSignal<AskError | null>(null);

  useEffect(() => void load(), []);
  async function load() {
    const answer = await ask('practice', {});
    decision.value = null;
    if (answer.ok) view.value = answer.value;
    else {
      const now = await ask('status', {});
      error.value = now.ok && now.value.vault === 'none' ? 'none' : answer.code;
    }
  }

  return (
    <>
      <section class="practice" data-testid="practice" aria-label={t('practice_window')}>
        {t('practice_mark')}
      </section>
      {error.value ? (
        <>
          <header class="bar">
            <Name />
          </header>
          <main class="stack result">
            <h1>{t('practice_window')}</h1>
            <p role="alert">{t(`error_${snake(error.value)}`)}</p>
            <p>
              <a class="button main" href="/app.html#/">
                {t(error.value === 'none' ? 'set_up' : 'welcome_finish')}
              </a>
            </p>
          </main>
        </>
      ) : !view.value ? (
        <Loading />
      ) : decision.value ? (
        <Afterwards view={view.value} decision={decision.value} onAgain={load} />
      ) : (
        <Ask
          view={view.value}
          deciding={false}
          error={null}
          onDecide={(decided) => {
            decision.value = decided;
          }}
        />
      )}
    </>
  );
}
