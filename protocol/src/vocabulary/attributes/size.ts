import type { Attribute, Band } from '../attribute.ts';
import { define, options, ranges, sameWords } from './define.ts';

// EU 35 to EU 50 in halves. The id has a decimal point; in German words it is a comma.
const SHOES = Array.from({ length: 31 }, (_, half) => `EU ${35 + half / 2}`);

const LETTERS = ['XXS', 'XS', 'S', 'M', 'L', 'XL', 'XXL', '3XL', '4XL'];

/** A group of neighbouring sizes; the id is the group's first and last size. */
function group(sizes: readonly string[], label: readonly [string, string]): Band {
  const id = `${sizes[0]} - ${sizes.at(-1)}`;
  return { id, label: { en: label[0], de: label[1] }, options: sizes };
}

export const SIZES: readonly Attribute[] = [
  define('size.shoe', {
    label: ['Shoe size', 'Schuhgröße'],
    help: ['So that shoes are shown that fit.', 'Damit passende Schuhe gezeigt werden.'],
    example: ['EU 42', 'EU 42'],
    category: 'PhysicalCharacteristic',
    sensitivity: 'personal',
    precisions: ['exact', 'band'],
    value: {
      kind: 'choice',
      options: options(
        Object.fromEntries(SHOES.map((size) => [size, [size, size.replace('.', ',')]])),
      ),
    },
    bands: [
      group(SHOES.slice(0, 8), ['EU 35 to 38.5', 'EU 35 bis 38,5']),
      group(SHOES.slice(8, 14), ['EU 39 to 41.5', 'EU 39 bis 41,5']),
      group(SHOES.slice(14, 20), ['EU 42 to 44.5', 'EU 42 bis 44,5']),
      group(SHOES.slice(20), ['EU 45 to 50', 'EU 45 bis 50']),
    ],
  }),
  define('size.jacket', {
    label: ['Jacket size', 'Jackengröße'],
    help: [
      'So that jackets and tops are shown that fit.',
      'Damit passende Jacken und Oberteile gezeigt werden.',
    ],
    example: ['M', 'M'],
    category: 'PhysicalCharacteristic',
    sensitivity: 'personal',
    precisions: ['exact', 'band'],
    value: { kind: 'choice', options: sameWords(...LETTERS) },
    bands: [
      group(LETTERS.slice(0, 3), ['Small sizes (XXS to S)', 'Kleine Größen (XXS bis S)']),
      group(LETTERS.slice(3, 5), ['Medium sizes (M and L)', 'Mittlere Größen (M und L)']),
      group(LETTERS.slice(5), ['Large sizes (XL and up)', 'Große Größen (ab XL)']),
    ],
  }),
  define('size.trousers', {
    label: ['Trouser size', 'Hosengröße'],
    help: ['So that trousers are shown that fit.', 'Damit passende Hosen gezeigt werden.'],
    example: ['W32 L34', 'W32 L34'],
    category: 'PhysicalCharacteristic',
    sensitivity: 'personal',
    value: { kind: 'text', maxLength: 20 },
  }),
  define('size.gloves', {
    label: ['Glove size', 'Handschuhgröße'],
    help: ['So that gloves are shown that fit.', 'Damit passende Handschuhe gezeigt werden.'],
    example: ['8', '8'],
    category: 'PhysicalCharacteristic',
    sensitivity: 'personal',
    value: { kind: 'number', min: 5, max: 12, step: 1 },
  }),
  define('size.head', {
    label: ['Head circumference', 'Kopfumfang'],
    help: [
      'So that helmets and hats are shown that fit.',
      'Damit passende Helme und Mützen gezeigt werden.',
    ],
    example: ['57 cm', '57 cm'],
    category: 'PhysicalCharacteristic',
    sensitivity: 'personal',
    value: { kind: 'number', min: 48, max: 66, step: 1, unit: { en: 'cm', de: 'cm' } },
  }),
  define('size.height', {
    label: ['Body height', 'Körpergröße'],
    help: [
      'So that backpacks, bicycles and sleeping bags are shown that fit.',
      'Damit passende Rucksäcke, Fahrräder und Schlafsäcke gezeigt werden.',
    ],
    example: ['175 cm', '175 cm'],
    category: 'Height',
    sensitivity: 'personal',
    precisions: ['exact', 'band'],
    value: { kind: 'number', min: 100, max: 230, step: 1, unit: { en: 'cm', de: 'cm' } },
    bands: ranges(
      ['up-to-159', 100, 159, ['Up to 159 cm', 'Bis 159 cm']],
      ['160-174', 160, 174, ['160 to 174 cm', '160 bis 174 cm']],
      ['175-189', 175, 189, ['175 to 189 cm', '175 bis 189 cm']],
      ['from-190', 190, 230, ['190 cm and more', 'Ab 190 cm']],
    ),
  }),
  define('size.ring', {
    label: ['Ring size', 'Ringgröße'],
    help: ['So that rings are shown that fit.', 'Damit passende Ringe gezeigt werden.'],
    example: ['Medium (53 to 57)', 'Mittel (53 bis 57)'],
    category: 'PhysicalCharacteristic',
    sensitivity: 'personal',
    value: {
      kind: 'choice',
      options: options({
        '48-52': ['Small (48 to 52)', 'Klein (48 bis 52)'],
        '53-57': ['Medium (53 to 57)', 'Mittel (53 bis 57)'],
        '58-62': ['Large (58 to 62)', 'Groß (58 bis 62)'],
        '63-70': ['Extra large (63 to 70)', 'Sehr groß (63 bis 70)'],
      }),
    },
  }),
];
