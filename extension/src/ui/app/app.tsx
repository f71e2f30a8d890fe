import { computed } from '@preact/signals';
import type { ComponentType } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { followLock } from '../follow-lock.ts';
import { KitBanner } from '../kit/kit-banner.tsx';
import { Name } from '../mark.tsx';
import { Failure, Loading, Spoken } from '../notices.tsx';
import { followRoute, route } from '../route.ts';
import { failure, loadStatus, run, say, shut, status } from '../session.ts';
import { SetUp } from '../set-up.tsx';
import { Settings } from '../settings/settings.tsx';
import { Unlock } from '../vault-forms.tsx';
import { type Key, t } from '../words.ts';
import { BackupBanner } from './backup-banner.tsx';
import { Data } from './data.tsx';
import { Home } from './home.tsx';
import { Log } from './log.tsx';
import { Loss } from './loss.tsx';
import { Sharing } from './sharing.tsx';

type Section = { route: string; title: Key; Body: ComponentType };

/** In the order of the tabs; the first is shown for every address that is none of these. */
const SECTIONS: readonly [Section, ...Section[]] = [
  { route: '', title: 'home', Body: Home },
  { route: 'data', title: 'my_data', Body: Data },
  { route: 'sharing', title: 'sharing', Body: Sharing },
  { route: 'log', title: 'log', Body: Log },
  { route: 'settings', title: 'settings', Body: Settings },
];

const section = computed(() => SECTIONS.find((one) => one.route === route.value) ?? SECTIONS[0]);

/** The app page: the vault at full size, in a tab. */
export function App() {
  const main = useRef<HTMLElement>(null);
  useEffect(() => {
    void loadStatus();
    const unfollow = followRoute(() => {
      failure.value = null;
      main.current?.focus();
    });
    const unfollowLock = followLock();
    // The vault may have been locked elsewhere while this tab was out of view.
    const look = () => {
      if (document.visibilityState === 'visible') void loadStatus();
    };
    document.addEventListener('visibilitychange', look);
    return () => {
      unfollow();
      unfollowLock();
      document.removeEventListener('visibilitychange', look);
    };
  }, []);

  const vault = status.value?.vault;
  const inside = vault === 'unlocked' || (vault === 'newer' && !shut.value);
  return (
    <>
      <header class="bar">
        <Name />
        {inside && (
          <nav aria-label={t('sections')}>
            {SECTIONS.map((one) => (
              <a
                key={one.route}
                href={`#/${one.route}`}
                data-testid={`tab-${one.route || 'home'}`}
                aria-current={section.value === one ? 'page' : undefined}
              >
                {t(one.title)}
              </a>
            ))}
          </nav>
        )}
        {vault === 'unlocked' && (
          <button type="button" data-testid="lock" onClick={lock}>
            {t('lock')}
          </button>
        )}
      </header>
      <div class="failure">
        <Failure />
      </div>
      <main class="stack" ref={main} tabIndex={-1}>
        <Vault />
      </main>
      <Spoken />
    </>
  );
}

async function lock() {
  const next = await run('lock', {});
  if (!next) return;
  status.value = next;
  say(t('locked_title'));
}

function Vault() {
  const now = status.value;
  if (!now) return failure.value ? null : <Loading />;
  if (now.vault === 'none') return <SetUp />;
  const newer = now.vault === 'newer' && <p class="notice">{t('vault_newer')}</p>;
  if (now.vault === 'locked' || (newer && shut.value))
    return (
      <>
        {newer}
        <Unlock waiting={now.waiting[0]?.site} onDone={(next) => openFirst(next.waiting)} />
      </>
    );
  const { Body } = section.value;
  return (
    <>
      {newer}
      {now.integrity === 'broken' && <Loss />}
      {now.logWarning && section.value.Body !== Sharing && (
        <p class="notice bad">{t('public_log_warning')}</p>
      )}
      <KitBanner />
      <BackupBanner />
      <Body />
    </>
  );
}

async function openFirst(waiting: { id: string }[]) {
  const first = waiting[0];
  if (first) await run('openApproval', { id: first.id });
}
