import { status } from '../session.ts';
import { Reset } from '../settings/reset-all.tsx';
import { t } from '../words.ts';
import { Hello } from './hello.tsx';

/** For whoever can open the vault in no way any more, and wants to begin anew. */
export function ResetScreen() {
  if (status.value?.vault === 'none') return <Hello />;
  return (
    <>
      <h1>{t('reset_title')}</h1>
      <p>{t('reset_intro')}</p>
      <Reset level="h2" onCancel={() => location.assign('/app.html#/')} />
    </>
  );
}
