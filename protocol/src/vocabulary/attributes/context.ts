import type { Attribute } from '../attribute.ts';
import { define, options, ranges } from './define.ts';

export const CONTEXTS: readonly Attribute[] = [
  define('context.household-size', {
    label: ['People in the household', 'Personen im Haushalt'],
    help: ['So that quantities and sizes of packs fit.', 'Damit Mengen und Packungsgrößen passen.'],
    example: ['3', '3'],
    category: 'Household',
    sensitivity: 'personal',
    precisions: ['exact', 'band'],
    value: { kind: 'number', min: 1, max: 12, step: 1 },
    bands: ranges(
      ['one', 1, 1, ['One person', 'Eine Person']],
      ['two', 2, 2, ['Two people', 'Zwei Personen']],
      ['3-4', 3, 4, ['Three or four people', 'Drei oder vier Personen']],
      ['5-more', 5, 12, ['Five people or more', 'Fünf Personen oder mehr']],
    ),
  }),
  define('context.children', {
    label: ['Ages of children', 'Alter der Kinder'],
    help: [
      'So that things for children of this age fit.',
      'Damit Artikel für Kinder dieses Alters passen.',
    ],
    example: ['3 to 5 years', '3 bis 5 Jahre'],
    category: 'FamilyStructure',
    sensitivity: 'personal',
    precisions: ['exact', 'yes-no'],
    value: {
      kind: 'choices',
      max: 5,
      options: options({
        baby: ['Up to 2 years', 'Bis 2 Jahre'],
        '3-5': ['3 to 5 years', '3 bis 5 Jahre'],
        '6-9': ['6 to 9 years', '6 bis 9 Jahre'],
        '10-13': ['10 to 13 years', '10 bis 13 Jahre'],
        '14-17': ['14 to 17 years', '14 bis 17 Jahre'],
      }),
    },
  }),
  define('context.pets', {
    label: ['Pets', 'Haustiere'],
    help: [
      'So that offers suit the animals at home.',
      'Damit Angebote zu den Tieren im Haushalt passen.',
    ],
    example: ['Dog', 'Hund'],
    category: 'Household',
    precisions: ['exact', 'yes-no'],
    value: {
      kind: 'choices',
      max: 4,
      options: options({
        dog: ['Dog', 'Hund'],
        cat: ['Cat', 'Katze'],
        bird: ['Bird', 'Vogel'],
        small: ['Small animal', 'Kleintier'],
        horse: ['Horse', 'Pferd'],
      }),
    },
  }),
  define('context.city', {
    label: ['Town', 'Wohnort'],
    help: [
      'So that shops and events nearby are shown.',
      'Damit Läden und Veranstaltungen in der Nähe erscheinen.',
    ],
    example: ['Freiburg', 'Freiburg'],
    category: 'City',
    sensitivity: 'personal',
    value: { kind: 'text', maxLength: 60 },
  }),
  define('context.holiday-start', {
    label: ['Start of the next holiday', 'Beginn des nächsten Urlaubs'],
    help: [
      'So that orders and tips arrive in time for it.',
      'Damit Bestellungen und Tipps rechtzeitig davor kommen.',
    ],
    example: ['12 July 2027', '12. Juli 2027'],
    category: 'Intention',
    sensitivity: 'personal',
    precisions: ['exact', 'band'],
    value: { kind: 'date' },
  }),
  define('context.coffee-at-home', {
    label: ['Coffee gear at home', 'Kaffeegeräte im Haushalt'],
    help: [
      'So that only what is missing is suggested.',
      'Damit nur vorgeschlagen wird, was noch fehlt.',
    ],
    example: ['Grinder, Scales', 'Mühle, Waage'],
    category: 'Household',
    value: {
      kind: 'choices',
      max: 5,
      options: options({
        grinder: ['Grinder', 'Mühle'],
        scales: ['Scales', 'Waage'],
        kettle: ['Pouring kettle', 'Schwanenhalskessel'],
        portafilter: ['Espresso machine', 'Siebträgermaschine'],
        automatic: ['Fully automatic machine', 'Kaffeevollautomat'],
      }),
    },
  }),
  define('context.allergies', {
    label: ['Allergies and intolerances', 'Allergien und Unverträglichkeiten'],
    help: ['So that unsuitable food is left out.', 'Damit ungeeignete Lebensmittel wegbleiben.'],
    example: ['Nuts', 'Nüsse'],
    category: 'Health',
    sensitivity: 'special',
    value: {
      kind: 'choices',
      max: 9,
      options: options({
        gluten: ['Gluten', 'Gluten'],
        lactose: ['Lactose', 'Laktose'],
        nuts: ['Nuts', 'Nüsse'],
        peanuts: ['Peanuts', 'Erdnüsse'],
        egg: ['Egg', 'Ei'],
        fish: ['Fish and shellfish', 'Fisch und Krustentiere'],
        soy: ['Soy', 'Soja'],
        wool: ['Wool', 'Wolle'],
        latex: ['Latex', 'Latex'],
      }),
    },
  }),
];
