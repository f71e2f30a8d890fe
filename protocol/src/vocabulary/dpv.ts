// The pinned snapshot of the Data Privacy Vocabulary (DPV) 2.3: the purposes and categories of
// SPEC §13 and everything above them, so that "equals or is below" (§8) is decided without
// asking anybody. A grant names the snapshot it was given under (`dpv: "2.3"`).
//
// Names and parents were taken from 2.3/dpv/modules/purposes.csv and 2.3/pd/pd.csv of
// https://github.com/w3c/dpv. This file includes material derived from Data Privacy Vocabulary (DPV)
// Version 2.3, https://w3id.org/dpv. Copyright © 2026 W3C Data Privacy Vocabularies and Controls
// Community Group. https://www.w3.org/copyright/software-license-2023/
//
// A subset: terms that are neither listed in §11 nor above a listed one are unknown here, so no check
// for them is ever allowed. That includes the few that DPV puts below a listed purpose (among them
// PoliticalCampaign, below Marketing): people were never shown them.

export const DPV_SNAPSHOT = '2.3';

const DPV = 'https://w3id.org/dpv#';
const PD = 'https://w3id.org/dpv/pd#';
const SPECIAL = `${DPV}SpecialCategoryPersonalData`;
export const LOYALTY_PROGRAMME = 'urn:zusage:purpose:loyalty-programme';

type Parents = ReadonlyMap<string, readonly string[]>;

/** What a brand may ask for, each with its parents. */
const PURPOSE_PARENTS: Parents = iris(DPV, {
  ServicePersonalisation: 'Personalisation ServiceManagement',
  ProvidePersonalisedRecommendations: 'ServicePersonalisation',
  ProvideProductRecommendations: 'ProvidePersonalisedRecommendations',
  ProvideEventRecommendations: 'ProvidePersonalisedRecommendations',
  PersonalisedBenefits: 'ServicePersonalisation',
  UserInterfacePersonalisation: 'ServicePersonalisation',
  CustomerCare: 'CustomerManagement',
  CommunicationForCustomerCare: 'CommunicationManagement CustomerCare',
  CustomerRelationshipManagement: 'CustomerManagement',
  [LOYALTY_PROGRAMME]: 'CustomerRelationshipManagement PersonalisedBenefits',
  RequestedServiceProvision: 'ServiceProvision',
  Marketing: 'Purpose',
  DirectMarketing: 'Marketing',
  Advertising: 'Marketing',
  PersonalisedAdvertising: 'Advertising Personalisation',
  TargetedAdvertising: 'PersonalisedAdvertising',
  CommercialResearch: 'CommercialPurpose ResearchAndDevelopment',
  ImproveExistingProductsAndServices: 'OptimisationForController',
  ServiceUsageAnalytics: 'ServiceMonitoring',
  SellDataToThirdParties: 'SellProducts',
});

/** Only above a purpose: too wide to be agreed to, so never granted. */
const WIDER_PURPOSE_PARENTS: Parents = iris(DPV, {
  Purpose: '',
  Personalisation: 'Purpose',
  ServiceManagement: 'Purpose',
  ServiceProvision: 'ServiceManagement',
  ServiceOptimisation: 'ServiceManagement',
  OptimisationForController: 'ServiceOptimisation',
  ServiceMonitoring: 'ServiceManagement',
  SellProducts: 'ServiceProvision',
  CustomerManagement: 'Purpose',
  CommunicationManagement: 'Purpose',
  CommercialPurpose: 'Purpose',
  ResearchAndDevelopment: 'Purpose',
});

