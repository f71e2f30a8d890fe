import { daysOf } from '../duration.ts';
import type { EventName } from '../tlog/fields.ts';
import type { Lang, Text } from '../vocabulary/attribute.ts';
import { attribute } from '../vocabulary/find.ts';
import { purpose } from '../vocabulary/purposes.ts';
import type { CheckedReceipt } from './check-receipt.ts';
import { FINDINGS } from './finding.ts';
import { AFTER, intervalOf } from './grant-state.ts';
import { EVENTS, NOT_PROVEN, STATES, WORDS } from './page-words.ts';

/** The page before it is text or HTML: what is not proven comes first, always. */
export type Page = {
  readonly lang: Lang;
  readonly title: string;
  readonly verdict: { readonly holds: boolean; readonly text: string };
  readonly problems: readonly string[];
  readonly notProven: { readonly heading: string; readonly items: readonly string[] };
  readonly sections: readonly Section[];
};
export type Section = {
  readonly heading: string;
  readonly rows: readonly (readonly [string, string])[];
};

const LOCALE = { en: 'en-GB', de: 'de-DE' } as const;

function timeWords(seconds: number, lang: Lang): string {
  const words = new Intl.DateTimeFormat(LOCALE[lang], {
    dateStyle: 'long',
    timeStyle: 'medium',
    timeZone: 'UTC',
  });
  return `${words.format(seconds * 1000)} UTC`;
}

function dayWords(days: number, lang: Lang): string {
  const format = { style: 'unit', unit: 'day', unitDisplay: 'long' } as const;
  return new Intl.NumberFormat(LOCALE[lang], format).format(days);
}

const listed = (items: readonly string[]) => items.join('; ');

/** Everything on the page comes from what was verified, or says that it is missing. */
export function pageOf(checked: CheckedReceipt): Page {
  const { lang, findings, notProven } = checked;
  const say = (word: Text) => word[lang];
  const holds = findings.count === 0;
  return {
    lang,
    title: say(WORDS.title),
    verdict: { holds, text: say(holds ? WORDS.verified : WORDS.wrong) },
    problems: findings.list.map(
      ({ code, path, detail }) =>
        `${code}: ${FINDINGS[code]} (${[path, detail].filter((part) => part !== undefined).join(', ')})`,
    ),
    notProven: {
      heading: say(WORDS.notProven),
      items: notProven.map((what) => say(NOT_PROVEN[what])),
    },
    sections: [
      ...(checked.grant === null ? [] : grantSections(checked, checked.grant)),
      ...(checked.grant === null ? [] : [shownSection(checked, checked.grant)]),
      stateSection(checked),
      keysSection(checked),
    ],
  };
}

type Known = NonNullable<CheckedReceipt['grant']>;

function grantSections({ lang }: CheckedReceipt, grant: Known): Section[] {
  const say = (word: Text) => word[lang];
  const { claims, details } = grant;
  const { frequency } = details;
  const domain = decodeURIComponent(claims.aud.replace(/^did:web:/, ''));
  const uses = frequency && `${frequency.uses} × ${dayWords(daysOf(frequency.per), lang)}`;
  return [
    {
      heading: say(WORDS.who),
      rows: [
        [say(WORDS.provider), `${domain} (${claims.aud})`],
        [say(WORDS.person), grant.pseudonym],
        [say(WORDS.service), new URL(claims.status.status_list.uri).origin],
        [say(WORDS.decided), say(claims.decided_by === 'person' ? WORDS.byPerson : WORDS.byRule)],
        [say(WORDS.recipients), listed(details.recipients) || say(WORDS.nobody)],
      ],
    },
    {
      heading: say(WORDS.what),
      rows: [
        [
          say(WORDS.data),
          listed(
            details.datatypes.map((id) => {
              const label = attribute(id)?.label[lang];
              return label === undefined ? id : `${label} (${id})`;
            }),
          ),
        ],
        [say(WORDS.where), listed(details.locations)],
        ...(uses === undefined ? [] : [[say(WORDS.frequency), uses] as const]),
      ],
    },
    {
      heading: say(WORDS.whatFor),
      rows: [
        ...details.purpose.map((iri) => {
          const known = purpose(iri);
          const words = known && `${known.label[lang]}: ${known.explain[lang]} (${iri})`;
          return [say(WORDS.purpose), words ?? iri] as const;
        }),
        [say(WORDS.basis), say(WORDS.consent)],
      ],
    },
    {
      heading: say(WORDS.until),
      rows: [
        [say(WORDS.from), timeWords(claims.nbf, lang)],
        [say(WORDS.to), timeWords(claims.exp, lang)],
        [say(WORDS.retention), dayWords(daysOf(details.retention), lang)],
      ],
    },
  ];
}

