import type { Attribute } from '../attribute.ts';
import { define, options } from './define.ts';

export const INTERESTS: readonly Attribute[] = [
  define('interest.outdoor', {
    label: ['Outdoor activities', 'Aktivitäten draußen'],
    help: [
      'So that gear for these activities comes first.',
      'Damit passende Ausrüstung zuerst kommt.',
    ],
    example: ['Hiking, Camping', 'Wandern, Camping'],
    category: 'Interest',
    value: {
      kind: 'choices',
      max: 5,
      options: options({
        hiking: ['Hiking', 'Wandern'],
        climbing: ['Climbing', 'Klettern'],
        'trail-running': ['Trail running', 'Laufen im Gelände'],
        cycling: ['Cycling', 'Radfahren'],
        camping: ['Camping', 'Camping'],
        'ski-touring': ['Ski touring', 'Skitouren'],
        paddling: ['Canoe and kayak', 'Kanu und Kajak'],
        birdwatching: ['Birdwatching', 'Vögel beobachten'],
      }),
    },
  }),
  define('interest.coffee', {
    label: ['Around coffee', 'Rund um Kaffee'],
    help: ['So that coffee news and courses fit.', 'Damit Neues und Kurse zum Kaffee passen.'],
    example: ['Tastings', 'Verkostungen'],
    category: 'Interest',
    value: {
      kind: 'choices',
      max: 4,
      options: options({
        origins: ['Growing regions', 'Anbaugebiete'],
        tastings: ['Tastings', 'Verkostungen'],
        'home-roasting': ['Roasting at home', 'Selbst rösten'],
        'latte-art': ['Latte art', 'Milchschaumkunst'],
        gear: ['Grinders and machines', 'Mühlen und Maschinen'],
      }),
    },
  }),
  define('interest.cooking', {
    label: ['Cuisines', 'Küchen der Welt'],
    help: ['So that recipes and ingredients fit.', 'Damit Rezepte und Zutaten passen.'],
    example: ['Italian, Indian', 'Italienisch, Indisch'],
    category: 'Interest',
    value: {
      kind: 'choices',
      max: 4,
      options: options({
        regional: ['Regional', 'Regional'],
        italian: ['Italian', 'Italienisch'],
        levantine: ['Levantine', 'Levantinisch'],
        indian: ['Indian', 'Indisch'],
        'east-asian': ['East Asian', 'Ostasiatisch'],
        mexican: ['Mexican', 'Mexikanisch'],
        baking: ['Baking', 'Backen'],
      }),
    },
  }),
  define('interest.fashion', {
    label: ['Clothing style', 'Kleidungsstil'],
    help: [
      'So that clothes in this style come first.',
      'Damit Kleidung in diesem Stil zuerst kommt.',
    ],
    example: ['Classic', 'Klassisch'],
    category: 'Interest',
    value: {
      kind: 'choices',
      max: 3,
      options: options({
        classic: ['Classic', 'Klassisch'],
        casual: ['Casual', 'Lässig'],
        sporty: ['Sporty', 'Sportlich'],
        vintage: ['Vintage', 'Aus zweiter Hand'],
        minimal: ['Minimal', 'Schlicht'],
      }),
    },
  }),
  define('interest.travel', {
    label: ['Kinds of journeys', 'Arten zu reisen'],
    help: [
      'So that suitable journeys are suggested.',
      'Damit passende Reisen vorgeschlagen werden.',
    ],
    example: ['By train, Mountains', 'Mit der Bahn, Berge'],
    category: 'Interest',
    value: {
      kind: 'choices',
      max: 4,
      options: options({
        city: ['Cities', 'Städte'],
        mountains: ['Mountains', 'Berge'],
        sea: ['By the sea', 'Am Meer'],
        rail: ['By train', 'Mit der Bahn'],
        culture: ['Culture', 'Kultur'],
        'with-children': ['With children', 'Mit Kindern'],
      }),
    },
  }),
  define('interest.events', {
    label: ['Events', 'Veranstaltungen'],
    help: ['So that suitable invitations arrive.', 'Damit passende Einladungen kommen.'],
    example: ['Workshops, Guided tours', 'Kurse, Geführte Touren'],
    category: 'Interest',
    value: {
      kind: 'choices',
      max: 4,
      options: options({
        workshops: ['Workshops', 'Kurse'],
        tours: ['Guided tours', 'Geführte Touren'],
        talks: ['Talks', 'Vorträge'],
        'repair-days': ['Repair days', 'Reparaturtage'],
        online: ['Online events', 'Online-Veranstaltungen'],
      }),
    },
  }),
];
