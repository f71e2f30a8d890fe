import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Status } from '../../messages.ts';
import { browser } from '../browser.ts';
import { Name } from '../mark.tsx';
import { Failure, Loading, Spoken } from '../notices.tsx';
import { failure, loadStatus, run, status } from '../session.ts';
import { SetUp } from '../set-up.tsx';
import { Unlock } from '../vault-forms.tsx';
import { t } from '../words.ts';
import { CurrentSite } from './current-site.tsx';
import { Footer } from './footer.tsx';

/** The toolbar popup. It injects nothing by being opened. */
export function Popup() {
  useEffect(() => {
    void loadStatus();
    // The approval is a window of its own: once it stands, this one is only in the way.
    const close = () => window.close();
    browser.windows.onCreated.addListener(close);
    return () => browser.windows.onCreated.removeListener(close);
  }, []);

  const now = status.value;
  return (
    <>
      <header class="bar">
        <Name />
      </header>
      <main class="stack">
        <Failure />
        {now ? <Vault now={now} /> : !failure.value && <Loading />}
      </main>
      {now && now.vault !== 'none' && <Footer now={now} />}
      <Spoken />
    </>
  );
}

async function openTab(page: string) {
  await browser.tabs.create({ url: browser.runtime.getURL(page) });
  window.close();
}

/** Opens the approval of the request that has waited longest. */
async function openFirst(now: Status) {
  const first = now.waiting[0];
  if (!first) return;
  if (await run('openApproval', { id: first.id })) window.close();
}

function Vault({ now }: { now: Status }) {
  // Only a vault that this popup has just unlocked leads on by itself; opening the popup alone does nothing.
  const unlocked = useSignal(false);
  const first = now.waiting[0];

  if (now.vault === 'none') return <SetUp />;
  if (now.vault === 'newer')
    return (
      <>
        <h1>{t('vault_newer_title')}</h1>
        <p>{t('vault_newer')}</p>
      </>
    );
  if (now.vault === 'locked')
    return (
      <>
        <Missed sites={now.missed} />
        <Unlock
          waiting={first?.site}
          openTab={openTab}
          onDone={(next) => {
            unlocked.value = true;
            void openFirst(next);
          }}
        />
      </>
    );
  return (
    <>
      {now.integrity === 'broken' && (
        <p class="notice bad" role="alert">
          {t('vault_broken')}
        </p>
      )}
      {now.logWarning && (
        <p class="notice bad" data-testid="log-warning">
          {t('public_log_warning')}
        </p>
      )}
      <Missed sites={now.missed} />
      {first && (
        <div class="notice row">
          <span>{t('waiting', first.site)}</span>
          <button type="button" data-testid="open-approval" onClick={() => openFirst(now)}>
            {t('waiting_open')}
          </button>
        </div>
      )}
      <CurrentSite />
      {now.attributes === 0 && !unlocked.value && <p class="quiet">{t('popup_empty')}</p>}
    </>
  );
}

/** Sites that asked a locked vault and have had their answer. */
function Missed({ sites }: { sites: string[] }) {
  return sites.map((site) => (
    <p class="notice" key={site}>
      {t('missed', site)}
    </p>
  ));
}
