// The built-in attributes, in the order in which a person meets the classes. Pages of the extension do
// not import this: the worker gives them the words they need.
import type { Attribute } from './attribute.ts';
import { CONTACTS } from './attributes/contact.ts';
import { CONTEXTS } from './attributes/context.ts';
import { FEEDBACK } from './attributes/feedback.ts';
import { INTENTS } from './attributes/intent.ts';
import { INTERESTS } from './attributes/interest.ts';
import { MOODS } from './attributes/mood.ts';
import { PREFERENCES } from './attributes/preference.ts';
import { PROFILES } from './attributes/profile.ts';
import { SIZES } from './attributes/size.ts';
import { VALUES } from './attributes/value.ts';

export const ATTRIBUTES: readonly Attribute[] = [
  ...PREFERENCES,
  ...INTERESTS,
  ...SIZES,
  ...INTENTS,
  ...CONTEXTS,
  ...CONTACTS,
  ...VALUES,
  ...MOODS,
  ...FEEDBACK,
  ...PROFILES,
];
