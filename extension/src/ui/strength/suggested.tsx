import { useSignal } from '@preact/signals';
import { t } from '../words.ts';
import { type Suggestion, suggest } from './suggest.ts';

type Props = {
  /** Words in the person's language. */
  from: readonly string[];
  onUse: (passphrase: string) => void;
};

/** Random words to take, for whoever has no passphrase in mind. */
export function Suggested({ from, onUse }: Props) {
  const suggested = useSignal<Suggestion | null>(null);
  const now = suggested.value;
  return (
    <div class="stack snug">
      <div role="status">
        {now && (
          <>
            <p class="words" data-testid="suggested">
              {now.words}
            </p>
            <p class="hint">{t('suggest_about', String(now.bits))}</p>
          </>
        )}
      </div>
      <p class="row">
        {now && (
          <button type="button" data-testid="use-suggested" onClick={() => onUse(now.words)}>
            {t('suggest_use')}
          </button>
        )}
        <button
          type="button"
          class="link"
          data-testid="suggest"
          onClick={() => {
            suggested.value = suggest(from);
          }}
        >
          {t(now ? 'suggest_others' : 'suggest')}
        </button>
      </p>
    </div>
  );
}
