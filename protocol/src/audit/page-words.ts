import type { EventName } from '../tlog/fields.ts';
import type { Text } from '../vocabulary/attribute.ts';
import type { NotProven } from './check-receipt.ts';

/** The sentences of the page, in both languages of the product. */
export const NOT_PROVEN: { readonly [N in NotProven]: Text } = {
  person: {
    en: 'That the key behind this consent belongs to a particular person. The file shows what a key agreed to, not who held it.',
    de: 'Dass der Schlüssel hinter dieser Einwilligung einem bestimmten Menschen gehört. Die Datei zeigt, wozu ein Schlüssel zugestimmt hat, nicht, wer ihn hatte.',
  },
  brand: {
    en: 'That the request was signed by the named provider. Its keys lie at its own address and were not asked for.',
    de: 'Dass die Anfrage vom genannten Anbieter signiert ist. Dessen Schlüssel liegen unter seiner eigenen Adresse und wurden nicht abgefragt.',
  },
  'service-keys': {
    en: 'That the keys of the service are its own. They were taken from this file; --vault reads them from the service’s address.',
    de: 'Dass die Schlüssel des Dienstes wirklich seine sind. Genommen wurden die aus dieser Datei; --vault liest sie unter der Adresse des Dienstes.',
  },
  'log-key': {
    en: 'That the key of the log is the right one. It was taken from this file; --key names one that is known.',
    de: 'Dass der Schlüssel des Protokolls der richtige ist. Genommen wurde der aus dieser Datei; --key nennt einen bekannten.',
  },
  witness: {
    en: 'When exactly it happened, and that everybody sees the same log: no known witness cosigned, so times are the operator’s word.',
    de: 'Wann genau es geschah und dass alle dasselbe Protokoll sehen: Kein bekannter Zeuge hat mitgezeichnet, die Zeiten sind das Wort des Betreibers.',
  },
  'first-visit': {
    en: 'That the log still contains what it contained then. This check looks at one file, not at the log; a monitor does that.',
    de: 'Dass das Protokoll noch enthält, was es damals enthielt. Geprüft wurde eine Datei, nicht das Protokoll; das tut ein Monitor.',
  },
  'no-proofs': {
    en: 'That anything of this is in the log: the file holds no proof of it.',
    de: 'Dass irgendetwas davon im Protokoll steht: Die Datei enthält keinen Beweis dafür.',
  },
  text: {
    en: 'That the screen looked like this. Proven is the text that was asked for, and which language and version of words surrounded it.',
    de: 'Dass der Bildschirm so aussah. Bewiesen ist der angefragte Text, und in welcher Sprache und Fassung die Worte darum herum standen.',
  },
  'no-request': {
    en: 'Which text was shown: the request is not in the file.',
    de: 'Welcher Text gezeigt wurde: Die Anfrage ist nicht in der Datei.',
  },
  values: {
    en: 'Which values were shared. The consent names kinds of information; values are not in it.',
    de: 'Welche Werte geteilt wurden. Die Einwilligung nennt Arten von Angaben, die Werte stehen nicht darin.',
  },
  'no-receipts': {
    en: 'That the service confirmed anything: the file holds no receipt.',
    de: 'Dass der Dienst etwas bestätigt hat: Die Datei enthält keine Quittung.',
  },
  'no-status': {
    en: 'In which state the consent is: the file holds no status list.',
    de: 'In welchem Zustand die Einwilligung ist: Die Datei enthält keine Statusliste.',
  },
  after: {
    en: 'What happened after the dates below, and that no event is missing after the last one.',
    de: 'Was nach den unten genannten Zeitpunkten geschah, und dass nach dem letzten Ereignis keines fehlt.',
  },
  conduct: {
    en: 'That the provider kept to it.',
    de: 'Dass der Anbieter sich daran gehalten hat.',
  },
};

