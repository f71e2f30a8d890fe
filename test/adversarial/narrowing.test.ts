/** SPEC §4: a grant may be narrower than what was asked, in any way and any number of ways, and never wider in one. */
import { fc, test } from '@fast-check/vitest';
import type { PolicyCode } from '@zusage/protocol/errors';
import { type Grant, parseGrant } from '@zusage/protocol/grant';
import { assertNarrower } from '@zusage/protocol/narrowing';
import { type ParsedRequest, parseRequest } from '@zusage/protocol/request';
import { categoriesOf } from '@zusage/protocol/vocabulary/category';
import { describe, expect } from 'vitest';
import { DAY, grant, NOW, request } from '../../protocol/vectors/fixture.ts';
import { outcome, runs } from './hostile.fixture.ts';

const baseGrant = await parseGrant(grant);
const baseRequest = await parseRequest(request);

const ATTRIBUTES = ['size.shoe', 'intent.travel', 'preference.coffee-roast'];
const PURPOSES = ['ProvideProductRecommendations', 'ServicePersonalisation', 'Marketing'].map(
  (name) => `https://w3id.org/dpv#${name}`,
);
const RECIPIENTS = ['Parcel Ltd', 'Print Ltd', 'Post Ltd'];
const ORIGINS = ['https://shop.example', 'https://de.shop.example', 'https://fr.shop.example'];
const PERIODS = ['P1D', 'P7D', 'P30D'] as const;

type Frequency = { uses: number; per: (typeof PERIODS)[number] };
/** Everything about a request or a grant that can be wider or narrower. */
type Scope = {
  datatypes: string[];
  purpose: string[];
  recipients: string[];
  origins: string[];
  from: number;
  until: number;
  retention: number;
  frequency: Frequency | undefined;
};

const some = (from: readonly string[]) => fc.subarray([...from], { minLength: 1 });
const frequency: fc.Arbitrary<Frequency> = fc.record({
  uses: fc.integer({ min: 2, max: 1_000 }),
  per: fc.constantFrom(...PERIODS),
});

/** What a brand asks. The first attribute is mandatory, and all subsets of the others may be chosen. */
const asked: fc.Arbitrary<Scope> = fc.record({
  datatypes: fc.subarray(ATTRIBUTES.slice(1)).map((rest) => [ATTRIBUTES[0] as string, ...rest]),
  purpose: some(PURPOSES),
  recipients: fc.subarray(RECIPIENTS),
  origins: some(ORIGINS),
  from: fc.integer({ min: NOW, max: NOW + DAY }),
  until: fc.integer({ min: NOW + 2 * DAY, max: NOW + 360 * DAY }),
  retention: fc.integer({ min: 2, max: 365 }),
  frequency: fc.option(frequency, { nil: undefined }),
});

function requestOf(scope: Scope): ParsedRequest {
  const [mandatory = '', ...optional] = scope.datatypes;
  const choices = [[mandatory]];
  for (const id of optional) choices.push(...choices.map((set) => [...set, id]));
  const { frequency: _, ...terms } = baseRequest.terms;
  return {
    ...baseRequest,
    attributes: scope.datatypes,
    choices,
    mandatory: [mandatory],
    payload: { ...baseRequest.payload, expected_origins: scope.origins },
    terms: {
      ...terms,
      purpose: scope.purpose,
      recipients: scope.recipients,
      period: { from: scope.from, until: scope.until },
      retention: `P${scope.retention}D`,
      ...(scope.frequency && { frequency: scope.frequency }),
    },
  };
}

function grantOf(scope: Scope, change: object = {}): Grant {
  const { frequency: _, ...details } = baseGrant.details;
  return {
    ...baseGrant,
    claims: { ...baseGrant.claims, nbf: scope.from, exp: scope.until },
    details: {
      ...details,
      datatypes: scope.datatypes,
      personal_data: categoriesOf(scope.datatypes) ?? [],
      purpose: scope.purpose,
      recipients: scope.recipients,
      locations: scope.origins,
      retention: `P${scope.retention}D`,
      ...(scope.frequency && { frequency: scope.frequency }),
      ...change,
    },
  };
}

