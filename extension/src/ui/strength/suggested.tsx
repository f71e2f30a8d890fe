import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import type { Lang } from '../../messages.ts';
import { t } from '../words.ts';
import type { Suggestion } from './suggest.ts';

type Props = {
  suggestIn: (lang: Lang) => Suggestion;
  onUse: (passphrase: string) => void;
};

/** Random words to take, for whoever has no passphrase in mind. */
export function Suggested({ suggestIn, onUse }: Props) {
  const drawn = useSignal<Suggestion | null>(null);
  const words = useRef<HTMLParagraphElement>(null);

  function draw() {
    drawn.value = suggestIn(t('language_code') === 'de' ? 'de' : 'en');
  }
  const now = drawn.value;
  return (
    <div class="suggested stack snug">
      <div role="status">
        {now && (
          <>
            <p class="words" ref={words} data-testid="suggested">
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
        <button type="button" class="link" data-testid="suggest" onClick={draw}>
          {t(now ? 'suggest_others' : 'suggest')}
        </button>
      </p>
    </div>
  );
}
