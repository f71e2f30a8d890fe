/** The shop's own words, in both languages. */
export type Lang = 'en' | 'de';
export type Text = Readonly<Record<Lang, string>>;

const WORDS = {
  tagline: {
    en: 'Outdoors and coffee. Mended, resoled, freshly roasted.',
    de: 'Draußen und Kaffee. Geflickt, neu besohlt, frisch geröstet.',
  },
  skip: { en: 'Skip to the products', de: 'Zu den Produkten' },
  shop: { en: 'Shop', de: 'Laden' },
  privacy: { en: 'Privacy', de: 'Datenschutz' },
  admin: { en: 'What the shop holds', de: 'Was der Laden weiß' },
  language: { en: 'Deutsch', de: 'English' },
  shoes: { en: 'Shoes', de: 'Schuhe' },
  clothing: { en: 'Clothing', de: 'Kleidung' },
  outdoors: { en: 'On the way', de: 'Unterwegs' },
  coffee: { en: 'Coffee', de: 'Kaffee' },
  brewing: { en: 'Brewing', de: 'Zubereiten' },
  hero: { en: 'Good shoes, good coffee, long ways.', de: 'Gute Schuhe, guter Kaffee, weite Wege.' },
  heroYours: { en: 'Sorted for you.', de: 'Für Sie sortiert.' },
  forYou: { en: 'For you', de: 'Für Sie' },
  more: { en: 'Everything else', de: 'Alles Weitere' },
  sizes: { en: 'EU %1 to %2', de: 'EU %1 bis %2' },
  notFound: { en: 'This way leads nowhere.', de: 'Dieser Weg führt nirgendwohin.' },
  back: { en: 'Back to the shop', de: 'Zurück zum Laden' },

  offer: { en: 'Personalise this shop', de: 'Laden persönlich sortieren' },
  offerAsks: { en: 'We ask for', de: 'Wir fragen nach' },
  needed: { en: 'needed', de: 'nötig' },
  ifYouLike: { en: 'if you like', de: 'freiwillig' },
  offerFor: {
    en: 'Only to sort and recommend products. You can stop at any time.',
    de: 'Nur zum Sortieren und Empfehlen von Produkten. Sie können es jederzeit beenden.',
  },
  steps: {
    en: 'Two steps, both in your browser’s toolbar:',
    de: 'Zwei Schritte, beide in der Symbolleiste Ihres Browsers:',
  },
  step1: { en: 'Open the Zusage icon.', de: 'Das Zusage-Symbol öffnen.' },
  step2: { en: 'Choose “Connect once”.', de: '„Einmal verbinden“ wählen.' },
  getIt: {
    en: 'No Zusage yet? It is a free browser extension that keeps what you tell shops in your own hands. Its README says how to get it.',
    de: 'Noch keine Zusage-Erweiterung? Das ist eine kostenlose Browser-Erweiterung, mit der Sie selbst verwalten, was Läden über Sie wissen. Im README steht, wie Sie sie bekommen.',
  },
  asking: { en: 'Your browser is asking you now.', de: 'Ihr Browser fragt Sie gerade.' },
  notGranted: {
    en: 'All right, nothing was shared. The shop stays as it is.',
    de: 'In Ordnung, nichts wurde geteilt. Der Laden bleibt, wie er ist.',
  },
  failed: {
    en: 'That did not work, and we keep nothing. Please try again later.',
    de: 'Das hat nicht geklappt, und wir behalten nichts. Bitte später noch einmal versuchen.',
  },

  yours: { en: 'This shop is sorted for you', de: 'Dieser Laden ist für Sie sortiert' },
  toldUs: { en: 'Because you told us', de: 'Weil Sie uns gesagt haben' },
  until: { en: 'You agreed to this until %1.', de: 'Das gilt bis %1.' },
  stopThere: {
    en: 'To stop, open Zusage and choose Sharing. This shop stops within 5 minutes.',
    de: 'Zum Beenden Zusage öffnen und „Geteiltes“ wählen. Dieser Laden hört innerhalb von 5 Minuten auf.',
  },
  forget: { en: 'Stop here and delete', de: 'Hier beenden und löschen' },
  paused: {
    en: 'You stopped sharing. The shop is back to normal; once you can no longer undo it, we delete what you told us.',
    de: 'Sie teilen nicht mehr. Der Laden ist wieder wie für alle; sobald Sie es nicht mehr rückgängig machen können, löschen wir Ihre Angaben.',
  },
  ended: { en: 'What you had told us has been deleted.', de: 'Ihre Angaben sind gelöscht.' },
  unchecked: {
    en: 'We cannot rely on your consent just now, so the shop is the same as for everybody.',
    de: 'Wir können uns gerade nicht auf Ihre Zustimmung stützen, deshalb ist der Laden wie für alle.',
  },
  reasonSize: {
    en: 'In stock in %1, the size you told us',
    de: 'Vorrätig in %1, der von Ihnen genannten Größe',
  },
  reasonNoSize: { en: 'Not in stock in %1', de: 'Nicht vorrätig in %1' },
  reasonChosen: { en: 'Because you told us: %1', de: 'Weil Sie uns gesagt haben: %1' },
} satisfies Record<string, Text>;

export type Word = keyof typeof WORDS;

/** @param parts fill %1, %2, … */
export function say(word: Word, lang: Lang, ...parts: string[]): string {
  return WORDS[word][lang].replaceAll(/%([1-9])/g, (_, n) => parts[Number(n) - 1] ?? '');
}

/** The first of the visitor's languages that the shop speaks (RFC 9110 §12.5.4); English otherwise. */
export function languageOf(acceptLanguage: string | undefined): Lang {
  const wanted = (acceptLanguage ?? '')
    .split(',')
    .map((item) => {
      const [tag = '', ...parameters] = item.trim().toLowerCase().split(';');
      const q = parameters.find((parameter) => parameter.trim().startsWith('q='));
      return { tag: tag.slice(0, 2), q: q === undefined ? 1 : Number(q.trim().slice(2)) };
    })
    .filter(({ tag, q }) => (tag === 'en' || tag === 'de') && q > 0)
    .sort((left, right) => right.q - left.q);
  return wanted[0]?.tag === 'de' ? 'de' : 'en';
}

export function euros(cents: number, lang: Lang): string {
  const locale = lang === 'de' ? 'de-DE' : 'en-IE';
  return new Intl.NumberFormat(locale, { style: 'currency', currency: 'EUR' }).format(cents / 100);
}

/** @param seconds NumericDate */
export function day(seconds: number, lang: Lang): string {
  const locale = lang === 'de' ? 'de-DE' : 'en-GB';
  return new Intl.DateTimeFormat(locale, { dateStyle: 'long' }).format(seconds * 1000);
}
