import { Kit } from '../kit/kit.tsx';
import { t } from '../words.ts';

/** The recovery kit, still in the first session; "later" is offered here, and a banner reminds of it from then on. */
export function KitStep() {
  return (
    <>
      <h1>{t('welcome_kit_title')}</h1>
      <Kit onDone={() => location.assign('/app.html#/')} />
    </>
  );
}
