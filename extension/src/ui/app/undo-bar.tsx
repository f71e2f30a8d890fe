import { useSignal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { UndoView } from '../../messages.ts';
import { time } from '../dates.ts';
import { count, t } from '../words.ts';

/** Drawn until the person wants to see all: the bar lies over the page. */
const FEW = 3;

type Props = {
  undos: UndoView[];
  /** The one just made, whose button takes the focus that what led here took with it. */
  focus: string | null;
  onUndo: (undo: UndoView) => void;
  onClose: (undo: UndoView) => void;
};

/** What was just done, until when it can be taken back, and the way back. */
export function UndoBar({ undos, focus, onUndo, onClose }: Props) {
  const all = useSignal(false);
  if (undos.length === 0) return null;
  const shown = all.value ? undos : undos.slice(0, FEW);
  return (
    <section class="undo" aria-label={t('undo')}>
      <ul>
        {shown.map((undo) => (
          <Undo
            key={undo.id}
            undo={undo}
            focus={focus === undo.id}
            onUndo={() => onUndo(undo)}
            onClose={() => onClose(undo)}
          />
        ))}
      </ul>
      {shown.length < undos.length && (
        <button
          type="button"
          class="link"
          onClick={() => {
            all.value = true;
          }}
        >
          {count('data_more', undos.length - shown.length)}
        </button>
      )}
    </section>
  );
}

function Undo({
  undo,
  focus,
  onUndo,
  onClose,
}: {
  undo: UndoView;
  focus: boolean;
  onUndo: () => void;
  onClose: () => void;
}) {
  const button = useRef<HTMLButtonElement>(null);
  useLayoutEffect(() => {
    if (focus) button.current?.focus();
  }, [focus]);
  const words = wordsOf(undo);
  return (
    <li class="row">
      <p>
        {words} <span class="hint">{t('data_undo_until', time(undo.until))}</span>
      </p>
      <button
        type="button"
        ref={button}
        data-testid="undo"
        aria-label={t('data_undo_item', words)}
        onClick={onUndo}
      >
        {t('undo')}
      </button>
      <button
        type="button"
        class="link"
        data-testid="dismiss"
        aria-label={t('data_close_item', words)}
        onClick={onClose}
      >
        {t('close')}
      </button>
    </li>
  );
}

function wordsOf({ what, label, count: n }: UndoView): string {
  switch (what) {
    case 'removed':
      return t('removed', label);
    case 'confirmed':
      return t('data_confirmed', label);
    case 'imported':
      return count('data_imported', n);
  }
}
