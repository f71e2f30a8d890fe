import { useSignal } from '@preact/signals';
import type { TargetedSubmitEvent } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { Status } from '../messages.ts';
import { PassphraseInput, ShowPassphrase } from './passphrase-input.tsx';
import { failure, run, shut, status } from './session.ts';
import { t } from './words.ts';

type Done = (next: Status) => void;

/** Where a vault begins; the passphrase lives in this form only. */
export function CreateVault({ onDone }: { onDone: Done }) {
  const passphrase = useSignal('');
  const again = useSignal('');
  const service = useSignal(status.value?.defaultVaultService ?? '');
  const shown = useSignal(false);
  const busy = useSignal(false);
  const differs = useSignal(false);
  const first = useRef<HTMLInputElement>(null);
  const second = useRef<HTMLInputElement>(null);
  useEffect(() => first.current?.focus(), []);

  async function create(event: TargetedSubmitEvent<HTMLFormElement>) {
    event.preventDefault();
    if (busy.value) return;
    differs.value = passphrase.value !== again.value;
    if (differs.value) return second.current?.focus();
    busy.value = true;
    const next = await run('create', {
      passphrase: passphrase.value,
      vaultService: service.value.trim(),
    });
    busy.value = false;
    if (!next) return;
    status.value = next;
    onDone(next);
  }

  return (
    <form class="stack snug" onSubmit={create} aria-busy={busy.value}>
      <h1>{t('create_title')}</h1>
      <p>{t('create_intro')}</p>
      <PassphraseInput
        id="passphrase"
        label={t('passphrase')}
        value={passphrase}
        shown={shown.value}
        autocomplete="new-password"
        hint={t('passphrase_hint')}
        field={first}
      />
      <PassphraseInput
        id="passphrase-again"
        label={t('passphrase_again')}
        value={again}
        shown={shown.value}
        autocomplete="new-password"
        problem={differs.value ? t('passphrase_differs') : ''}
        field={second}
      />
      <ShowPassphrase shown={shown} />
      <p class="notice">{t('passphrase_unrecoverable')}</p>
      <p class="field">
        <label for="vault-service">{t('vault_service')}</label>
        <input
          id="vault-service"
          data-testid="vault-service"
          type="url"
          required
          spellcheck={false}
          aria-describedby="vault-service-hint"
          value={service}
          onInput={(e) => {
            service.value = e.currentTarget.value;
          }}
        />
        <span class="hint" id="vault-service-hint">
          {t('vault_service_hint')}
        </span>
      </p>
      <button type="submit" class="main wide" data-testid="create" aria-disabled={busy.value}>
        {busy.value ? t('creating') : t('create')}
      </button>
    </form>
  );
}

/** `waiting` is the host that asks, when one does. */
export function Unlock({ waiting, onDone }: { waiting: string | undefined; onDone: Done }) {
  const passphrase = useSignal('');
  const shown = useSignal(false);
  const busy = useSignal(false);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);

  async function unlock(event: TargetedSubmitEvent<HTMLFormElement>) {
    event.preventDefault();
    if (busy.value) return;
    busy.value = true;
    const next = await run('unlock', { passphrase: passphrase.value });
    busy.value = false;
    if (!next) return field.current?.select();
    passphrase.value = '';
    shut.value = false;
    status.value = next;
    onDone(next);
  }

  return (
    <form class="stack" onSubmit={unlock} aria-busy={busy.value}>
      <h1>{t('locked_title')}</h1>
      <p>{waiting ? t('locked_waiting', waiting) : t('locked_intro')}</p>
      <PassphraseInput
        id="passphrase"
        label={t('passphrase')}
        value={passphrase}
        shown={shown.value}
        autocomplete="current-password"
        invalid={failure.value === 'wrong-passphrase'}
        field={field}
      />
      <ShowPassphrase shown={shown} />
      <button type="submit" class="main wide" data-testid="unlock" aria-disabled={busy.value}>
        {busy.value ? t('unlocking') : t('unlock')}
      </button>
    </form>
  );
}
