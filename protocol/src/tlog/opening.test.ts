import { describe, expect, test } from 'vitest';
import { decodeBase64url, encodeBase64url, encodeUtf8 } from '../bytes.ts';
import { encodeBase64 } from './base64.ts';
import { commit, epochKey, monthOf, streamTag } from './commitment.ts';
import { formatEntry, LIFECYCLE_LENGTH, minuteAt, parseEntry, secondsOf } from './entry.ts';
import { FIELD_NAMES } from './fields.ts';
import { sha256 } from './hash.ts';
import { digestsOf, formatOpening, type Opening, parseOpening, verifyOpening } from './opening.ts';
import { leafHash } from './tree.ts';
import { type EntryVector, entryVectors, vectorNamed } from './vectors.fixture.ts';

const openingOf = ({ entry, r, payload, disclosures }: EntryVector): Opening => ({
  v: 1,
  entry,
  r,
  payload,
  disclosures: [...disclosures],
});
const registered = vectorNamed('registered');
const hash = (text: string) => encodeBase64url(sha256(encodeUtf8(text)));

describe.each(entryVectors.entries)('the vector $label', (vector) => {
  test('entry, leaf and minute, read and written', () => {
    const entry = parseEntry(encodeUtf8(vector.entry));
    if (entry.kind !== 'e') expect.fail('another kind');
    expect(entry).toEqual({
      kind: 'e',
      minute: vector.t,
      commitment: vector.commitment,
      brandTag: vector.brand_tag,
      personTag: vector.person_tag,
    });
    expect(formatEntry(entry)).toEqual(encodeUtf8(vector.entry));
    expect(vector.entry).toHaveLength(LIFECYCLE_LENGTH);
    expect(encodeBase64(leafHash(encodeUtf8(vector.entry)))).toBe(vector.leaf_hash);
    expect(minuteAt(secondsOf(entry.minute) + 59)).toBe(vector.t);
  });

  test('disclosures, digests, payload and commitment', () => {
    const disclosures = vector.fields.map(([name, value], i) =>
      encodeBase64url(encodeUtf8(JSON.stringify([vector.salts[i], name, value]))),
    );
    expect(disclosures).toEqual(vector.disclosures);
    expect(disclosures.map(hash)).toEqual(vector.digests);
    expect(digestsOf(vector.payload)).toEqual([...vector.digests].sort());
    expect(commit(decodeBase64url(vector.r), vector.payload)).toBe(vector.commitment);
  });

  test('epoch keys and tags of both streams', () => {
    const month = monthOf(vector.t);
    const brand = epochKey(entryVectors.brand_stream_root, 'brand', month);
    const person = epochKey(entryVectors.person_stream_root, 'person', month);
    expect(encodeBase64url(brand)).toBe(vector.brand_epoch_key);
    expect(encodeBase64url(person)).toBe(vector.person_epoch_key);
    expect(streamTag(brand, vector.brand_seq)).toBe(vector.brand_tag);
    expect(streamTag(person, vector.person_seq)).toBe(vector.person_tag);
  });

  test('its opening shows all fourteen fields', () => {
    const opening = parseOpening(formatOpening(openingOf(vector)));
    expect(verifyOpening(opening).fields).toEqual(Object.fromEntries(vector.fields));
    expect(Object.keys(verifyOpening(opening).fields).sort()).toEqual([...FIELD_NAMES].sort());
  });
});

test('fields open one by one: what is not disclosed is absent, not null', () => {
  const opening = openingOf(registered);
  for (const [i, [name, value]] of registered.fields.entries()) {
    const disclosures = [registered.disclosures[i] as string];
    expect(verifyOpening({ ...opening, disclosures }).fields).toEqual({ [name]: value });
  }
  expect(verifyOpening({ ...opening, disclosures: [] }).fields).toEqual({});
});

