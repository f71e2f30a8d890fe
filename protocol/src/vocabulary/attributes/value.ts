import type { Attribute } from '../attribute.ts';
import { define, options } from './define.ts';

const IMPORTANCE = options({
  decisive: ['Decisive', 'Entscheidend'],
  important: ['Important', 'Wichtig'],
  nice: ['Nice to have', 'Schön, aber kein Muss'],
  irrelevant: ['Not important', 'Nicht wichtig'],
});

export const VALUES: readonly Attribute[] = [
  define('value.sustainability', {
    label: ['Sustainability', 'Nachhaltigkeit'],
    help: [
      'So that durable and low-impact products come first.',
      'Damit langlebige und umweltschonende Produkte zuerst kommen.',
    ],
    example: ['Important', 'Wichtig'],
    category: 'Attitude',
    value: { kind: 'choice', options: IMPORTANCE },
  }),
  define('value.fair-trade', {
    label: ['Fair trade', 'Fairer Handel'],
    help: [
      'So that fairly traded products come first.',
      'Damit fair gehandelte Produkte zuerst kommen.',
    ],
    example: ['Decisive', 'Entscheidend'],
    category: 'Attitude',
    value: { kind: 'choice', options: IMPORTANCE },
  }),
  define('value.regional', {
    label: ['Regional origin', 'Regionale Herkunft'],
    help: [
      'So that products from nearby come first.',
      'Damit Produkte aus der Nähe zuerst kommen.',
    ],
    example: ['Nice to have', 'Schön, aber kein Muss'],
    category: 'Attitude',
    value: { kind: 'choice', options: IMPORTANCE },
  }),
  define('value.animal-welfare', {
    label: ['Animal welfare', 'Tierwohl'],
    help: [
      'So that products with better husbandry come first.',
      'Damit Produkte aus besserer Haltung zuerst kommen.',
    ],
    example: ['Important', 'Wichtig'],
    category: 'Attitude',
    value: { kind: 'choice', options: IMPORTANCE },
  }),
  define('value.repair', {
    label: ['Repair instead of new', 'Reparieren statt neu kaufen'],
    help: [
      'So that repair and spare parts are offered first.',
      'Damit zuerst Reparatur und Ersatzteile angeboten werden.',
    ],
    example: ['Important', 'Wichtig'],
    category: 'Attitude',
    value: { kind: 'choice', options: IMPORTANCE },
  }),
  define('value.religious-diet', {
    label: ['Religious food rules', 'Religiöse Speisevorschriften'],
    help: ['So that suitable food is offered.', 'Damit passende Lebensmittel angeboten werden.'],
    example: ['Halal', 'Halal'],
    category: 'ReligiousBelief',
    sensitivity: 'special',
    value: {
      kind: 'choice',
      options: options({
        halal: ['Halal', 'Halal'],
        kosher: ['Kosher', 'Koscher'],
        'no-beef': ['No beef', 'Kein Rindfleisch'],
        'no-pork': ['No pork', 'Kein Schweinefleisch'],
        fasting: ['Fasting days', 'Fastentage'],
      }),
    },
  }),
  define('value.conviction', {
    label: ['Ethical conviction', 'Ethische Überzeugung'],
    help: [
      'So that products against this conviction are left out.',
      'Damit Produkte wegbleiben, die dem widersprechen.',
    ],
    example: ['No animal products on principle', 'Aus Prinzip nichts vom Tier'],
    category: 'PhilosophicalBelief',
    sensitivity: 'special',
    value: {
      kind: 'choices',
      max: 3,
      options: options({
        'no-animal-products': ['No animal products on principle', 'Aus Prinzip nichts vom Tier'],
        pacifism: ['Nothing from makers of weapons', 'Nichts von Waffenherstellern'],
        'less-consumption': ['As few things as possible', 'So wenig Besitz wie möglich'],
      }),
    },
  }),
];