/** A scope that is narrower than `wide` or the same, in every line at once. */
const within = (wide: Scope): fc.Arbitrary<Scope> =>
  fc.record({
    datatypes: fc
      .shuffledSubarray(wide.datatypes.slice(1))
      .map((rest) => [...rest, wide.datatypes[0] as string]),
    purpose: fc.shuffledSubarray(wide.purpose, { minLength: 1 }),
    recipients: fc.shuffledSubarray(wide.recipients),
    origins: fc.shuffledSubarray(wide.origins, { minLength: 1 }),
    from: fc.integer({ min: wide.from, max: NOW + DAY }),
    until: fc.integer({ min: NOW + 2 * DAY - 1, max: wide.until }),
    retention: fc.integer({ min: 1, max: wide.retention }),
    frequency:
      wide.frequency === undefined
        ? fc.option(frequency, { nil: undefined })
        : fc.record({
            uses: fc.integer({ min: 1, max: wide.frequency.uses }),
            per: fc.constant(wide.frequency.per),
          }),
  });

/** A scope that asks for the same or more in every line, so that `narrow` was within it all the more. */
const around = (narrow: Scope): fc.Arbitrary<Scope> => {
  const more = (has: string[], all: readonly string[]) =>
    fc.subarray(all.filter((item) => !has.includes(item))).map((others) => [...has, ...others]);
  return fc.record({
    datatypes: more(narrow.datatypes, ATTRIBUTES),
    purpose: more(narrow.purpose, PURPOSES),
    recipients: more(narrow.recipients, RECIPIENTS),
    origins: more(narrow.origins, ORIGINS),
    from: fc.integer({ min: NOW - DAY, max: narrow.from }),
    until: fc.integer({ min: narrow.until, max: NOW + 365 * DAY }),
    retention: fc.integer({ min: narrow.retention, max: 9_999 }),
    frequency:
      narrow.frequency === undefined
        ? fc.constant(undefined)
        : fc.option(
            fc.record({
              uses: fc.integer({ min: narrow.frequency.uses, max: 100_000 }),
              per: fc.constant(narrow.frequency.per),
            }),
            { nil: undefined },
          ),
  });
};

const verdict = (
  granted: Grant,
  { origins, ...scope }: Scope,
  origin = granted.details.locations[0],
) =>
  outcome(() =>
    assertNarrower(granted, requestOf({ origins, ...scope }), {
      ...(origin !== undefined && { origin }),
    }),
  );

const pair = asked.chain((wide) => fc.tuple(fc.constant(wide), within(wide)));

/** Each a way to want one thing more than was asked, and the one line of §4 that it breaks. */
const WIDENINGS: [code: PolicyCode, widen: (narrow: Scope, wide: Scope) => Grant][] = [
  ['narrow/datatypes', (n) => grantOf({ ...n, datatypes: [...n.datatypes, 'context.allergies'] })],
  [
    'narrow/mandatory',
    (n, { datatypes: [first] }) =>
      grantOf({ ...n, datatypes: n.datatypes.filter((id) => id !== first) }),
  ],
  [
    'narrow/choice',
    (n, { datatypes: [first = ''] }) => grantOf({ ...n, datatypes: [...n.datatypes, first] }),
  ],
  [
    'narrow/purpose',
    (n) => grantOf({ ...n, purpose: [...n.purpose, 'https://w3id.org/dpv#DirectMarketing'] }),
  ],
  ['narrow/purpose', (n) => grantOf({ ...n, purpose: ['https://w3id.org/dpv#Purpose'] })],
  ['narrow/recipients', (n) => grantOf({ ...n, recipients: [...n.recipients, 'Spy Ltd'] })],
  [
    'narrow/locations',
    (n) => grantOf({ ...n, origins: [...n.origins, 'https://elsewhere.example'] }),
  ],
  ['narrow/from', (n, wide) => grantOf({ ...n, from: wide.from - 1 })],
  ['narrow/until', (n, wide) => grantOf({ ...n, until: wide.until + 1 })],
  ['narrow/retention', (n, wide) => grantOf({ ...n, retention: wide.retention + 1 })],
  ['narrow/actions', (n) => grantOf(n, { actions: ['read', 'write'] })],
  [
    'narrow/legal-basis',
    (n) => grantOf(n, { legal_basis: 'https://w3id.org/dpv#LegitimateInterest' }),
  ],
  [
    'narrow/notice',
    (n) =>
      grantOf(n, { notice: { ...baseGrant.details.notice, uri: 'https://shop.example/other' } }),
  ],
  [
    'narrow/personal-data',
    (n) =>
      grantOf(n, {
        personal_data: [...(categoriesOf(n.datatypes) ?? []), 'https://w3id.org/dpv/pd#Height'],
      }),
  ],
  ['narrow/personal-data', (n) => grantOf(n, { personal_data: [] })],
];

