import { expect, test } from 'vitest';
import {
  category,
  isCategory,
  isPurpose,
  isSpecialCategory,
  LOYALTY_PROGRAMME,
  parentsOf,
  purposeCovers,
  purposeIris,
} from './dpv.ts';
import { PURPOSES, purpose } from './purposes.ts';

const ORDINARY =
  'Preference Interest Like Dislike Opinion Attitude Intention PrivacyPreference Contact EmailAddress TelephoneNumber PhysicalAddress Language Country City AgeRange Height PhysicalCharacteristic IncomeBracket FamilyStructure Household'.split(
    ' ',
  );
const SPECIAL =
  'PhilosophicalBelief ReligiousBelief PoliticalOpinion SexualPreference Health'.split(' ');

const dpv = (name: string) => `https://w3id.org/dpv#${name}`;

test('a purpose covers itself and what is below it', () => {
  expect(purposeCovers(dpv('Marketing'), dpv('Marketing'))).toBe(true);
  expect(purposeCovers(dpv('Marketing'), dpv('DirectMarketing'))).toBe(true);
  expect(purposeCovers(dpv('Marketing'), dpv('TargetedAdvertising'))).toBe(true);
  expect(purposeCovers(dpv('ServicePersonalisation'), dpv('ProvideProductRecommendations'))).toBe(
    true,
  );
});

test('a purpose never covers what is above or beside it', () => {
  expect(purposeCovers(dpv('DirectMarketing'), dpv('Marketing'))).toBe(false);
  expect(purposeCovers(dpv('ProvideProductRecommendations'), dpv('ServicePersonalisation'))).toBe(
    false,
  );
  expect(purposeCovers(dpv('DirectMarketing'), dpv('Advertising'))).toBe(false);
  expect(purposeCovers(dpv('ServicePersonalisation'), dpv('PersonalisedAdvertising'))).toBe(false);
});

test('no two different purposes cover each other', () => {
  for (const a of purposeIris()) {
    for (const b of purposeIris()) {
      if (a !== b) expect(purposeCovers(a, b) && purposeCovers(b, a)).toBe(false);
    }
  }
});

test('a purpose with several parents is below each of them', () => {
  expect(parentsOf(LOYALTY_PROGRAMME)).toEqual([
    dpv('CustomerRelationshipManagement'),
    dpv('PersonalisedBenefits'),
  ]);
  for (const wider of [
    'CustomerRelationshipManagement',
    'PersonalisedBenefits',
    'ServicePersonalisation',
  ]) {
    expect(purposeCovers(dpv(wider), LOYALTY_PROGRAMME)).toBe(true);
    expect(purposeCovers(LOYALTY_PROGRAMME, dpv(wider))).toBe(false);
  }
  expect(purposeCovers(dpv('CustomerCare'), dpv('CommunicationForCustomerCare'))).toBe(true);
});

test('selling data is covered by nothing but itself', () => {
  const covering = purposeIris().filter((iri) => purposeCovers(iri, dpv('SellDataToThirdParties')));
  expect(covering).toEqual([dpv('SellDataToThirdParties')]);
});

test.each([
  '',
  'Marketing',
  'dpv:Marketing',
  dpv('marketing'),
  dpv('Marketing '),
  dpv('PoliticalCampaign'),
  '__proto__',
  'constructor',
])('the unknown purpose %j is never covered and covers nothing', (unknown) => {
  expect(isPurpose(unknown)).toBe(false);
  expect(purposeCovers(unknown, unknown)).toBe(false);
  expect(purposeCovers(dpv('Marketing'), unknown)).toBe(false);
  expect(purposeCovers(unknown, dpv('Marketing'))).toBe(false);
});

test.each(['Purpose', 'Personalisation', 'ServiceManagement', 'CustomerManagement'])(
  'dpv:%s is too wide to be granted',
  (wide) => {
    expect(isPurpose(dpv(wide))).toBe(false);
    expect(purposeCovers(dpv(wide), dpv('CustomerCare'))).toBe(false);
    expect(purposeCovers(dpv(wide), dpv('ServicePersonalisation'))).toBe(false);
  },
);

test('every term of the snapshot leads up to its root, without a cycle', () => {
  const roots = [dpv('Purpose'), dpv('PersonalData')];
  const climb = (iri: string, seen: string[]) => {
    expect(seen).not.toContain(iri);
    const parents = parentsOf(iri);
    expect(parents, iri).toBeDefined();
    if (parents?.length === 0) expect(roots).toContain(iri);
    for (const parent of parents ?? []) climb(parent, [...seen, iri]);
  };
  for (const iri of purposeIris()) climb(iri, []);
  for (const name of [...ORDINARY, ...SPECIAL]) climb(category(name), []);
});

test('exactly the listed categories are pinned, and five of them are special', () => {
  for (const name of ORDINARY) {
    expect(isCategory(category(name)), name).toBe(true);
    expect(isSpecialCategory(category(name)), name).toBe(false);
  }
  for (const name of SPECIAL) {
    expect(isSpecialCategory(category(name)), name).toBe(true);
  }
  for (const iri of [category('Internal'), category('MedicalHealth'), 'Preference', '__proto__']) {
    expect(isCategory(iri)).toBe(false);
    expect(isSpecialCategory(iri)).toBe(false);
  }
});

test('every purpose has its own words in both languages', () => {
  expect(PURPOSES.map(({ iri }) => iri)).toEqual(purposeIris());
  for (const lang of ['en', 'de'] as const) {
    expect(new Set(PURPOSES.map(({ label }) => label[lang])).size).toBe(PURPOSES.length);
    expect(new Set(PURPOSES.map(({ explain }) => explain[lang])).size).toBe(PURPOSES.length);
  }
  for (const { label, explain } of PURPOSES) {
    expect(label.en).not.toBe(label.de);
    for (const text of [label.en, label.de, explain.en, explain.de]) {
      expect(text).toBe(text.trim().normalize('NFC'));
      expect(text.length).toBeGreaterThan(4);
    }
  }
});

test('only selling data is refused by default', () => {
  expect(PURPOSES.filter((row) => row.refusedByDefault).map(({ iri }) => iri)).toEqual([
    dpv('SellDataToThirdParties'),
  ]);
  expect(purpose(dpv('SellDataToThirdParties'))?.refusedByDefault).toBe(true);
  expect(purpose(dpv('Purpose'))).toBeUndefined();
});
