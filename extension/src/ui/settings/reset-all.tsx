import { useSignal } from '@preact/signals';
import type { TargetedSubmitEvent } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { GrantView } from '../../messages.ts';
import { failure, loadStatus, run, say, status } from '../session.ts';
import { count, t } from '../words.ts';

const OPEN: readonly GrantView['state'][] = ['active', 'not-yet', 'withdrawal-pending'];

/** Deletes everything, after it has said who stays informed, and after a word was typed. */
export function ResetAll() {
  const open = useSignal(false);
  const begin = useRef<HTMLButtonElement>(null);
  const left = useRef(false);
  const isOpen = open.value;
  useLayoutEffect(() => {
    if (!isOpen && left.current) begin.current?.focus();
    left.current = isOpen;
  }, [isOpen]);
  return (
    <div class="card stack">
      <h3>{t('reset_title')}</h3>
      <p>{t('reset_intro')}</p>
      {open.value ? (
        <Reset
          level="h4"
          onCancel={() => {
            open.value = false;
          }}
        />
      ) : (
        <p>
          <button
            type="button"
            data-testid="reset-begin"
            ref={begin}
            onClick={() => {
              open.value = true;
            }}
          >
            {t('reset_begin')}
          </button>
        </p>
      )}
    </div>
  );
}

type ResetProps = { level: 'h2' | 'h4'; onCancel: () => void };

/** What stays when everything is deleted, and the word to be typed. A locked vault cannot say who is informed. */
export function Reset({ level: Heading, onCancel }: ResetProps) {
  const isLocked = status.value?.vault === 'locked';
  const grants = useSignal<GrantView[] | null>(null);
  const word = useSignal('');
  const wrong = useSignal(false);
  const field = useRef<HTMLInputElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  useLayoutEffect(() => {
    heading.current?.focus();
    if (!isLocked) void loadGrants();
  }, []);

  async function loadGrants() {
    grants.value = (await run('grants', {}))?.filter(({ state }) => OPEN.includes(state)) ?? null;
  }
  async function reset(event: TargetedSubmitEvent<HTMLFormElement>) {
    event.preventDefault();
    wrong.value = word.value.trim().toLocaleUpperCase() !== t('reset_word');
    if (wrong.value) return field.current?.focus();
    if ((await run('reset', {})) === null) return;
    say(t('reset_done'));
    location.hash = '#/';
    await loadStatus();
  }

  return (
    <form class="stack" onSubmit={reset} onKeyDown={(e) => e.key === 'Escape' && onCancel()}>
      <Heading ref={heading} tabIndex={-1}>
        {t('reset_consequences')}
      </Heading>
      {isLocked && <p>{t('reset_locked')}</p>}
      {grants.value && (
        <StillShared
          grants={grants.value}
          onStopped={async () => {
            await loadGrants();
            heading.current?.focus();
          }}
        />
      )}
      <p class="notice bad">{t('reset_final')}</p>
      <p class="field">
        <label for="reset-word">{t('reset_type', t('reset_word'))}</label>
        <input
          id="reset-word"
          data-testid="reset-word"
          autocomplete="off"
          spellcheck={false}
          required
          ref={field}
          aria-invalid={wrong.value}
          aria-describedby="reset-word-problem"
          value={word}
          onInput={(e) => {
            word.value = e.currentTarget.value;
          }}
        />
        <span class="problem" id="reset-word-problem" role="alert">
          {wrong.value ? t('reset_word_wrong', t('reset_word')) : ''}
        </span>
      </p>
      <p class="row">
        <button type="submit" data-testid="reset">
          {t('reset_do')}
        </button>
        <button type="button" data-testid="reset-cancel" onClick={onCancel}>
          {t('cancel')}
        </button>
      </p>
    </form>
  );
}

type StillSharedProps = { grants: GrantView[]; onStopped: () => Promise<void> };

/** Deleting here takes nothing back that a shop has: who has it, and a way to stop first. */
function StillShared({ grants, onStopped }: StillSharedProps) {
  const done = useSignal<number | null>(null);
  if (grants.length === 0) return <p data-testid="nobody-informed">{t('reset_nobody')}</p>;
  const shops = new Map(
    grants.map(({ brand, site }) => [`${brand.name} ${site}`, { brand, site }]),
  );

  async function stopAll() {
    if (done.value !== null) return;
    for (const [at, { jti }] of grants.entries()) {
      done.value = at;
      if ((await run('withdraw', { jti })) === null) break;
    }
    done.value = null;
    const { value } = failure;
    await onStopped();
    failure.value = value;
  }

  return (
    <div class="stack">
      <p>{count('reset_informed', shops.size)}</p>
      <ul class="plain" data-testid="informed">
        {[...shops].map(([key, { brand, site }]) => (
          <li key={key}>
            {brand.name} <span class="hint">{site}</span>
          </li>
        ))}
      </ul>
      <p>{t('reset_stop_first')}</p>
      {done.value !== null && (
        <p role="status">
          <progress aria-label={t('reset_stopping')} value={done.value} max={grants.length} />
        </p>
      )}
      <p>
        <button
          type="button"
          data-testid="stop-all"
          aria-disabled={done.value !== null}
          onClick={stopAll}
        >
          {t('reset_stop_all')}
        </button>
      </p>
    </div>
  );
}
