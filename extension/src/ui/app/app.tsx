import { signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { Name } from '../mark.tsx';
import { Failure, Loading, Spoken } from '../notices.tsx';
import { failure, loadStatus, run, said, shut, status } from '../session.ts';
import { CreateVault, Unlock } from '../vault-forms.tsx';
import { t } from '../words.ts';
import { Data } from './data.tsx';
import { Log } from './log.tsx';
import { Sharing } from './sharing.tsx';

const SECTIONS = ['data', 'sharing', 'log'] as const;
type Section = (typeof SECTIONS)[number];

function here(): Section {
  return SECTIONS.find((section) => location.hash === `#/${section}`) ?? 'data';
}

const section = signal<Section>(here());

/** The app page: the vault at full size, in a tab. */
export function App() {
  const main = useRef<HTMLElement>(null);
  useEffect(() => {
    void loadStatus();
    const follow = () => {
      section.value = here();
      failure.value = null;
      main.current?.focus();
    };
    // The vault may have been locked elsewhere while this tab was out of view.
    const look = () => {
      if (document.visibilityState === 'visible') void loadStatus();
    };
    window.addEventListener('hashchange', follow);
    document.addEventListener('visibilitychange', look);
    return () => {
      window.removeEventListener('hashchange', follow);
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
            {SECTIONS.map((name) => (
              <a
                key={name}
                href={`#/${name}`}
                data-testid={`tab-${name}`}
                aria-current={section.value === name ? 'page' : undefined}
              >
                {title(name)}
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
      <main class="stack" ref={main} tabIndex={-1}>
        <Failure />
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
  said.value = t('locked_title');
}

function title(name: Section): string {
  if (name === 'data') return t('my_data');
  return name === 'sharing' ? t('sharing') : t('log');
}

function Vault() {
  const now = status.value;
  if (!now) return failure.value ? null : <Loading />;
  if (now.vault === 'none') return <CreateVault onDone={() => (said.value = t('created'))} />;
  const newer = now.vault === 'newer' && <p class="notice">{t('vault_newer')}</p>;
  if (now.vault === 'locked' || (newer && shut.value))
    return (
      <>
        {newer}
        <Unlock waiting={now.waiting[0]?.site} onDone={(next) => openFirst(next.waiting)} />
      </>
    );
  return (
    <>
      {newer}
      {now.integrity === 'broken' && (
        <p class="notice bad" role="alert">
          {t('vault_broken')}
        </p>
      )}
      {now.logWarning && section.value !== 'sharing' && (
        <p class="notice bad">{t('public_log_warning')}</p>
      )}
      {section.value === 'data' && <Data />}
      {section.value === 'sharing' && <Sharing />}
      {section.value === 'log' && <Log />}
    </>
  );
}

async function openFirst(waiting: { id: string }[]) {
  const first = waiting[0];
  if (first) await run('openApproval', { id: first.id });
}
