import { COLOURS, saveSign, sign } from '../sign.ts';
import { draw } from '../strength/suggest.ts';
import { t } from '../words.ts';

const WORDS = 2;

/** Gives everybody a sign from the beginning; who likes another one chooses it in the settings. */
export async function drawSign(): Promise<void> {
  const { wordsIn } = await import('../strength/measure.ts');
  const words = wordsIn(t('language_code') === 'de' ? 'de' : 'en');
  const [colour = 'green'] = draw(COLOURS, 1);
  if (!sign.value) await saveSign({ phrase: draw(words, WORDS).join(' '), colour });
}