describe('narrowing', () => {
  test.prop([asked], runs(50))('is reflexive: all that was asked may be granted', async (scope) => {
    expect(await verdict(grantOf(scope), scope)).toBe('accepted');
  });

  test.prop([pair], runs(200))(
    'lets every narrower grant pass, in any order of its lists',
    async ([wide, narrow]) => {
      expect(await verdict(grantOf(narrow), wide)).toBe('accepted');
    },
  );

  test.prop(
    [pair.chain(([wide, narrow]) => fc.tuple(around(wide), fc.constant(narrow)))],
    runs(200),
  )('is antitone: what is within a request is within every wider one', async ([wider, narrow]) => {
    expect(await verdict(grantOf(narrow), wider)).toBe('accepted');
  });

  test.prop([pair, fc.constantFrom(...WIDENINGS)], runs(400))(
    'refuses any single widening, by the name of its line',
    async ([wide, narrow], [code, widen]) => {
      expect(await verdict(widen(narrow, wide), wide)).toBe(code);
    },
  );

  test.prop([pair, frequency], runs(100))(
    'refuses a limit that is dropped, raised or counted over another window',
    async ([wide, narrow], limit) => {
      const terms = { ...wide, frequency: limit };
      const per = PERIODS.find((other) => other !== limit.per);
      for (const granted of [
        undefined,
        { ...limit, uses: limit.uses + 1 },
        { ...limit, per: per as Frequency['per'] },
      ]) {
        const wider = grantOf({ ...narrow, frequency: granted });
        expect(await verdict(wider, terms)).toBe('narrow/frequency');
      }
    },
  );

  test.prop([pair], runs(50))(
    'refuses use at a page the grant does not name',
    async ([wide, narrow]) => {
      expect(await verdict(grantOf(narrow), wide, 'https://elsewhere.example')).toBe(
        'narrow/origin',
      );
    },
  );

  test.prop([pair], runs(50))('refuses a grant of more than 366 days', async ([wide, narrow]) => {
    const forever = { ...wide, until: NOW + 2_000 * DAY };
    const long = grantOf({ ...narrow, until: narrow.from + 366 * DAY + 1 });
    expect(await verdict(long, forever)).toBe('narrow/period');
    const year = grantOf({ ...narrow, until: narrow.from + 366 * DAY });
    expect(await verdict(year, forever)).toBe('accepted');
  });

  test.prop([pair], runs(50))(
    'refuses a grant for another request or other terms',
    async ([wide, narrow]) => {
      const { claims } = grantOf(narrow);
      const other = 'A'.repeat(43);
      const request_ = { ...grantOf(narrow), claims: { ...claims, request_hash: other } };
      const terms_ = { ...grantOf(narrow), claims: { ...claims, terms_hash: other } };
      expect(await verdict(request_, wide)).toBe('narrow/request-hash');
      expect(await verdict(terms_, wide)).toBe('narrow/terms-hash');
    },
  );
});
