import { useLayoutEffect, useRef } from 'preact/hooks';
import type { AttributeView } from '../../messages.ts';
import { t } from '../words.ts';

/** Two windows changed the same: what the vault holds now beside what was entered here, and both ways on. */
export function Elsewhere({
  now,
  mine,
  onMine,
  onKeep,
}: {
  /** null: deleted. */
  now: AttributeView | null;
  /** In words. */
  mine: string;
  onMine: () => void;
  onKeep: () => void;
}) {
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => box.current?.focus(), []);
  return (
    <div class="notice stack tight" role="alert" tabIndex={-1} ref={box} data-testid="elsewhere">
      <p>{t('data_edited')}</p>
      <dl>
        <div class="term">
          <dt>{t('data_edited_now')}</dt>
          <dd>
            <b>
              {now?.held
                ? `${now.classId === 'own' ? `${now.label}: ` : ''}${now.held.shown}`
                : t('data_edited_gone')}
            </b>
          </dd>
        </div>
        <div class="term">
          <dt>{t('data_edited_mine')}</dt>
          <dd>
            <b>{mine}</b>
          </dd>
        </div>
      </dl>
      <p class="row">
        <button type="button" data-testid="elsewhere-mine" onClick={onMine}>
          {t('data_edited_save_mine')}
        </button>
        <button type="button" data-testid="elsewhere-keep" onClick={onKeep}>
          {t('data_edited_keep')}
        </button>
      </p>
    </div>
  );
}
