import { failure, said } from './session.ts';
import { snake, t } from './words.ts';

/** Why the last command failed, and what to do next; read out at once. */
export function Failure() {
  const code = failure.value;
  return (
    <div role="alert">
      {code && (
        <p class="notice bad" data-testid="error">
          {t(`error_${snake(code)}`)}
        </p>
      )}
    </div>
  );
}

/** Speaks `said` to screen readers; it is always in the page, or they would not listen to it. */
export function Spoken() {
  return (
    <p class="spoken" role="status">
      {said}
    </p>
  );
}

export function Loading() {
  return (
    <p class="quiet" role="status">
      {t('loading')}
    </p>
  );
}
