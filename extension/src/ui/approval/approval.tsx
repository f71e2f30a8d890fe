import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { DecideResult, Decision, PromptView } from '../../messages.ts';
import { type AskError, askUntilAnswered } from '../ask.ts';
import { browser } from '../browser.ts';
import { Loading } from '../notices.tsx';
import { Ask } from './ask-person.tsx';
import { Failed, Over, Shared } from './results.tsx';

type Phase =
  | { is: 'loading' }
  | { is: 'over'; error: AskError | null }
  | { is: 'asking'; error: AskError | null }
  | { is: 'deciding' }
  | { is: 'shared' }
  | { is: 'failed'; reason: Extract<DecideResult, { outcome: 'failed' }>['reason'] };

const id = new URLSearchParams(location.search).get('id') ?? '';

/** The approval window: one request, one decision. Closing it is a refusal, and the worker sees to that. */
export function Approval() {
  const phase = useSignal<Phase>({ is: 'loading' });
  const view = useSignal<PromptView | null>(null);

  useEffect(() => {
    void load(null);
    // The vault is unlocked elsewhere, and then this window is brought forward again.
    const look = () => {
      if (phase.value.is === 'over' && phase.value.error === 'locked') void load(null);
    };
    window.addEventListener('focus', look);
    return () => window.removeEventListener('focus', look);
  }, []);

  /** Asked until answered: a worker that dies over it has shown nothing yet, and showing twice is showing once. */
  async function load(error: AskError | null) {
    const { id: windowId = -1 } = await browser.windows.getCurrent();
    const answer = await askUntilAnswered('prompt', { id, windowId });
    if (answer.ok && answer.value === 'duplicate') return window.close();
    if (!answer.ok || !answer.value || answer.value === 'duplicate') {
      phase.value = { is: 'over', error: answer.ok ? null : answer.code };
      return;
    }
    view.value = answer.value;
    phase.value = { is: 'asking', error };
  }

  async function decide(decision: Decision) {
    phase.value = { is: 'deciding' };
    const answer = await askUntilAnswered('decide', { id, decision });
    if (!answer.ok && answer.code === 'changed') await load(answer.code);
    else if (!answer.ok) phase.value = { is: 'asking', error: answer.code };
    else if (answer.value.outcome === 'failed')
      phase.value = { is: 'failed', reason: answer.value.reason };
    else if (answer.value.outcome === 'shared') phase.value = { is: 'shared' };
    else window.close();
  }

  const now = phase.value;
  if (now.is === 'loading') return <Loading />;
  if (now.is === 'over' || !view.value)
    return <Over error={now.is === 'over' ? now.error : null} />;
  if (now.is === 'shared') return <Shared brand={view.value.brand.name} />;
  if (now.is === 'failed') return <Failed reason={now.reason} />;
  return (
    <Ask
      view={view.value}
      deciding={now.is === 'deciding'}
      error={now.is === 'asking' ? now.error : null}
      onDecide={decide}
    />
  );
}
