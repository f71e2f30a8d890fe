import { t } from '../words.ts';

/** Where the person begins: what there is, and where to go. */
export function Home() {
  return <h1>{t('home')}</h1>;
}
