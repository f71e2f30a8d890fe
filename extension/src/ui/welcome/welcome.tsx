import type { ComponentType } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { MakeBackup } from '../backup/make-backup.tsx';
import { Restore } from '../backup/restore.tsx';
import { Name } from '../mark.tsx';
import { Failure, Loading, Spoken } from '../notices.tsx';
import { followRoute, route } from '../route.ts';
import { failure, loadStatus, status } from '../session.ts';
import { Unlock } from '../vault-forms.tsx';
import { t } from '../words.ts';
import { Cards } from './cards.tsx';
import { ChangePassphrase } from './change-passphrase.tsx';
import { CreateVault } from './create-vault.tsx';
import { drawSign } from './draw-sign.ts';
import { Hello } from './hello.tsx';
import { KitStep } from './kit-step.tsx';
import { Recover } from './recover.tsx';
import { ResetScreen } from './reset.tsx';
import { STEPS, settingUp } from './set-up.ts';
import { PrintStopSheet } from './stop-sheet.tsx';

type Screen = {
  Body: ComponentType;
  /** Which vault it is for; with another one the page shows what can be done instead. */
  for: 'none' | 'unlocked' | 'any';
};

/** Set-up, and whatever else chooses a passphrase: here alone is the word list that tells how good one is. */
const SCREENS: { readonly [route: string]: Screen } = {
  '': { Body: Hello, for: 'any' },
  passphrase: { Body: CreateVault, for: 'none' },
  cards: { Body: Cards, for: 'unlocked' },
  kit: { Body: KitStep, for: 'unlocked' },
  backup: { Body: MakeBackup, for: 'unlocked' },
  restore: { Body: Restore, for: 'any' },
  recover: { Body: Recover, for: 'any' },
  'change-passphrase': { Body: ChangePassphrase, for: 'unlocked' },
  reset: { Body: ResetScreen, for: 'any' },
  'stop-sheet': { Body: PrintStopSheet, for: 'unlocked' },
};

export function Welcome() {
  const main = useRef<HTMLElement>(null);
  useEffect(() => {
    void loadStatus();
    return followRoute(() => {
      failure.value = null;
      main.current?.focus();
    });
  }, []);
  const unlocked = status.value?.vault === 'unlocked';
  useEffect(() => {
    if (unlocked) void drawSign();
  }, [unlocked]);
  // Without a vault, the later steps show the welcome instead.
  const isStep = settingUp.value || (status.value?.vault === 'none' && route.value === STEPS[0]);
  const step = isStep ? STEPS.indexOf(route.value) : -1;
  return (
    <>
      <header class="bar">
        <Name />
        {step >= 0 && (
          <p class="quiet">{t('welcome_step', String(step + 1), String(STEPS.length))}</p>
        )}
      </header>
      <div class="failure">
        <Failure />
      </div>
      <main class="stack" ref={main} tabIndex={-1}>
        <Shown />
      </main>
      <Spoken />
    </>
  );
}

function Shown() {
  const now = status.value;
  if (!now) return failure.value ? null : <Loading />;
  const { Body, for: needed } = SCREENS[route.value] ?? { Body: Hello, for: 'any' };
  if (needed === 'any' || needed === now.vault) return <Body />;
  if (now.vault === 'none') return <Hello />;
  if (now.vault === 'locked') return <Unlock waiting={undefined} onDone={() => undefined} />;
  return <AlreadyThere />;
}

/** Somebody came back to a step that is done. */
function AlreadyThere() {
  return (
    <>
      <h1>{t('welcome_there_title')}</h1>
      <p>
        <a class="button main" href="/app.html#/" data-testid="finish">
          {t('welcome_finish')}
        </a>
      </p>
    </>
  );
}
