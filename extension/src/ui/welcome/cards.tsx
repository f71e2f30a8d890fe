import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { AttributeView } from '../../messages.ts';
import { Loading } from '../notices.tsx';
import { goTo } from '../route.ts';
import { failure, run, status } from '../session.ts';
import { t } from '../words.ts';
import { Card } from './card.tsx';
import { settingUp } from './set-up.ts';

/** The first few things about the person, one question at a time; every one of them may be skipped. */
export function Cards() {
  const cards = useSignal<AttributeView[] | null>(null);
  const at = useSignal(0);
  useEffect(() => {
    void run('firstCards', {}).then((all) => {
      cards.value = all;
    });
  }, []);

  // Who came back for the questions and has a kit already came for the questions alone.
  const toKit = settingUp.value || status.value?.kit !== 'confirmed';
  const all = cards.value;
  const card = all?.[at.value];
  function next(saved?: AttributeView) {
    if (!all) return;
    if (saved) cards.value = all.map((one) => (one.id === saved.id ? saved : one));
    failure.value = null;
    if (at.value + 1 < all.length) at.value++;
    else if (toKit) goTo('kit');
    else location.assign('/app.html#/data');
  }
  return (
    <>
      <h1>{t('welcome_cards_title')}</h1>
      <p>{t('welcome_cards_intro')}</p>
      {all && card ? (
        <Card
          key={card.id}
          card={card}
          number={at.value + 1}
          of={all.length}
          onNext={next}
          {...(at.value > 0 && { onBack: () => at.value-- })}
        />
      ) : (
        !failure.value && <Loading />
      )}
      <p>
        <a href={toKit ? '#/kit' : '/app.html#/data'} data-testid="skip-all">
          {t('welcome_cards_skip_all')}
        </a>
      </p>
    </>
  );
}
