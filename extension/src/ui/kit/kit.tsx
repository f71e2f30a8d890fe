import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { KitSheets, KitView } from '../../messages.ts';
import { day } from '../dates.ts';
import { Loading } from '../notices.tsx';
import { ProofInput, proofOf, useProofDraft } from '../proof-input.tsx';
import { failure, loadStatus, run } from '../session.ts';
import { t } from '../words.ts';
import { ConfirmGroups } from './confirm-groups.tsx';
import { Sheets } from './sheets.tsx';

export type KitOutcome = 'confirmed' | 'later';

type Step = 'begin' | 'sheets' | 'confirm' | 'confirmed';

type Props = {
  onDone: (outcome: KitOutcome) => void;
  /** Whether "later" is offered. */
  mayBeLater?: boolean;
};

/** The recovery kit from beginning to end: made, shown once, printed, typed back. The vault is unlocked. */
export function Kit({ onDone, mayBeLater = true }: Props) {
  const view = useSignal<KitView | null>(null);
  const sheets = useSignal<KitSheets | null>(null);
  const step = useSignal<Step>('begin');
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    void run('kit', {}).then((now) => {
      view.value = now;
    });
  }, []);

  function show(next: Step) {
    step.value = next;
    failure.value = null;
    heading.current?.focus();
  }

  const now = view.value;
  if (!now) return failure.value ? null : <Loading />;
  return (
    <section class="stack" aria-labelledby="kit">
      <h2 id="kit" ref={heading} tabIndex={-1}>
        {t(`kit_step_${step.value}`)}
      </h2>
      {step.value === 'begin' && (
        <Begin
          view={now}
          onMade={(made) => {
            sheets.value = made;
            show('sheets');
          }}
          onConfirm={() => show('confirm')}
        />
      )}
      {step.value === 'sheets' && sheets.value && (
        <>
          <p>{t('kit_print_text')}</p>
          <Sheets sheets={sheets.value} />
          <p class="row">
            <button type="button" data-testid="print" onClick={() => window.print()}>
              {t('print')}
            </button>
            <button
              type="button"
              class="main"
              data-testid="kit-written"
              onClick={() => show('confirm')}
            >
              {t('kit_written')}
            </button>
          </p>
        </>
      )}
      {step.value === 'confirm' && (
        <>
          <ConfirmGroups
            ask={sheets.value?.ask ?? now.ask}
            onConfirmed={(next) => {
              view.value = next;
              sheets.value = null;
              void loadStatus();
              show('confirmed');
            }}
          />
          <button
            type="button"
            class="link"
            data-testid="kit-back"
            onClick={() => show(sheets.value ? 'sheets' : 'begin')}
          >
            {t('kit_back')}
          </button>
        </>
      )}
      {step.value === 'confirmed' ? (
        <>
          <p>{t('kit_confirmed_text')}</p>
          <p class="row">
            <button
              type="button"
              class="main"
              data-testid="kit-done"
              onClick={() => onDone('confirmed')}
            >
              {t('go_on')}
            </button>
          </p>
        </>
      ) : (
        mayBeLater && (
          <p>
            <button
              type="button"
              class="link"
              data-testid="kit-later"
              onClick={() => onDone('later')}
            >
              {t(now.needsProof ? 'recover_to_vault' : 'kit_later')}
            </button>
          </p>
        )
      )}
    </section>
  );
}

type BeginProps = {
  view: KitView;
  onMade: (sheets: KitSheets) => void;
  onConfirm: () => void;
};

/** What the kit is for, and what there is of it already. */
function Begin({ view, onMade, onConfirm }: BeginProps) {
  const draft = useProofDraft();
  const busy = useSignal(false);
  const { state, on, needsProof: asks } = view;

  async function make(event: Event) {
    event.preventDefault();
    if (busy.value) return;
    busy.value = true;
    const proof = asks ? await proofOf(draft) : undefined;
    const made = proof === null ? null : await run('makeKit', proof ? { proof } : {});
    busy.value = false;
    if (made) {
      draft.typed.value = '';
      void loadStatus();
      onMade(made);
    } else if (asks) await loadStatus();
  }

  return (
    <form class="stack" onSubmit={make} aria-busy={busy.value}>
      <p>{t('kit_intro')}</p>
      {state === 'made' && on && (
        <div class="notice stack tight">
          <p>{t('kit_made_unconfirmed', day(on))}</p>
          <p>
            <button type="button" data-testid="kit-confirm-old" onClick={onConfirm}>
              {t('kit_confirm_now')}
            </button>
          </p>
        </div>
      )}
      {state === 'confirmed' && on && <p class="notice">{t('kit_confirmed_on', day(on))}</p>}
      {state !== 'none' && <p>{t('kit_new_ends_old')}</p>}
      {asks && <ProofInput draft={draft} />}
      <p class="row">
        <button type="submit" class="main" data-testid="make-kit" aria-disabled={busy.value}>
          {t(state === 'none' ? 'kit_make' : 'kit_make_new')}
        </button>
      </p>
    </form>
  );
}