describe('an opening is refused', () => {
  const good = openingOf(registered);
  const [first, second] = good.disclosures as [string, string];
  const other = openingOf(vectorNamed('withdrawn'));
  const digests = digestsOf(good.payload);
  /** An opening whose commitment holds, over any payload. */
  const committed = (payload: string, disclosures: string[] = []): Opening => ({
    ...good,
    entry: good.entry.replace(registered.commitment, commit(decodeBase64url(good.r), payload)),
    payload,
    disclosures,
  });
  const disclosure = (...parts: unknown[]) => encodeBase64url(encodeUtf8(JSON.stringify(parts)));
  const withOne = (encoded: string) =>
    committed(JSON.stringify({ _sd: [...digests.slice(1), hash(encoded)].sort(), v: 1 }), [
      encoded,
    ]);
  const salt = registered.salts[0];

  test.each([
    ['opening/commitment', 'of another r', { ...good, r: other.r }],
    ['opening/commitment', 'of another payload', { ...good, payload: other.payload }],
    ['opening/commitment', 'of another entry', { ...good, entry: other.entry }],
    [
      'opening/disclosure',
      'with a foreign disclosure',
      { ...good, disclosures: [other.disclosures[0] as string] },
    ],
    ['opening/disclosure', 'with a disclosure twice', { ...good, disclosures: [first, first] }],
    [
      'opening/disclosure',
      'with a changed disclosure',
      { ...good, disclosures: [`${second.slice(0, -1)}Q`] },
    ],
    [
      'opening/payload',
      'with a digest less',
      committed(JSON.stringify({ _sd: digests.slice(1), v: 1 })),
    ],
    [
      'opening/payload',
      'with unsorted digests',
      committed(JSON.stringify({ _sd: [...digests].reverse(), v: 1 })),
    ],
    ['opening/payload', 'with spaces', committed(good.payload.replace(',', ', '))],
    [
      'opening/payload',
      'with a member more',
      committed(good.payload.replace('"v":1', '"v":1,"x":1')),
    ],
    ['opening/field', 'with an unknown field', withOne(disclosure(salt, 'colour', 'red'))],
    ['opening/field', 'with an unknown type of event', withOne(disclosure(salt, 'type', 'sold'))],
    [
      'opening/field',
      'with a scope that is not sorted',
      withOne(disclosure(salt, 'scope', ['size.shoe', 'intent.travel'])),
    ],
    ['opening/field', 'without a type', withOne(disclosure(salt, 'type', null))],
    ['opening/disclosure', 'with a short salt', withOne(disclosure('AAAA', 'type', 'pad'))],
    ['opening/disclosure', 'with four parts', withOne(disclosure(salt, 'type', 'pad', 1))],
    [
      'opening/disclosure',
      'with a disclosure that is no array',
      withOne(encodeBase64url(encodeUtf8('{}'))),
    ],
  ])('%s %s', (code, _, opening) => {
    expect(() => verifyOpening(opening)).toThrow(code);
  });

  test.each([
    ['no JSON', '{'],
    ['another version', formatOpening(good).replace('"v":1', '"v":2')],
    ['an unknown member', formatOpening(good).replace('"v":1', '"v":1,"x":1')],
    ['a duplicate member', formatOpening(good).replace('"v":1', '"v":1,"v":1')],
    ['no r', formatOpening(good).replace(/"r":"[^"]*",/, '')],
    ['a stop of the wrong length', formatOpening({ ...good, stop: 'AAAA' })],
  ])('opening/format for %s', (_, json) => {
    expect(() => parseOpening(json)).toThrow('opening/format');
  });

  test('of an entry that is no lifecycle entry', () => {
    const access = new TextDecoder().decode(
      formatEntry({ kind: 'a', minute: registered.t, root: registered.r }),
    );
    expect(() => verifyOpening({ ...good, entry: access })).toThrow('opening/format');
  });
});

describe('entries', () => {
  const body = encodeBase64url(encodeUtf8('{"brand":"did:web:shop.example"}'));
  const key = `{"v":1,"k":"k","t":"2026-11-22T05:00Z","type":"brand-enrolled","body":"${body}"}`;

  test('of the other two kinds are read', () => {
    expect(parseEntry(key)).toEqual({
      kind: 'k',
      minute: '2026-11-22T05:00Z',
      type: 'brand-enrolled',
      body: { brand: 'did:web:shop.example' },
    });
    const access = { kind: 'a', minute: '2026-11-22T05:00Z', root: registered.r } as const;
    expect(parseEntry(formatEntry(access))).toEqual(access);
  });

  test.each([
    ['a space', registered.entry.replace(',', ', ')],
    ['another order', registered.entry.replace(/("b":"[^"]*"),("s":"[^"]*")/, '$2,$1')],
    ['a minute that no calendar has', registered.entry.replace('11-22', '02-30')],
    ['an hour that no clock has', registered.entry.replace('T05:00', 'T24:00')],
    ['a second', registered.entry.replace('05:00Z', '05:00:00Z')],
    ['a tag in another spelling', registered.entry.replace(/.("\})$/, 'B$1')],
    ['a short commitment', registered.entry.replace(registered.commitment, 'AAAA')],
    ['another version', registered.entry.replace('"v":1', '"v":2')],
    ['a kind that is none', registered.entry.replace('"k":"e"', '"k":"x"')],
    ['a line end', `${registered.entry}\n`],
    ['nothing in it', ''],
    ['a body that is no object', key.replace(body, encodeBase64url(encodeUtf8('[]')))],
    ['a body that is no JSON', key.replace(body, encodeBase64url(encodeUtf8('x')))],
    ['a body in another spelling', key.replace(body, `${body}=`)],
  ])('with %s are refused: entry/format', (_, text) => {
    expect(() => parseEntry(text)).toThrow('entry/format');
    expect(() => parseEntry(encodeUtf8(text))).toThrow('entry/format');
  });

  test('that are not UTF-8 or too large are refused', () => {
    expect(() => parseEntry(Uint8Array.of(0xff, 0xfe))).toThrow('entry/format');
    expect(() => parseEntry(new Uint8Array(4097).fill(0x20))).toThrow('entry/too-large');
  });
});
