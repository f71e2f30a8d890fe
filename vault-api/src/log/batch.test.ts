import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { batchTime, isClockBehind, planBatch, type Stream, type Waiting } from './batch.ts';
import { saltAt } from './commitment.ts';
import { sha256 } from './hash.ts';
import { LIFECYCLE_FIELDS, type LifecycleValues } from './lifecycle.ts';
import { noteSigner } from './note.ts';
import { type Opening, openingOf } from './opening.ts';
import { RightEdge } from './right-edge.ts';
import { epochKey, tagOf } from './stream.ts';

const signer = {
  checkpoint: noteSigner('vault.example/log', generateKeyPairSync('ed25519').privateKey),
  receipt: (claims: object) => JSON.stringify(claims),
};
const EMPTY = Object.fromEntries(
  LIFECYCLE_FIELDS.map((name) => [name, null]),
) as unknown as LifecycleValues;

const event = (grantSeq: number): Waiting => ({
  qid: grantSeq,
  kind: 'e',
  grant: 'urn:uuid:1',
  grantSeq,
  fields: { ...EMPTY, type: 'suspended', brand: 'did:web:shop.example', subject: 'person' },
  receipt: { seq: grantSeq },
});

const NOVEMBER = Date.UTC(2026, 10, 30, 23, 59) / 1000;
const DECEMBER = NOVEMBER + 60;

function disclosed({ disclosures }: Opening): Record<string, unknown> {
  const fields = disclosures.map((text) => JSON.parse(Buffer.from(text, 'base64url').toString()));
  return Object.fromEntries(fields.map(([, name, value]) => [name, value]));
}

test('streams count from 1 in each month, the chain goes on, and the month’s key is named by its hash', () => {
  let edge = RightEdge.empty;
  let streams: readonly Stream[] = [];
  const seen: { number: unknown; prev: unknown; tag: string; person: string; c: string }[] = [];
  const epochs: { month: string; hash: string }[] = [];
  for (const [seq, time] of [NOVEMBER, NOVEMBER, DECEMBER].entries()) {
    const rows = [event(seq)];
    const batch = planBatch({ edge, rows, streams, access: null, first: null, time }, signer);
    ({ edge, streams } = batch);
    for (const { text } of batch.entries.filter(({ opening }) => opening === null)) {
      const { type, body } = JSON.parse(text) as { type: string; body: string };
      expect(type).toBe('brand-epoch');
      epochs.push(JSON.parse(Buffer.from(body, 'base64url').toString()));
    }
    const index = batch.placed[0]?.index as number;
    const entry = batch.entries.find((one) => one.index === index);
    const { b, s, c } = JSON.parse(entry?.text as string) as Record<'b' | 's' | 'c', string>;
    const { brand_seq, brand_prev } = disclosed(openingOf(entry?.opening as never));
    seen.push({ number: brand_seq, prev: brand_prev, tag: b, person: s, c });
  }
  expect(seen.map(({ number }) => number)).toEqual([1, 2, 1]);
  expect(seen.map(({ prev }) => prev)).toEqual([null, seen[0]?.c, seen[1]?.c]);
  const root = (kind: string) => streams.find((stream) => stream.kind === kind)?.root as Buffer;
  const tags = (kind: 'brand' | 'person') =>
    (
      [
        ['2026-11', 1],
        ['2026-11', 2],
        ['2026-12', 1],
      ] as const
    ).map(([month, seq]) => tagOf(epochKey(root(kind), kind, month), seq).toString('base64url'));
  expect(seen.map(({ tag }) => tag)).toEqual(tags('brand'));
  expect(seen.map(({ person }) => person)).toEqual(tags('person'));
  expect(epochs).toEqual(
    ['2026-11', '2026-12'].map((month) => ({
      did: 'did:web:shop.example',
      month,
      hash: sha256(epochKey(root('brand'), 'brand', month)).toString('base64url'),
    })),
  );
});

test('a key event that is too large stands for itself with its hash, at most 4 KB', () => {
  const body = { did: 'did:web:shop.example', bounds: 'x'.repeat(10_000) };
  const rows: Waiting[] = [{ qid: 1, kind: 'k', fields: { type: 'brand-changed', body } }];
  const input = { edge: RightEdge.empty, rows, streams: [], access: null, first: null };
  const { entries } = planBatch({ ...input, time: NOVEMBER }, signer);
  expect(entries).toHaveLength(1);
  const text = entries[0]?.text as string;
  expect(text.length).toBeLessThanOrEqual(4096);
  const named = JSON.parse(Buffer.from(JSON.parse(text).body, 'base64url').toString());
  const hash = sha256(Buffer.from(JSON.stringify(body))).toString('base64url');
  expect(named).toEqual({ did: 'did:web:shop.example', hash });
});

test('no two entries share what hides them', () => {
  const rows = Array.from({ length: 40 }, (_, n) => event(n));
  const input = { edge: RightEdge.empty, rows, streams: [], access: null, first: null };
  const { entries } = planBatch({ ...input, time: NOVEMBER }, signer);
  const openings = entries.flatMap(({ opening }) => (opening === null ? [] : [opening.kept]));
  expect(openings).toHaveLength(64);
  const parts = openings.flatMap((kept) => [
    kept.subarray(0, 32).toString('hex'),
    saltAt(kept.subarray(32), 0).toString('hex'),
    saltAt(kept.subarray(32), 10).toString('hex'),
  ]);
  expect(new Set(parts).size).toBe(parts.length);
});

test('time never goes back, to the minute', () => {
  expect(batchTime(NOVEMBER, DECEMBER)).toBe(DECEMBER);
  expect(batchTime(DECEMBER, NOVEMBER)).toBe(DECEMBER);
  expect(batchTime(0, NOVEMBER)).toBe(NOVEMBER);
  expect([60, 61].map((late) => isClockBehind({ time: DECEMBER }, DECEMBER - late))).toEqual([
    false,
    true,
  ]);
});
