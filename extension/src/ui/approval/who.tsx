import { useLayoutEffect, useRef } from 'preact/hooks';
import type { PromptView } from '../../messages.ts';
import { t } from '../words.ts';

/** Who asks and what for. The heading has the first focus: nothing is shared by a key pressed too early. */
export function Who({ view }: { view: PromptView }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useLayoutEffect(() => heading.current?.focus(), []);
  return (
    <>
      <section>
        <h1 ref={heading} tabIndex={-1}>
          {t('asks', view.brand.name)}
        </h1>
        <p class="from">
          <code>{view.site}</code> {!view.brand.known && <b class="tag">{t('first_time')}</b>}
        </p>
      </section>
      <section aria-labelledby="what-for">
        <h2 id="what-for">{t('what_for')}</h2>
        {view.purposes.map((purpose) => (
          <p key={purpose.label}>
            <b>{purpose.label}</b>
            <br />
            {purpose.explain}
          </p>
        ))}
        <Says text={view.brandSays} />
      </section>
    </>
  );
}

/** The brand's own words, marked as such wherever they stand. */
export function Says({ text }: { text: string }) {
  return (
    <figure class="says">
      <figcaption>{t('shop_says')}</figcaption>
      <blockquote>{text}</blockquote>
    </figure>
  );
}
