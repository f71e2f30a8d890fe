import type { Attribute } from '../attribute.ts';
import { define, options } from './define.ts';

export const CONTACTS: readonly Attribute[] = [
  define('contact.email', {
    label: ['E-mail address', 'E-Mail-Adresse'],
    help: [
      'So that messages can be sent to it.',
      'Damit Nachrichten dorthin geschickt werden können.',
    ],
    example: ['me@example.org', 'ich@example.org'],
    category: 'EmailAddress',
    sensitivity: 'personal',
    precisions: ['exact', 'yes-no'],
    value: { kind: 'email' },
  }),
  define('contact.phone', {
    label: ['Telephone number', 'Telefonnummer'],
    help: [
      'So that calls or text messages are possible.',
      'Damit Anrufe oder Kurznachrichten möglich sind.',
    ],
    example: ['+493012345678', '+493012345678'],
    category: 'TelephoneNumber',
    sensitivity: 'personal',
    precisions: ['exact', 'yes-no'],
    value: { kind: 'phone' },
  }),
  define('contact.address', {
    label: ['Postal address', 'Postanschrift'],
    help: ['So that parcels and letters arrive.', 'Damit Pakete und Briefe ankommen.'],
    example: ['Musterweg 1, 79098 Freiburg', 'Musterweg 1, 79098 Freiburg'],
    category: 'PhysicalAddress',
    sensitivity: 'personal',
    value: { kind: 'text', maxLength: 200 },
  }),
  define('contact.channel', {
    label: ['Preferred way of contact', 'Gewünschter Kontaktweg'],
    help: ['So that messages come this way only.', 'Damit Nachrichten nur auf diesem Weg kommen.'],
    example: ['By e-mail', 'Per E-Mail'],
    category: 'PrivacyPreference',
    value: {
      kind: 'choice',
      options: options({
        email: ['By e-mail', 'Per E-Mail'],
        app: ['In the app', 'In der App'],
        text: ['By text message', 'Per Kurznachricht'],
        phone: ['By telephone', 'Per Telefon'],
        post: ['By post', 'Per Post'],
        none: ['No contact', 'Kein Kontakt'],
      }),
    },
  }),
  define('contact.frequency', {
    label: ['How often to be contacted', 'Häufigkeit von Nachrichten'],
    help: ['So that messages come no more often.', 'Damit Nachrichten nicht häufiger kommen.'],
    example: ['Once a month', 'Einmal im Monat'],
    category: 'PrivacyPreference',
    value: {
      kind: 'choice',
      options: options({
        never: ['Never', 'Nie'],
        yearly: ['Once a year', 'Einmal im Jahr'],
        quarterly: ['Four times a year', 'Viermal im Jahr'],
        monthly: ['Once a month', 'Einmal im Monat'],
        weekly: ['Once a week', 'Einmal in der Woche'],
      }),
    },
  }),
  define('contact.time', {
    label: ['Good time for contact', 'Gute Zeit für Nachrichten'],
    help: [
      'So that messages come at a suitable time.',
      'Damit Nachrichten zur passenden Zeit kommen.',
    ],
    example: ['In the evening', 'Abends'],
    category: 'Contact',
    value: {
      kind: 'choice',
      options: options({
        morning: ['In the morning', 'Morgens'],
        noon: ['Around noon', 'Mittags'],
        evening: ['In the evening', 'Abends'],
        weekend: ['At the weekend', 'Am Wochenende'],
      }),
    },
  }),
  define('contact.printed-catalogue', {
    label: ['Printed catalogue', 'Gedruckter Katalog'],
    help: [
      'So that a catalogue is sent, or none at all.',
      'Damit ein Katalog kommt oder eben keiner.',
    ],
    example: ['No', 'Nein'],
    category: 'PrivacyPreference',
    value: { kind: 'yes-no' },
  }),
];
