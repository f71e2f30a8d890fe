// The purposes a brand may ask for (SPEC §13), in words for people. Whoever agrees to a purpose
// agrees to those below it (dpv.ts), so the explanation of a wide one names them.
import type { Text } from './attribute.ts';
import { LOYALTY_PROGRAMME } from './dpv.ts';

export type Purpose = {
  readonly iri: string;
  readonly label: Text;
  /** One or two sentences about what will happen. */
  readonly explain: Text;
  /** The extension answers no without asking, unless a rule of the person's says otherwise. */
  readonly refusedByDefault?: true;
};

const DPV = 'https://w3id.org/dpv#';

export const PURPOSES: readonly Purpose[] = [
  {
    iri: `${DPV}ServicePersonalisation`,
    label: { en: 'Fit the service to you', de: 'Angebot persönlich gestalten' },
    explain: {
      en: 'The shop is arranged around what you shared. This includes recommendations, the look of the pages and personal benefits, also those of a loyalty programme.',
      de: 'Der Shop richtet sich nach den geteilten Angaben. Dazu gehören Empfehlungen, die Darstellung der Seiten und persönliche Vorteile, auch die eines Treueprogramms.',
    },
  },
  {
    iri: `${DPV}ProvidePersonalisedRecommendations`,
    label: { en: 'Personal recommendations', de: 'Persönliche Empfehlungen' },
    explain: {
      en: 'Suggestions are chosen by what you shared: products, events and other offers.',
      de: 'Vorschläge werden nach den geteilten Angaben ausgewählt: Produkte, Veranstaltungen und andere Angebote.',
    },
  },
  {
    iri: `${DPV}ProvideProductRecommendations`,
    label: { en: 'Product recommendations', de: 'Produktempfehlungen' },
    explain: {
      en: 'Products are suggested and sorted by what you shared.',
      de: 'Produkte werden nach den geteilten Angaben vorgeschlagen und sortiert.',
    },
  },
  {
    iri: `${DPV}ProvideEventRecommendations`,
    label: { en: 'Event recommendations', de: 'Veranstaltungstipps' },
    explain: {
      en: 'Courses, tastings, tours and other events are suggested by what you shared.',
      de: 'Kurse, Verkostungen, Touren und andere Veranstaltungen werden nach den geteilten Angaben vorgeschlagen.',
    },
  },
  {
    iri: `${DPV}PersonalisedBenefits`,
    label: { en: 'Personal benefits', de: 'Persönliche Vorteile' },
    explain: {
      en: 'Discounts, gifts or early access are chosen by what you shared, also within a loyalty programme.',
      de: 'Rabatte, Geschenke oder früher Zugang werden nach den geteilten Angaben ausgewählt, auch in einem Treueprogramm.',
    },
  },
  {
    iri: `${DPV}UserInterfacePersonalisation`,
    label: { en: 'Arrange the pages for you', de: 'Seiten passend darstellen' },
    explain: {
      en: 'What comes first, the language and the look of the pages follow what you shared.',
      de: 'Reihenfolge, Sprache und Aussehen der Seiten folgen den geteilten Angaben.',
    },
  },
  {
    iri: `${DPV}CustomerCare`,
    label: { en: 'Help and advice', de: 'Hilfe und Beratung' },
    explain: {
      en: 'The customer service knows what you shared when it helps you, and may contact you about it.',
      de: 'Der Kundendienst kennt bei Fragen die geteilten Angaben und darf sich dazu melden.',
    },
  },
  {
    iri: `${DPV}CommunicationForCustomerCare`,
    label: { en: 'Contact by the customer service', de: 'Kontakt durch den Kundendienst' },
    explain: {
      en: 'The customer service may contact you about your questions and orders. No advertising.',
      de: 'Der Kundendienst darf sich zu Fragen und Bestellungen melden. Keine Werbung.',
    },
  },
  {
    iri: `${DPV}CustomerRelationshipManagement`,
    label: { en: 'Customer file', de: 'Kundenkartei' },
    explain: {
      en: 'The shop keeps what you shared in its customer file and evaluates its dealings with you. This includes a loyalty programme.',
      de: 'Der Shop führt die geteilten Angaben in seiner Kundenkartei und wertet die Beziehung zum Kunden aus. Dazu gehört auch ein Treueprogramm.',
    },
  },
  {
    iri: LOYALTY_PROGRAMME,
    label: { en: 'Loyalty programme', de: 'Treueprogramm' },
    explain: {
      en: 'Points, status and rewards of the loyalty programme take into account what you shared.',
      de: 'Punkte, Status und Prämien des Treueprogramms berücksichtigen die geteilten Angaben.',
    },
  },
  {
    iri: `${DPV}RequestedServiceProvision`,
    label: { en: 'Do what you asked for', de: 'Gewünschte Leistung erbringen' },
    explain: {
      en: 'Used only to carry out what you ordered or asked for.',
      de: 'Nur um auszuführen, was bestellt oder angefragt wurde.',
    },
  },
  {
    iri: `${DPV}Marketing`,
    label: { en: 'Marketing of any kind', de: 'Marketing jeder Art' },
    explain: {
      en: 'Used to promote and sell. This includes messages to you and advertising of every kind, also advertising targeted at you.',
      de: 'Zum Werben und Verkaufen. Dazu gehören persönliche Werbenachrichten und jede Art von Werbung, auch gezielte.',
    },
  },
  {
    iri: `${DPV}DirectMarketing`,
    label: { en: 'Marketing messages to you', de: 'Persönliche Werbenachrichten' },
    explain: {
      en: 'The shop may send you offers and news directly, for example by e-mail or post.',
      de: 'Der Shop darf Angebote und Neuigkeiten direkt schicken, zum Beispiel per E-Mail oder Post.',
    },
  },
  {
    iri: `${DPV}Advertising`,
    label: { en: 'Advertising', de: 'Werbung' },
    explain: {
      en: 'Used for advertisements. This includes advertisements chosen for you and targeted at you.',
      de: 'Für Werbeanzeigen. Dazu gehören auch persönlich ausgewählte und gezielte Anzeigen.',
    },
  },
  {
    iri: `${DPV}PersonalisedAdvertising`,
    label: { en: 'Personalised advertising', de: 'Personalisierte Werbung' },
    explain: {
      en: 'Advertisements are chosen by what you shared. This includes targeting you or a group you belong to.',
      de: 'Anzeigen werden nach den geteilten Angaben ausgewählt, auch gezielt für einzelne Personen oder Gruppen.',
    },
  },
  {
    iri: `${DPV}TargetedAdvertising`,
    label: { en: 'Targeted advertising', de: 'Zielgerichtete Werbung' },
    explain: {
      en: 'Advertisements are aimed at you, or at a group you belong to, by what you shared.',
      de: 'Anzeigen richten sich nach den geteilten Angaben gezielt an einzelne Personen oder Gruppen.',
    },
  },
  {
    iri: `${DPV}CommercialResearch`,
    label: { en: 'Market research', de: 'Marktforschung' },
    explain: {
      en: 'What you shared is studied with that of others to learn about customers and markets.',
      de: 'Die geteilten Angaben werden mit denen anderer ausgewertet, um Kunden und Märkte zu verstehen.',
    },
  },
  {
    iri: `${DPV}ImproveExistingProductsAndServices`,
    label: { en: 'Improve products and services', de: 'Produkte und Service verbessern' },
    explain: {
      en: 'What you shared helps to make existing products and services better.',
      de: 'Die geteilten Angaben helfen, bestehende Produkte und Leistungen zu verbessern.',
    },
  },
  {
    iri: `${DPV}ServiceUsageAnalytics`,
    label: { en: 'Usage statistics', de: 'Nutzungsstatistik' },
    explain: {
      en: 'What you shared is used in statistics about how the service is used.',
      de: 'Die geteilten Angaben fließen in Statistiken darüber ein, wie das Angebot genutzt wird.',
    },
  },
  {
    iri: `${DPV}SellDataToThirdParties`,
    label: { en: 'Sell data to others', de: 'Daten an Dritte verkaufen' },
    explain: {
      en: 'What you shared is sold or passed on to other companies. You cannot see what they do with it.',
      de: 'Die geteilten Angaben werden an andere Unternehmen verkauft oder weitergegeben. Was dort damit geschieht, ist nicht mehr zu sehen.',
    },
    refusedByDefault: true,
  },
];

/** The purpose with this IRI, or undefined when no brand may ask for it. */
export function purpose(iri: string): Purpose | undefined {
  return PURPOSES.find((row) => row.iri === iri);
}