function shownSection({ lang, request }: CheckedReceipt, { claims, details }: Known): Section {
  const say = (word: Text) => word[lang];
  const { shown } = claims;
  const spoken = say(shown.lang === 'de' ? WORDS.german : WORDS.english);
  const benefit = request?.terms.benefit;
  return {
    heading: say(WORDS.shown),
    rows: [
      [say(WORDS.text), request?.terms.text[shown.lang] ?? say(WORDS.unknown)],
      ...(benefit === undefined ? [] : [[say(WORDS.benefit), benefit.text[shown.lang]] as const]),
      [say(WORDS.language), `${spoken}; ${say(WORDS.wording)}: ${shown.wording}`],
      [say(WORDS.notice), `${details.notice.uri} (SHA-256 ${details.notice['hash#sha-256']})`],
    ],
  };
}

/** Whether the file itself shows an event that its status list does not know of yet. */
function isListOlder({ status, history, receipts }: CheckedReceipt): boolean {
  const last = [
    ...history.events,
    ...receipts.map(({ claims: { seq, event, iat } }) => ({ seq, type: event, at: iat })),
  ].reduce<{ seq: number; type: EventName; at: number | null } | null>(
    (one, other) => (one === null || other.seq > one.seq ? other : one),
    null,
  );
  if (status === null || last === null || last.at === null) return false;
  if (AFTER[last.type] === status.state) return false;
  return last.at > status.at || (last.at === status.at && status.state === 'active');
}

function stateSection(checked: CheckedReceipt): Section {
  const { lang, status, history, receipts, trust, grant } = checked;
  const say = (word: Text) => word[lang];
  const older = isListOlder(checked) ? ` (${say(WORDS.older)})` : '';
  const current =
    status === null
      ? ([say(WORDS.state), say(WORDS.unknown)] as const)
      : ([
          `${say(WORDS.onDate)} ${timeWords(status.at, lang)}`,
          `${say(STATES[status.state])}${older}`,
        ] as const);
  const proven = history.events.map(({ seq, type, at, entry, heads }) => {
    const { before } = intervalOf(entry.index, heads, trust.quorum);
    const parts = [
      say(EVENTS[type]),
      ...(at === null ? [] : [`${timeWords(at, lang)} ${say(WORDS.operatorTime)}`]),
      ...(before === null ? [] : [`${say(WORDS.witnessed)} ${timeWords(before, lang)}`]),
      `${say(WORDS.inLog)} ${entry.index}`,
    ];
    return [seq, parts.join(', ')] as const;
  });
  const promised = receipts
    .filter(({ claims }) => !history.events.some(({ seq }) => seq === claims.seq))
    .map(({ claims }) => {
      const words = `${say(EVENTS[claims.event])}, ${timeWords(claims.iat, lang)} ${say(WORDS.operatorTime)}`;
      return [claims.seq, `${words}, ${say(WORDS.notInLog)}`] as const;
    });
  const events = [...proven, ...promised].sort(([a], [b]) => a - b);
  return {
    heading: say(WORDS.state),
    rows: [
      current,
      ...(grant === null ? [] : [[say(WORDS.grantId), grant.claims.jti] as const]),
      ...events.map(([seq, words]) => [`${seq}`, words] as const),
    ],
  };
}

function keysSection({ lang, trust, keysFrom }: CheckedReceipt): Section {
  const say = (word: Text) => word[lang];
  const origin = { option: WORDS.fromOption, file: WORDS.fromFile, vault: WORDS.fromVault };
  const from = origin[trust.keyFrom as keyof typeof origin] ?? WORDS.fromFile;
  return {
    heading: say(WORDS.checkedWith),
    rows: [
      [say(WORDS.logKey), `${trust.vkey} – ${say(from)}`],
      [say(WORDS.serviceKeys), say(keysFrom === 'file' ? WORDS.fromFile : WORDS.fromVault)],
    ],
  };
}
