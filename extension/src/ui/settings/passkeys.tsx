import { useSignal } from '@preact/signals';
import type { TargetedSubmitEvent } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import type { PasskeyView } from '../../messages.ts';
import { day } from '../dates.ts';
import { forgetPasskey, newPasskey, type PasskeyProblem, passkeysPossible } from '../passkey.ts';
import { ProofInput, proofOf, useProofDraft } from '../proof-input.tsx';
import { loadStatus, run, say } from '../session.ts';
import { t } from '../words.ts';

/** The passkeys that open this vault: fingerprint, face or PIN of this device instead of the passphrase. */
export function Passkeys() {
  const held = useSignal<PasskeyView[] | null>(null);
  const possible = useSignal(false);
  const adding = useSignal(false);
  const add = useRef<HTMLButtonElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const cancelled = useRef(false);
  const isAdding = adding.value;
  // Once the button is there again.
  useLayoutEffect(() => {
    if (!isAdding && cancelled.current) add.current?.focus();
    cancelled.current = false;
  }, [isAdding]);
  useEffect(() => {
    void passkeysPossible().then((can) => {
      possible.value = can;
    });
    void run('passkeys', {}).then((now) => {
      held.value = now;
    });
  }, []);
  const now = held.value;
  if (!now) return null;

  function show(next: PasskeyView[], words: string) {
    held.value = next;
    adding.value = false;
    say(words);
    heading.current?.focus();
    void loadStatus();
  }
  async function remove({ id, name }: PasskeyView) {
    const next = await run('removePasskey', { id });
    if (!next) return;
    void forgetPasskey(id);
    show(next, t('passkey_removed', name));
  }

  return (
    <div class="card stack">
      <h3 ref={heading} tabIndex={-1}>
        {t('passkeys')}
      </h3>
      <p>{t(possible.value ? 'passkeys_text' : 'passkeys_not_possible')}</p>
      {now.length > 0 && (
        <ul class="rows">
          {now.map((one) => (
            <Row
              key={one.id}
              passkey={one}
              onRenamed={(next) => show(next, t('saved', one.name))}
              onRemove={() => remove(one)}
            />
          ))}
        </ul>
      )}
      {isAdding ? (
        <AddPasskey
          known={now}
          onAdded={(next) => show(next, t('passkey_added'))}
          onCancel={() => {
            cancelled.current = true;
            adding.value = false;
          }}
        />
      ) : (
        possible.value && (
          <p class="row">
            <button
              type="button"
              ref={add}
              data-testid="add-passkey"
              onClick={() => {
                adding.value = true;
              }}
            >
              {t('passkey_add')}
            </button>
          </p>
        )
      )}
    </div>
  );
}

type RowProps = {
  passkey: PasskeyView;
  onRenamed: (next: PasskeyView[]) => void;
  onRemove: () => void;
};

function Row({ passkey, onRenamed, onRemove }: RowProps) {
  const { id, name, addedOn } = passkey;
  const draft = useSignal<string | null>(null);
  const change = useRef<HTMLButtonElement>(null);
  const form = useRef<HTMLFormElement>(null);
  const cancelled = useRef(false);
  const isRenaming = draft.value !== null;
  useLayoutEffect(() => {
    if (isRenaming) form.current?.querySelector('input')?.focus();
    else if (cancelled.current) change.current?.focus();
    cancelled.current = false;
  }, [isRenaming]);
  function cancel() {
    cancelled.current = true;
    draft.value = null;
  }
  async function rename(event: TargetedSubmitEvent<HTMLFormElement>) {
    event.preventDefault();
    const next = await run('renamePasskey', { id, name: (draft.value ?? '').trim() });
    if (!next) return;
    draft.value = null;
    onRenamed(next);
  }
  return (
    <li class="item" data-testid="passkey">
      {draft.value === null ? (
        <p class="head">
          <strong>{name}</strong>
          <span class="quiet">{t('passkey_added_on', day(addedOn))}</span>
        </p>
      ) : (
        <form
          class="row"
          ref={form}
          onSubmit={rename}
          onKeyDown={(e) => e.key === 'Escape' && cancel()}
        >
          <NameField
            id={`name-${id}`}
            value={draft.value}
            onInput={(text) => (draft.value = text)}
          />
          <button type="submit" data-testid="save-passkey-name">
            {t('save')}
          </button>
        </form>
      )}
      <p class="row">
        <button
          type="button"
          class="link"
          ref={change}
          aria-expanded={isRenaming}
          data-testid="rename-passkey"
          aria-label={t('passkey_rename', name)}
          onClick={() => {
            draft.value = draft.value === null ? name : null;
          }}
        >
          {t('change')}
        </button>
        <button
          type="button"
          class="link"
          data-testid="remove-passkey"
          aria-label={t('remove_item', name)}
          onClick={onRemove}
        >
          {t('remove')}
        </button>
      </p>
    </li>
  );
}

type AddProps = {
  known: readonly PasskeyView[];
  onAdded: (next: PasskeyView[]) => void;
  onCancel: () => void;
};

function AddPasskey({ known, onAdded, onCancel }: AddProps) {
  const name = useSignal('');
  const draft = useProofDraft();
  const problem = useSignal<PasskeyProblem | null>(null);
  const busy = useSignal(false);
  const form = useRef<HTMLFormElement>(null);
  useLayoutEffect(() => form.current?.querySelector('input')?.focus(), []);

  async function add(event: TargetedSubmitEvent<HTMLFormElement>) {
    event.preventDefault();
    if (busy.value) return;
    busy.value = true;
    problem.value = null;
    const next = await made();
    busy.value = false;
    if (next) onAdded(next);
    else await loadStatus();
  }
  /** Who it is comes first, or a passkey would be made for nothing. */
  async function made(): Promise<PasskeyView[] | null> {
    const proof = await proofOf(draft);
    if (proof === null || !(await run('prove', { proof }))) return null;
    const label = name.value.trim();
    const passkey = await newPasskey(
      label,
      known.map(({ id }) => id),
    );
    if (typeof passkey !== 'string') return run('addPasskey', { proof, name: label, ...passkey });
    problem.value = passkey;
    return null;
  }

  return (
    <form
      class="stack"
      ref={form}
      onSubmit={add}
      aria-busy={busy.value}
      onKeyDown={(e) => e.key === 'Escape' && onCancel()}
    >
      <NameField id="passkey-name" value={name.value} onInput={(text) => (name.value = text)} />
      <ProofInput draft={draft} />
      <div role="alert">
        {problem.value && <p class="notice bad">{t(`passkey_${problem.value}`)}</p>}
      </div>
      <p class="row">
        <button type="submit" class="main" data-testid="make-passkey" aria-disabled={busy.value}>
          {t('passkey_make')}
        </button>
        <button type="button" data-testid="cancel-passkey" onClick={onCancel}>
          {t('cancel')}
        </button>
      </p>
    </form>
  );
}

type NameProps = { id: string; value: string; onInput: (text: string) => void };

function NameField({ id, value, onInput }: NameProps) {
  return (
    <p class="field">
      <label for={id}>{t('passkey_name')}</label>
      <input
        id={id}
        data-testid={id}
        required
        maxLength={60}
        value={value}
        onInput={(e) => onInput(e.currentTarget.value)}
      />
    </p>
  );
}
