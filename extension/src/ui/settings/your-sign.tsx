import { useSignal } from '@preact/signals';
import type { TargetedSubmitEvent } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { say } from '../session.ts';
import { COLOURS, type Colour, saveSign, sign } from '../sign.ts';
import { t } from '../words.ts';

/** Characters; more would not fit beside the name. */
const LONGEST = 40;

/** The phrase and the colour by which the person recognises our windows. */
export function YourSign() {
  const phrase = useSignal(sign.value?.phrase ?? '');
  const colour = useSignal<Colour>(sign.value?.colour ?? 'green');
  const empty = useSignal(false);
  const field = useRef<HTMLInputElement>(null);
  const stored = sign.value;
  useEffect(() => {
    if (!stored) return;
    phrase.value = stored.phrase;
    colour.value = stored.colour;
  }, [stored]);

  async function save(event: TargetedSubmitEvent<HTMLFormElement>) {
    event.preventDefault();
    const words = phrase.value.trim();
    empty.value = words === '';
    if (empty.value) return field.current?.focus();
    await saveSign({ phrase: words, colour: colour.value });
    say(t('sign_saved'));
  }
  return (
    <section aria-labelledby="your-sign">
      <h2 id="your-sign">{t('sign')}</h2>
      <form class="stack" onSubmit={save} noValidate>
        <p>{t('sign_about')}</p>
        <p class="field">
          <label for="sign-phrase">{t('sign_phrase')}</label>
          <input
            id="sign-phrase"
            data-testid="sign-phrase"
            ref={field}
            maxLength={LONGEST}
            autocomplete="off"
            aria-invalid={empty.value}
            aria-describedby="sign-phrase-hint sign-phrase-problem"
            value={phrase}
            onInput={(e) => {
              phrase.value = e.currentTarget.value;
            }}
          />
          <span class="hint" id="sign-phrase-hint">
            {t('sign_phrase_hint')}
          </span>
          <span class="problem" id="sign-phrase-problem" role="alert">
            {empty.value && t('input_missing')}
          </span>
        </p>
        <fieldset>
          <legend>{t('sign_colour')}</legend>
          <div class="options">
            {COLOURS.map((one) => (
              <label class="tick" key={one}>
                <input
                  type="radio"
                  name="sign-colour"
                  data-testid={`sign-${one}`}
                  checked={colour.value === one}
                  onChange={() => {
                    colour.value = one;
                  }}
                />
                <span class="sign" data-colour={one}>
                  {t(`sign_colour_${one}`)}
                </span>
              </label>
            ))}
          </div>
        </fieldset>
        <p>
          <button type="submit" data-testid="save-sign">
            {t('save')}
          </button>
        </p>
      </form>
    </section>
  );
}
