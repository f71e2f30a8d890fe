import { sign } from './sign.ts';
import { t } from './words.ts';

/** The mark: a spoken promise, kept. Drawn as in public/icon; decoration only, the name stands beside it. */
export function Mark() {
  return (
    <svg class="mark" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <path d="M6 3h20a4 4 0 0 1 4 4v14a4 4 0 0 1-4 4H15l-7 5.5V25H6a4 4 0 0 1-4-4V7a4 4 0 0 1 4-4z" />
      <path class="tick" d="M9.5 14.5l4.5 4.5 8.5-9.5" />
    </svg>
  );
}

/** Whose window this is: the extension's name, and the sign that only the person knows. */
export function Name() {
  return (
    <>
      <span class="name">
        <Mark />
        {t('extension_name')}
      </span>
      {sign.value && (
        <span class="sign" title={t('sign')} data-testid="sign">
          {sign.value.phrase}
        </span>
      )}
    </>
  );
}
