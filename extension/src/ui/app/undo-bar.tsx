import { useEffect, useRef } from 'preact/hooks';
import { t } from '../words.ts';

/**
 * What was just done, and the way back. It stays until it is answered, and takes the focus that the button which
 * led here took with it.
 */
export function UndoBar({
  text,
  onUndo,
  onClose,
}: {
  text: string;
  onUndo: () => void;
  onClose: () => void;
}) {
  const undo = useRef<HTMLButtonElement>(null);
  useEffect(() => undo.current?.focus(), []);
  return (
    <section class="undo" aria-label={t('undo')}>
      <p role="status">{text}</p>
      <button type="button" ref={undo} data-testid="undo" onClick={onUndo}>
        {t('undo')}
      </button>
      <button type="button" class="link" data-testid="dismiss" onClick={onClose}>
        {t('close')}
      </button>
    </section>
  );
}
