import { daysOf } from '@zusage/protocol/duration';
import type { Terms } from '@zusage/protocol/terms';
import {
  type Attribute,
  type AttributeClass,
  LOYALTY_PROGRAMME,
  purposeCovers,
} from '@zusage/protocol/vocabulary/index';
import type { Services } from './services.ts';
import { dayWords, listWords, type Word } from './words.ts';

const DPV = 'https://w3id.org/dpv#';

/** What a class of attributes can give away. */
const CLASS_RISK: Readonly<Record<AttributeClass, Word>> = {
  preference: 'worker_risk_taste',
  interest: 'worker_risk_taste',
  size: 'worker_risk_size',
  intent: 'worker_risk_intent',
  context: 'worker_risk_life',
  contact: 'worker_risk_contact',
  value: 'worker_risk_value',
  mood: 'worker_risk_mood',
  feedback: 'worker_risk_feedback',
  profile: 'worker_risk_life',
  custom: 'worker_risk_custom',
};

/** A purpose and everything below it that leads to one more risk. */
const PURPOSE_RISK: readonly (readonly [string, Word])[] = [
  [`${DPV}SellDataToThirdParties`, 'worker_risk_sold'],
  [`${DPV}Marketing`, 'worker_risk_advertising'],
  [`${DPV}CustomerRelationshipManagement`, 'worker_risk_file'],
  [LOYALTY_PROGRAMME, 'worker_risk_file'],
  [`${DPV}CommercialResearch`, 'worker_risk_statistics'],
  [`${DPV}ServiceUsageAnalytics`, 'worker_risk_statistics'],
];

/** Days from which on keeping is named as a risk of its own. */
const LONG = 90;

/**
 * The risk in the extension's own words, never the brand's (SPEC §3): from class, purpose, recipients and
 * retention; what weighs most comes first.
 */
export function riskWords(
  { words, lang }: Services,
  asked: readonly Attribute[],
  { purpose, recipients, retention }: Pick<Terms, 'purpose' | 'recipients' | 'retention'>,
): string[] {
  const special = asked.some(({ sensitivity }) => sensitivity === 'special');
  const purposes = PURPOSE_RISK.filter(([iri]) =>
    purpose.some((one) => purposeCovers(iri, one) || purposeCovers(one, iri)),
  );
  const simple = new Set<Word>([
    ...(special ? (['worker_risk_special'] as const) : []),
    ...purposes.map(([, word]) => word),
    ...asked.map((what) => CLASS_RISK[what.class]),
  ]);
  const days = daysOf(retention);
  return [
    ...[...simple].map((word) => words(word)),
    ...(recipients.length > 0
      ? [words('worker_risk_recipients', listWords(recipients, lang))]
      : []),
    ...(days >= LONG ? [words('worker_risk_long', dayWords(days, lang))] : []),
    words('worker_risk_copy'),
  ];
}
