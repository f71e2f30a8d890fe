import type { Attribute } from '../attribute.ts';
import { define, options } from './define.ts';

export const PROFILES: readonly Attribute[] = [
  define('profile.age-range', {
    label: ['Age range', 'Altersgruppe'],
    help: ['So that offers suit this age.', 'Damit Angebote zu diesem Alter passen.'],
    example: ['35 to 44', '35 bis 44'],
    category: 'AgeRange',
    sensitivity: 'personal',
    value: {
      kind: 'choice',
      options: options({
        '16-17': ['16 or 17', '16 oder 17'],
        '18-24': ['18 to 24', '18 bis 24'],
        '25-34': ['25 to 34', '25 bis 34'],
        '35-44': ['35 to 44', '35 bis 44'],
        '45-54': ['45 to 54', '45 bis 54'],
        '55-64': ['55 to 64', '55 bis 64'],
        '65-more': ['65 and over', 'Ab 65'],
      }),
    },
  }),
  define('profile.language', {
    label: ['Preferred language', 'Bevorzugte Sprache'],
    help: ['So that pages and messages come in it.', 'Damit Seiten und Nachrichten in ihr kommen.'],
    example: ['German', 'Deutsch'],
    category: 'Language',
    value: {
      kind: 'choice',
      options: options({
        de: ['German', 'Deutsch'],
        en: ['English', 'Englisch'],
        fr: ['French', 'Französisch'],
        it: ['Italian', 'Italienisch'],
        es: ['Spanish', 'Spanisch'],
        pl: ['Polish', 'Polnisch'],
        tr: ['Turkish', 'Türkisch'],
        uk: ['Ukrainian', 'Ukrainisch'],
      }),
    },
  }),
  define('profile.country', {
    label: ['Country', 'Land'],
    help: ['So that prices and delivery are right.', 'Damit Preise und Lieferung stimmen.'],
    example: ['Austria', 'Österreich'],
    category: 'Country',
    value: {
      kind: 'choice',
      options: options({
        AT: ['Austria', 'Österreich'],
        BE: ['Belgium', 'Belgien'],
        CH: ['Switzerland', 'Schweiz'],
        DE: ['Germany', 'Deutschland'],
        DK: ['Denmark', 'Dänemark'],
        FR: ['France', 'Frankreich'],
        IT: ['Italy', 'Italien'],
        LU: ['Luxembourg', 'Luxemburg'],
        NL: ['Netherlands', 'Niederlande'],
        PL: ['Poland', 'Polen'],
        other: ['Another country', 'Anderes Land'],
      }),
    },
  }),
  define('profile.income-bracket', {
    label: ['Household income a month', 'Haushaltseinkommen im Monat'],
    help: ['So that offers suit the budget.', 'Damit Angebote zum Budget passen.'],
    example: ['2,000 to 3,500 euros', '2.000 bis 3.500 Euro'],
    category: 'IncomeBracket',
    sensitivity: 'personal',
    value: {
      kind: 'choice',
      options: options({
        'under-2000': ['Below 2,000 euros', 'Unter 2.000 Euro'],
        '2000-3500': ['2,000 to 3,500 euros', '2.000 bis 3.500 Euro'],
        '3500-5000': ['3,500 to 5,000 euros', '3.500 bis 5.000 Euro'],
        'over-5000': ['More than 5,000 euros', 'Mehr als 5.000 Euro'],
      }),
    },
  }),
];
