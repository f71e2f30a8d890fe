import type { Attribute } from '../attribute.ts';
import { define, options, ranges } from './define.ts';

export const PREFERENCES: readonly Attribute[] = [
  define('preference.coffee-roast', {
    label: ['Coffee roast', 'Kaffeeröstung'],
    help: [
      'So that coffees of this roast come first.',
      'Damit Kaffees dieser Röstung zuerst kommen.',
    ],
    example: ['Light roast', 'Helle Röstung'],
    category: 'Preference',
    value: {
      kind: 'choice',
      options: options({
        light: ['Light roast', 'Helle Röstung'],
        medium: ['Medium roast', 'Mittlere Röstung'],
        dark: ['Dark roast', 'Dunkle Röstung'],
        espresso: ['Espresso roast', 'Espressoröstung'],
      }),
    },
  }),
  define('preference.brew-method', {
    label: ['Brewing method', 'Kaffeezubereitung'],
    help: [
      'So that grind, beans and gear suit the way of brewing.',
      'Damit Mahlgrad, Bohnen und Zubehör zur Zubereitung passen.',
    ],
    example: ['Hand filter, Moka pot', 'Handfilter, Herdkännchen'],
    category: 'Preference',
    value: {
      kind: 'choices',
      max: 4,
      options: options({
        filter: ['Hand filter', 'Handfilter'],
        'filter-machine': ['Filter machine', 'Filtermaschine'],
        'french-press': ['French press', 'Pressstempelkanne'],
        moka: ['Moka pot', 'Herdkännchen'],
        portafilter: ['Espresso machine', 'Siebträgermaschine'],
        automatic: ['Fully automatic machine', 'Kaffeevollautomat'],
        'cold-brew': ['Cold brew', 'Kaltbrühkaffee'],
      }),
    },
  }),
  define('preference.coffee-flavour', {
    label: ['Coffee flavours', 'Kaffeearomen'],
    help: [
      'So that coffees are suggested by taste.',
      'Damit Kaffees nach Geschmack vorgeschlagen werden.',
    ],
    example: ['Nutty, Chocolatey', 'Nussig, Schokoladig'],
    category: 'Like',
    value: {
      kind: 'choices',
      max: 3,
      options: options({
        fruity: ['Fruity', 'Fruchtig'],
        floral: ['Floral', 'Blumig'],
        nutty: ['Nutty', 'Nussig'],
        chocolate: ['Chocolatey', 'Schokoladig'],
        spicy: ['Spicy', 'Würzig'],
        caramel: ['Caramel', 'Karamellig'],
      }),
    },
  }),
  define('preference.color', {
    label: ['Favourite colours', 'Lieblingsfarben'],
    help: [
      'So that things in these colours come first.',
      'Damit Artikel in diesen Farben zuerst kommen.',
    ],
    example: ['Green, Blue', 'Grün, Blau'],
    category: 'Like',
    value: {
      kind: 'choices',
      max: 4,
      options: options({
        black: ['Black', 'Schwarz'],
        white: ['White', 'Weiß'],
        grey: ['Grey', 'Grau'],
        blue: ['Blue', 'Blau'],
        green: ['Green', 'Grün'],
        red: ['Red', 'Rot'],
        yellow: ['Yellow', 'Gelb'],
        earth: ['Earth tones', 'Erdtöne'],
        bright: ['Bright colours', 'Leuchtende Farben'],
      }),
    },
  }),
  define('preference.avoided-material', {
    label: ['Materials to avoid', 'Unerwünschte Materialien'],
    help: ['So that these materials are left out.', 'Damit diese Materialien wegbleiben.'],
    example: ['Leather, Fur', 'Leder, Pelz'],
    category: 'Dislike',
    value: {
      kind: 'choices',
      max: 6,
      options: options({
        leather: ['Leather', 'Leder'],
        fur: ['Fur', 'Pelz'],
        down: ['Down', 'Daunen'],
        wool: ['Wool', 'Wolle'],
        synthetic: ['Synthetic fibre', 'Kunstfaser'],
        pfas: ['PFAS coatings', 'PFAS-Beschichtung'],
      }),
    },
  }),
  define('preference.fit', {
    label: ['Cut of clothes', 'Schnitt der Kleidung'],
    help: [
      'So that clothes in this cut come first.',
      'Damit Kleidung in diesem Schnitt zuerst kommt.',
    ],
    example: ['Regular', 'Normal'],
    category: 'Preference',
    value: {
      kind: 'choice',
      options: options({
        slim: ['Slim', 'Schmal'],
        regular: ['Regular', 'Normal'],
        relaxed: ['Relaxed', 'Weit'],
      }),
    },
  }),
  define('preference.diet', {
    label: ['Way of eating', 'Ernährungsweise'],
    help: [
      'So that suitable food is suggested.',
      'Damit passende Lebensmittel vorgeschlagen werden.',
    ],
    example: ['Vegetarian', 'Vegetarisch'],
    category: 'Preference',
    sensitivity: 'personal',
    value: {
      kind: 'choice',
      options: options({
        everything: ['A bit of everything', 'Von allem etwas'],
        'less-meat': ['Little meat', 'Wenig Fleisch'],
        fish: ['Fish but no meat', 'Fisch, aber kein Fleisch'],
        vegetarian: ['Vegetarian', 'Vegetarisch'],
        vegan: ['Vegan', 'Vegan'],
      }),
    },
  }),
  define('preference.price-limit', {
    label: ['Price limit per item', 'Preisgrenze je Artikel'],
    help: ['So that dearer items come last.', 'Damit teurere Artikel zuletzt kommen.'],
    example: ['150 euros', '150 Euro'],
    category: 'Preference',
    sensitivity: 'personal',
    precisions: ['exact', 'band'],
    value: { kind: 'number', min: 10, max: 2000, step: 10, unit: { en: 'euros', de: 'Euro' } },
    bands: ranges(
      ['up-to-50', 10, 50, ['Up to 50 euros', 'Bis 50 Euro']],
      ['60-150', 60, 150, ['60 to 150 euros', '60 bis 150 Euro']],
      ['160-400', 160, 400, ['160 to 400 euros', '160 bis 400 Euro']],
      ['over-400', 410, 2000, ['More than 400 euros', 'Mehr als 400 Euro']],
    ),
  }),
  define('preference.delivery', {
    label: ['Delivery', 'Lieferung'],
    help: [
      'So that this way of delivery is offered first.',
      'Damit diese Lieferart zuerst angeboten wird.',
    ],
    example: ['Pick up in the shop', 'Abholung im Laden'],
    category: 'Preference',
    value: {
      kind: 'choice',
      options: options({
        home: ['To the door', 'An die Haustür'],
        locker: ['Parcel locker', 'Packstation'],
        shop: ['Pick up in the shop', 'Abholung im Laden'],
        bundled: ['Few parcels, however long it takes', 'Wenige Pakete, auch wenn es dauert'],
      }),
    },
  }),
  define('preference.seat', {
    label: ['Seat on journeys', 'Sitzplatz auf Reisen'],
    help: ['So that suitable seats are offered.', 'Damit passende Plätze angeboten werden.'],
    example: ['Window', 'Fenster'],
    category: 'Preference',
    value: {
      kind: 'choice',
      options: options({
        window: ['Window', 'Fenster'],
        aisle: ['Aisle', 'Gang'],
        table: ['At a table', 'Am Tisch'],
        quiet: ['Quiet area', 'Ruhebereich'],
      }),
    },
  }),
];
