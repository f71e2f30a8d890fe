import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import type { DecideResult } from '../../messages.ts';
import type { AskError } from '../ask.ts';
import { Name } from '../mark.tsx';
import { snake, t } from '../words.ts';

/** Milliseconds after which the window of a request that went well leaves; the page below has its answer. */
const LINGER = 4000;

export function Shared({ brand }: { brand: string }) {
  useEffect(() => {
    const timer = window.setTimeout(() => window.close(), LINGER);
    return () => clearTimeout(timer);
  }, []);
  return (
    <Result title={t('shared_title')} testid="shared">
      <p>{t('shared_text', brand)}</p>
      <p>{t('stop_any_time')}</p>
    </Result>
  );
}

type Reason = Extract<DecideResult, { outcome: 'failed' }>['reason'];

export function Failed({ reason }: { reason: Reason }) {
  return (
    <Result title={t('failed_title')} testid="failed">
      <p>{t(`failed_${snake(reason)}`)}</p>
    </Result>
  );
}

export function Over({ error }: { error: AskError | null }) {
  return (
    <Result title={t('over_title')} testid="over">
      <p>{error && error !== 'unknown' ? t(`error_${snake(error)}`) : t('over_text')}</p>
    </Result>
  );
}

/** Takes the focus with it, so that what happened is read out and the keyboard stays in the window. */
function Result({
  title,
  testid,
  children,
}: {
  title: string;
  testid: string;
  children: ComponentChildren;
}) {
  const heading = useRef<HTMLHeadingElement>(null);
  useLayoutEffect(() => heading.current?.focus(), []);
  return (
    <>
      <header class="bar">
        <Name />
      </header>
      <main class="stack result" data-testid={testid}>
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {children}
        <button type="button" class="wide" data-testid="close" onClick={() => window.close()}>
          {t('close')}
        </button>
      </main>
    </>
  );
}
