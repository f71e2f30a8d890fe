import { useSignal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { NewPassphrase } from '../new-passphrase.tsx';
import { ProofInput, proofOf, useProofDraft } from '../proof-input.tsx';
import { loadStatus, run } from '../session.ts';
import { t } from '../words.ts';

/** Another passphrase for the same vault. */
export function ChangePassphrase() {
  const draft = useProofDraft();
  const done = useSignal(false);
  const heading = useRef<HTMLHeadingElement>(null);
  useLayoutEffect(() => {
    if (done.value) heading.current?.focus();
  }, [done.value]);

  async function change(next: string): Promise<boolean> {
    const proof = await proofOf(draft);
    if (proof === null) return false;
    const changed = await run('changePassphrase', { proof, next });
    if (!changed) {
      await loadStatus();
      return false;
    }
    draft.typed.value = '';
    done.value = true;
    return true;
  }

  if (done.value)
    return (
      <>
        <h1 ref={heading} tabIndex={-1} data-testid="passphrase-changed">
          {t('passphrase_changed_title')}
        </h1>
        <p>{t('passphrase_changed')}</p>
        <p>
          <a class="button main" href="/app.html#/settings" data-testid="finish">
            {t('to_settings')}
          </a>
        </p>
      </>
    );
  return (
    <>
      <h1>{t('passphrase_change_title')}</h1>
      <p>{t('passphrase_change_intro')}</p>
      <NewPassphrase
        label={t('passphrase_new')}
        button={t('passphrase_change')}
        busyButton={t('passphrase_changing')}
        testid="set-passphrase"
        onPassphrase={change}
      >
        <ProofInput draft={draft} />
      </NewPassphrase>
      <p>
        <a href="/app.html#/settings">{t('to_settings')}</a>
      </p>
    </>
  );
}
