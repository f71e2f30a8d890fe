// Every intent carries its own date (../intent.ts) and is worth nothing after it.
import type { Attribute } from '../attribute.ts';
import { define, options } from './define.ts';

export const INTENTS: readonly Attribute[] = [
  define('intent.travel', {
    label: ['Planned journey', 'Geplante Reise'],
    help: [
      'So that gear and offers fit the journey, until its date.',
      'Damit Ausrüstung und Angebote zur Reise passen, bis zu ihrem Datum.',
    ],
    example: ['Hiking holiday, until 30 June', 'Wanderurlaub, bis 30. Juni'],
    category: 'Intention',
    sensitivity: 'personal',
    precisions: ['exact', 'yes-no'],
    value: {
      kind: 'choice',
      until: true,
      options: options({
        hiking: ['Hiking holiday', 'Wanderurlaub'],
        cycling: ['Cycling tour', 'Radreise'],
        skiing: ['Skiing holiday', 'Skiurlaub'],
        beach: ['Beach holiday', 'Strandurlaub'],
        city: ['City trip', 'Städtereise'],
        camping: ['Camping holiday', 'Campingurlaub'],
        trekking: ['Long trek', 'Fernwanderung'],
        business: ['Business trip', 'Geschäftsreise'],
      }),
    },
  }),
  define('intent.purchase', {
    label: ['Planned purchase', 'Geplanter Kauf'],
    help: [
      'So that the right advice arrives before the purchase.',
      'Damit vor dem Kauf die richtige Beratung kommt.',
    ],
    example: ['Tent, until 15 May', 'Zelt, bis 15. Mai'],
    category: 'Intention',
    precisions: ['exact', 'yes-no'],
    value: {
      kind: 'choice',
      until: true,
      options: options({
        shoes: ['Shoes', 'Schuhe'],
        jacket: ['Jacket', 'Jacke'],
        backpack: ['Backpack', 'Rucksack'],
        tent: ['Tent', 'Zelt'],
        'sleeping-bag': ['Sleeping bag', 'Schlafsack'],
        bicycle: ['Bicycle', 'Fahrrad'],
        grinder: ['Coffee grinder', 'Kaffeemühle'],
        'coffee-machine': ['Coffee machine', 'Kaffeemaschine'],
      }),
    },
  }),
  define('intent.gift', {
    label: ['Present wanted', 'Geschenk gesucht'],
    help: ['So that ideas for presents arrive in time.', 'Damit Geschenkideen rechtzeitig kommen.'],
    example: ['Birthday, until 3 August', 'Geburtstag, bis 3. August'],
    category: 'Intention',
    precisions: ['exact', 'yes-no'],
    value: {
      kind: 'choice',
      until: true,
      options: options({
        birthday: ['Birthday', 'Geburtstag'],
        wedding: ['Wedding', 'Hochzeit'],
        'new-home': ['New home', 'Einzug'],
        birth: ['Birth of a child', 'Geburt eines Kindes'],
        'end-of-year': ['End of the year', 'Jahresende'],
        thanks: ['A thank-you', 'Dankeschön'],
      }),
    },
  }),
  define('intent.search', {
    label: ['Looking for', 'Suche nach'],
    help: ['So that offers for exactly this arrive.', 'Damit genau dafür Angebote kommen.'],
    example: ['A used child carrier, until 1 April', 'Gebrauchte Kindertrage, bis 1. April'],
    category: 'Intention',
    precisions: ['exact', 'yes-no'],
    value: { kind: 'text', maxLength: 80, until: true },
  }),
];