/** The categories an attribute may have. */
const CATEGORY_PARENTS: Parents = iris(PD, {
  Preference: 'Internal',
  Interest: 'Preference',
  Like: 'Interest',
  Dislike: 'Interest',
  Opinion: 'Preference',
  Attitude: 'Behavioural',
  Intention: 'Preference',
  PrivacyPreference: 'Preference',
  Contact: 'Tracking',
  EmailAddress: 'Contact',
  TelephoneNumber: 'Contact',
  PhysicalAddress: 'Contact Location',
  Language: 'External',
  Country: 'Location',
  City: 'PhysicalAddress',
  AgeRange: 'Age',
  Height: 'PhysicalCharacteristic',
  PhysicalCharacteristic: 'External',
  IncomeBracket: 'Demographic',
  FamilyStructure: 'Family',
  Household: `${DPV}PersonalData`,
  PhilosophicalBelief: `KnowledgeBelief ${SPECIAL}`,
  ReligiousBelief: `KnowledgeBelief ${SPECIAL}`,
  PoliticalOpinion: `PublicLife ${SPECIAL}`,
  SexualPreference: 'Sexual',
  Health: 'MedicalHealth',
});

/** Only above a category. The table ends at `PersonalData`; DPV goes on, to `SensitiveData` and `Data`. */
const WIDER_CATEGORY_PARENTS: Parents = iris(PD, {
  [`${DPV}PersonalData`]: '',
  [`${DPV}SensitivePersonalData`]: `${DPV}PersonalData`,
  [SPECIAL]: `${DPV}SensitivePersonalData`,
  Internal: `${DPV}PersonalData`,
  External: `${DPV}PersonalData`,
  Social: `${DPV}PersonalData`,
  Tracking: `${DPV}PersonalData`,
  Behavioural: 'External',
  Demographic: 'External',
  Location: 'Tracking',
  Age: 'PhysicalCharacteristic',
  Family: 'Social',
  PublicLife: 'Social',
  KnowledgeBelief: 'Internal',
  Sexual: `External ${SPECIAL}`,
  MedicalHealth: `External ${SPECIAL}`,
});

/** The full IRI of a category by its DPV name: `category('Preference')`. */
export function category(name: string): string {
  return PD + name;
}

/** True for the IRI of a purpose a brand may ask for. */
export function isPurpose(iri: string): boolean {
  return PURPOSE_PARENTS.has(iri);
}

/** Every purpose a brand may ask for, as IRIs, in the order of the table. */
export function purposeIris(): string[] {
  return [...PURPOSE_PARENTS.keys()];
}

/**
 * True when `asked` is the granted purpose or below it, never when it is above or beside it. Exact
 * strings. False for whatever the snapshot does not hold, and for a `granted` that no brand may ask for.
 */
export function purposeCovers(granted: string, asked: string): boolean {
  if (!isPurpose(granted)) return false;
  if (granted === asked) return true;
  if (!isPurpose(asked)) return false;
  return reaches([PURPOSE_PARENTS, WIDER_PURPOSE_PARENTS], asked, granted);
}

/** Parents of a purpose or category of the snapshot, as IRIs; undefined when it is not in it. */
export function parentsOf(iri: string): readonly string[] | undefined {
  return [PURPOSE_PARENTS, WIDER_PURPOSE_PARENTS, CATEGORY_PARENTS, WIDER_CATEGORY_PARENTS]
    .find((table) => table.has(iri))
    ?.get(iri);
}

/** True for the IRI of a pinned category. */
export function isCategory(iri: string): boolean {
  return CATEGORY_PARENTS.has(iri);
}

/** True for a pinned category that DPV puts below `SpecialCategoryPersonalData` (GDPR Art. 9). */
export function isSpecialCategory(iri: string): boolean {
  return isCategory(iri) && reaches([CATEGORY_PARENTS, WIDER_CATEGORY_PARENTS], iri, SPECIAL);
}

/** Walks upwards; ends because the snapshot has no cycle (dpv.test.ts). */
function reaches(tables: readonly Parents[], from: string, to: string): boolean {
  if (from === to) return true;
  return tables.some((table) => table.get(from)?.some((parent) => reaches(tables, parent, to)));
}

/** Names to IRIs; a name that holds a colon is an IRI already. A Map, so `__proto__` is just unknown. */
function iris(namespace: string, rows: Readonly<Record<string, string>>): Parents {
  const iri = (name: string) => (name.includes(':') ? name : namespace + name);
  return new Map(
    Object.entries(rows).map(([name, parents]) => [
      iri(name),
      parents.split(' ').filter(Boolean).map(iri),
    ]),
  );
}
