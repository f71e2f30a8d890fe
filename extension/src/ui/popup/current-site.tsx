import { useSignal } from '@preact/signals';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import type { SiteView } from '../../messages.ts';
import { browser } from '../browser.ts';
import { Loading } from '../notices.tsx';
import { failure, run, say } from '../session.ts';
import { t } from '../words.ts';

/** The page in the active tab, and whether the extension exists for it. */
export function CurrentSite() {
  const tabId = useSignal(-1);
  const site = useSignal<SiteView | null>(null);
  const connectedNow = useSignal(false);
  const first = useRef<HTMLButtonElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);

  useEffect(() => {
    void load();
    async function load() {
      const [tab] = await browser.tabs.query({ active: true, currentWindow: true });
      tabId.value = tab?.id ?? -1;
      site.value = await run('site', { tabId: tabId.value });
    }
  }, []);
  const view = site.value;
  const offers = view?.origin && view.connected === 'no' && !view.blocked;
  useLayoutEffect(() => {
    if (offers) first.current?.focus();
  }, [offers]);

  if (!view) return failure.value ? null : <Loading />;
  const { origin, host } = view;
  if (!origin || !host)
    return (
      <>
        <h1>{t('site_none')}</h1>
        <p class="quiet">{t('site_none_text')}</p>
      </>
    );

  /** Shows what a button led to; focus goes to the heading when the button is gone. */
  function show(next: SiteView | null, words: string) {
    if (!next) return;
    site.value = next;
    say(words);
    heading.current?.focus();
  }
  async function once() {
    const next = await run('connect', { tabId: tabId.value });
    connectedNow.value = next !== null;
    show(next, t('connected_now'));
  }
  async function always() {
    // Inside the click, or the browser refuses to ask; the worker cannot do it.
    const granted = await browser.permissions.request({ origins: [`${origin}/*`] });
    if (!granted || !origin) return;
    const next = await run('connectAlways', { tabId: tabId.value, origin });
    connectedNow.value = next !== null;
    show(next, t('connected_now'));
  }
  async function disconnect() {
    if (!origin) return;
    connectedNow.value = false;
    show(await run('disconnect', { tabId: tabId.value, origin }), t('site_not_connected'));
  }
  async function block(blocked: boolean) {
    if (!origin || !(await run('block', { origin, blocked }))) return;
    connectedNow.value = false;
    show(
      await run('site', { tabId: tabId.value }),
      t(blocked ? 'site_blocked' : 'site_not_connected'),
    );
  }

  return (
    <section class="stack" aria-labelledby="site">
      <h1 id="site" class="site" ref={heading} tabIndex={-1}>
        <code>{host}</code>
      </h1>
      <p class={connectedNow.value ? 'notice good' : 'quiet'}>
        {connectedNow.value ? t('connected_now') : t(stateOf(view))}
      </p>
      {offers && (
        <>
          <button
            type="button"
            class="main wide"
            ref={first}
            data-testid="connect-once"
            onClick={once}
          >
            {t('connect_once')}
          </button>
          <button type="button" class="wide" data-testid="connect-always" onClick={always}>
            {t('connect_always')}
          </button>
        </>
      )}
      {view.connected !== 'no' && (
        <button type="button" class="wide" data-testid="disconnect" onClick={disconnect}>
          {t('disconnect')}
        </button>
      )}
      <button
        type="button"
        class="link"
        data-testid={view.blocked ? 'unblock' : 'block'}
        onClick={() => block(!view.blocked)}
      >
        {t(view.blocked ? 'unblock' : 'block')}
      </button>
    </section>
  );
}

function stateOf(view: SiteView) {
  if (view.blocked) return 'site_blocked';
  if (view.connected === 'always') return 'site_always';
  return view.connected === 'once' ? 'site_once' : 'site_not_connected';
}
