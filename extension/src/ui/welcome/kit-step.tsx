import { Kit } from '../kit/kit.tsx';
import { t } from '../words.ts';
import { settingUp } from './set-up.ts';

/**
 * The recovery kit. "Later" is offered once, as a step of the set-up; who comes back through the banner came to make
 * it, and has a plain way out.
 */
export function KitStep() {
  const first = settingUp.value;
  return (
    <>
      <h1>{t('welcome_kit_title')}</h1>
      <Kit mayBeLater={first} onDone={() => location.assign('/app.html#/')} />
      {!first && (
        <p>
          <a href="/app.html#/">{t('welcome_finish')}</a>
        </p>
      )}
    </>
  );
}
