import type { Attribute } from '../attribute.ts';
import { define, options } from './define.ts';

export const MOODS: readonly Attribute[] = [
  define('mood.today', {
    label: ['Mood today', 'Stimmung heute'],
    help: ['So that suggestions suit the day.', 'Damit Vorschläge zum Tag passen.'],
    example: ['Adventurous', 'Abenteuerlustig'],
    category: 'Attitude',
    sensitivity: 'personal',
    value: {
      kind: 'choice',
      options: options({
        adventurous: ['Adventurous', 'Abenteuerlustig'],
        active: ['Full of energy', 'Voller Energie'],
        relaxed: ['Relaxed', 'Entspannt'],
        cosy: ['Cosy', 'Gemütlich'],
        curious: ['Curious', 'Neugierig'],
        tired: ['Tired', 'Müde'],
      }),
    },
  }),
  define('mood.browsing', {
    label: ['Browsing today', 'Stöbern heute'],
    help: ['So that the shop shows little or much.', 'Damit der Shop wenig oder viel zeigt.'],
    example: ['Just looking', 'Nur umsehen'],
    category: 'Attitude',
    value: {
      kind: 'choice',
      options: options({
        looking: ['Just looking', 'Nur umsehen'],
        inspiration: ['In need of ideas', 'Ideen gesucht'],
        decided: ['Knowing what is wanted', 'Das Ziel steht fest'],
        hurry: ['In a hurry', 'In Eile'],
      }),
    },
  }),
];
