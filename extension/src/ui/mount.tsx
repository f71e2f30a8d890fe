import { type ComponentType, render } from 'preact';
import { followSign } from './sign.ts';
import { t } from './words.ts';

/** Draws a page's component; the document says its language and title before anything is read out. */
export function mount(Page: ComponentType, title: string): void {
  document.documentElement.lang = t('language_code');
  document.title = title;
  void followSign();
  const root = document.getElementById('root');
  if (root) render(<Page />, root);
}