export const EVENTS: { readonly [E in EventName]: Text } = {
  registered: { en: 'consent registered', de: 'Einwilligung registriert' },
  withdrawn: { en: 'withdrawn', de: 'widerrufen' },
  restored: { en: 'withdrawal undone', de: 'Widerruf zurückgenommen' },
  suspended: { en: 'paused', de: 'pausiert' },
  resumed: { en: 'resumed', de: 'fortgesetzt' },
  replaced: { en: 'replaced by a later consent', de: 'durch eine spätere Einwilligung ersetzt' },
  returned: { en: 'handed back by the provider', de: 'vom Anbieter zurückgegeben' },
  expired: { en: 'expired', de: 'abgelaufen' },
  erased: { en: 'erased', de: 'gelöscht' },
  stopped: { en: 'ended with the stop sheet', de: 'mit dem Stopp-Blatt beendet' },
  pad: { en: 'nothing', de: 'nichts' },
};

export const STATES = {
  active: { en: 'active', de: 'gültig' },
  ended: { en: 'ended', de: 'beendet' },
  suspended: { en: 'paused', de: 'pausiert' },
  notRegistered: { en: 'not registered', de: 'nicht registriert' },
} as const satisfies Record<string, Text>;

const both = (en: string, de: string): Text => ({ en, de });

export const WORDS = {
  title: both('Receipt of a consent', 'Quittung über eine Einwilligung'),
  wrong: both('Something in this file does not hold', 'Etwas in dieser Datei stimmt nicht'),
  verified: both(
    'Everything in this file that can be verified holds.',
    'Alles in dieser Datei, was sich prüfen lässt, stimmt.',
  ),
  notProven: both('What this does not prove', 'Was damit nicht bewiesen ist'),
  who: both('Who', 'Wer'),
  provider: both('Provider', 'Anbieter'),
  person: both('Key of the person (pseudonym)', 'Schlüssel der Person (Pseudonym)'),
  service: both('Service', 'Dienst'),
  decided: both('Decided by', 'Entschieden durch'),
  byPerson: both('the person', 'die Person'),
  byRule: both('a rule that the person set', 'eine Regel, die die Person gesetzt hat'),
  recipients: both('Passed on to', 'Weitergabe an'),
  nobody: both('nobody', 'niemanden'),
  what: both('What', 'Was'),
  data: both('Information', 'Angaben'),
  where: both('Used on', 'Verwendet auf'),
  frequency: both('How often', 'Wie oft'),
  whatFor: both('What for', 'Wofür'),
  purpose: both('Purpose', 'Zweck'),
  basis: both('Legal basis', 'Rechtsgrundlage'),
  consent: both('consent', 'Einwilligung'),
  until: both('Until when', 'Bis wann'),
  from: both('From', 'Ab'),
  to: both('Until', 'Bis'),
  retention: both('Kept afterwards for', 'Danach aufbewahrt für'),
  shown: both('The text that was shown', 'Der Text, der gezeigt wurde'),
  text: both('Text', 'Text'),
  benefit: both('In return', 'Gegenleistung'),
  notice: both('Privacy notice', 'Datenschutzhinweise'),
  language: both('Shown in', 'Gezeigt auf'),
  english: both('English', 'Englisch'),
  german: both('German', 'Deutsch'),
  wording: both('version of the words around it', 'Fassung der Worte darum herum'),
  state: both('State', 'Zustand'),
  onDate: both('State on', 'Zustand am'),
  older: both('older than what comes last below', 'älter als das, was unten zuletzt steht'),
  unknown: both('not in this file', 'nicht in dieser Datei'),
  inLog: both('in the log, entry', 'im Protokoll, Eintrag'),
  notInLog: both(
    'receipt only, no proof from the log',
    'nur Quittung, kein Beweis aus dem Protokoll',
  ),
  operatorTime: both('by the operator’s clock', 'nach der Uhr des Betreibers'),
  witnessed: both('witnessed not later than', 'bezeugt spätestens'),
  checkedWith: both('Checked with', 'Geprüft mit'),
  logKey: both('Key of the log', 'Schlüssel des Protokolls'),
  serviceKeys: both('Keys of the service', 'Schlüssel des Dienstes'),
  fromOption: both('given on the command line', 'auf der Befehlszeile angegeben'),
  fromFile: both('from this file', 'aus dieser Datei'),
  fromVault: both('from the service’s own address', 'von der eigenen Adresse des Dienstes'),
  grantId: both('Number of the consent', 'Nummer der Einwilligung'),
} as const;
