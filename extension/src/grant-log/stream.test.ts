import { epochKey, streamTag } from '@zusage/protocol/tlog';
import { digest } from '@zusage/protocol/tlog/person.fixture';
import { expect, test } from 'vitest';
import { gapsIn, numberOfTag, StreamSearch } from './stream.ts';

const ROOT = digest('a root');
const OTHER = digest('another root');
const tagged = (month: string, seq: number, root = ROOT) => ({
  minute: `${month}-15T10:00Z`,
  personTag: streamTag(epochKey(root, 'person', month), seq),
});

test('a tag has its number in the month of its entry, and in no other stream or month', () => {
  const entry = tagged('2026-11', 7);
  expect(numberOfTag(ROOT, entry)).toBe(7);
  expect(numberOfTag(OTHER, entry)).toBeNull();
  expect(numberOfTag(ROOT, { ...entry, minute: '2026-12-01T00:00Z' })).toBeNull();
});

test('numbers begin anew each month, and a missing one is named', () => {
  const entries = (month: string, seqs: number[]) =>
    seqs.map((seq) => {
      const { minute, personTag } = tagged(month, seq);
      return { minute, tag: personTag };
    });
  expect(gapsIn(ROOT, [...entries('2026-11', [2, 1, 3]), ...entries('2026-12', [1])])).toEqual([]);
  const gaps = gapsIn(ROOT, [...entries('2026-11', [1, 4]), ...entries('2026-12', [2])]);
  expect(gaps).toEqual(['2026-11 2', '2026-11 3', '2026-12 1']);
});

test('a search finds the entries of all its streams, however many, and goes on where another ended', () => {
  const search = new StreamSearch([ROOT, OTHER]);
  const found = [];
  for (let seq = 1; seq <= 300; seq += 1) {
    for (const root of [ROOT, OTHER]) {
      const { minute, personTag: tag } = tagged('2026-11', seq, root);
      expect(search.find({ minute, personTag: tag }), `${seq}`).toBe(root);
      found.push({ index: seq, minute, tag, commitment: '', streamRoot: root });
    }
  }
  expect(search.find(tagged('2026-11', 1, digest('a stranger')))).toBeNull();
  expect(search.find(tagged('2026-12', 1))).toBe(ROOT);
  const resumed = new StreamSearch([ROOT, OTHER], found);
  expect(resumed.find(tagged('2026-11', 301))).toBe(ROOT);
  expect(new StreamSearch([ROOT]).find(tagged('2026-11', 301))).toBeNull();
});
