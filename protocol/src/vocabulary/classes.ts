// The classes of attributes and how long a value of each class keeps its worth (SPEC §13).
import type { Text } from './attribute.ts';

export const CLASS_NAMES = [
  'preference',
  'interest',
  'size',
  'intent',
  'context',
  'contact',
  'value',
  'mood',
  'feedback',
  'profile',
  'custom',
] as const;

export type AttributeClass = (typeof CLASS_NAMES)[number];

export type ClassInfo = {
  readonly label: Text;
  /** Days after which a value is half as trustworthy; `own-date`: until the date it names. */
  readonly halfLifeDays: number | 'own-date';
};

/**
 * §11 fixes mood, context, intent, preference and size. The others: an interest changes like a
 * preference; convictions, contact wishes and profile facts change about as rarely as a size; feedback
 * is about one experience and tells little after a season; a custom value is worded like a preference.
 */
export const CLASSES: Readonly<Record<AttributeClass, ClassInfo>> = {
  preference: { label: { en: 'Preferences', de: 'Vorlieben' }, halfLifeDays: 180 },
  interest: { label: { en: 'Interests', de: 'Interessen' }, halfLifeDays: 180 },
  size: { label: { en: 'Sizes', de: 'Größen' }, halfLifeDays: 365 },
  intent: { label: { en: 'Plans', de: 'Vorhaben' }, halfLifeDays: 'own-date' },
  context: { label: { en: 'Circumstances', de: 'Lebensumstände' }, halfLifeDays: 30 },
  contact: { label: { en: 'Contact wishes', de: 'Kontaktwünsche' }, halfLifeDays: 365 },
  value: { label: { en: 'Values', de: 'Werte' }, halfLifeDays: 365 },
  mood: { label: { en: 'Mood', de: 'Stimmung' }, halfLifeDays: 1 },
  feedback: { label: { en: 'Feedback', de: 'Rückmeldungen' }, halfLifeDays: 90 },
  profile: { label: { en: 'Profile', de: 'Profil' }, halfLifeDays: 365 },
  custom: { label: { en: 'Asked by one brand', de: 'Fragen einer Marke' }, halfLifeDays: 180 },
};
