import type { Attribute } from '../attribute.ts';
import { define, options } from './define.ts';

const SATISFACTION = options({
  'very-good': ['Very satisfied', 'Sehr zufrieden'],
  good: ['Satisfied', 'Zufrieden'],
  mixed: ['Partly satisfied', 'Teils zufrieden'],
  poor: ['Dissatisfied', 'Unzufrieden'],
  'very-poor': ['Very dissatisfied', 'Sehr unzufrieden'],
});

export const FEEDBACK: readonly Attribute[] = [
  define('feedback.last-purchase', {
    label: ['Last purchase', 'Letzter Einkauf'],
    help: [
      'So that the next suggestions are better.',
      'Damit die nächsten Vorschläge besser werden.',
    ],
    example: ['Satisfied', 'Zufrieden'],
    category: 'Opinion',
    value: { kind: 'choice', options: SATISFACTION },
  }),
  define('feedback.service', {
    label: ['Advice and service', 'Beratung und Service'],
    help: ['So that the service can improve.', 'Damit der Service besser werden kann.'],
    example: ['Very satisfied', 'Sehr zufrieden'],
    category: 'Opinion',
    value: { kind: 'choice', options: SATISFACTION },
  }),
  define('feedback.return-reason', {
    label: ['Reason for a return', 'Grund einer Rücksendung'],
    help: ['So that the next choice fits.', 'Damit die nächste Auswahl passt.'],
    example: ['Too small', 'Zu klein'],
    category: 'Opinion',
    value: {
      kind: 'choices',
      max: 3,
      options: options({
        'too-small': ['Too small', 'Zu klein'],
        'too-large': ['Too large', 'Zu groß'],
        quality: ['Quality', 'Qualität'],
        colour: ['Colour', 'Farbe'],
        late: ['Came too late', 'Zu spät geliefert'],
        changed: ['No longer needed', 'Nicht mehr gebraucht'],
      }),
    },
  }),
  define('feedback.recommend', {
    label: ['Would recommend, 0 to 10', 'Weiterempfehlung, 0 bis 10'],
    help: ['So that the shop knows where it stands.', 'Damit der Shop weiß, wo er steht.'],
    example: ['8', '8'],
    category: 'Opinion',
    value: { kind: 'number', min: 0, max: 10, step: 1 },
  }),
  define('feedback.comment', {
    label: ['Comment', 'Anmerkung'],
    help: [
      'So that the shop learns it in plain words.',
      'Damit der Shop es in eigenen Worten erfährt.',
    ],
    example: ['The zip sticks.', 'Der Reißverschluss klemmt.'],
    category: 'Opinion',
    sensitivity: 'personal',
    value: { kind: 'text', maxLength: 300 },
  }),
];
