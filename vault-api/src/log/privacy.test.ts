import { createHmac, generateKeyPairSync, randomBytes, randomInt } from 'node:crypto';
import { expect, test } from 'vitest';
import { type Batch, planBatch, type Stream, type Waiting } from './batch.ts';
import { leafHash } from './hash.ts';
import { LIFECYCLE_FIELDS, type LifecycleValues } from './lifecycle.ts';
import { noteSigner } from './note.ts';
import { RightEdge } from './right-edge.ts';
import { epochKey, tagOf } from './stream.ts';

const signer = {
  checkpoint: noteSigner('vault.example/log', generateKeyPairSync('ed25519').privateKey),
  receipt: () => 'receipt',
};

/** What happens to whom, as the service knows it. */
type Act = {
  readonly brand: string;
  readonly subject: string;
  readonly grant: string;
  readonly type: string;
};

/** Plans flushes as the service does, streams carried along. */
class Service {
  private edge = RightEdge.empty;
  private streams = new Map<string, Stream>();
  private qid = 0;
  private numbers = new Map<string, number>();

  flush(acts: readonly Act[], time = 1_800_000_000): Batch {
    const rows = acts.map((act): Waiting => {
      const grantSeq = this.numbers.get(act.grant) ?? 0;
      this.numbers.set(act.grant, grantSeq + 1);
      const { brand, subject, grant, type } = act;
      const values = { ...EMPTY, type, brand, subject, grant, grant_seq: grantSeq, at: time };
      return { qid: ++this.qid, kind: 'e', grant, grantSeq, fields: values, receipt: null };
    });
    const streams = [...this.streams.values()];
    const input = { edge: this.edge, rows, streams, access: null, first: null, time };
    const batch = planBatch(input, signer);
    this.edge = batch.edge;
    for (const stream of batch.streams) this.streams.set(`${stream.kind} ${stream.name}`, stream);
    return batch;
  }
}

const EMPTY = Object.fromEntries(
  LIFECYCLE_FIELDS.map((name) => [name, null]),
) as unknown as LifecycleValues;

const lifecycle = ({ entries }: Batch) =>
  entries.filter(({ text }) => text.includes('"k":"e"')).map(({ text }) => text);

const act = (n: number, type = 'registered'): Act => ({
  brand: `did:web:shop-${n}.example`,
  subject: `person-${n}`,
  grant: `grant-${n}`,
  type,
});

test('whatever happened, an entry has 147 bytes and one shape, and a flush one of four sizes', () => {
  const service = new Service();
  const shape =
    /^\{"v":1,"k":"e","t":"2027-01-15T08:00Z","c":"[\w-]{43}","b":"[\w-]{22}","s":"[\w-]{22}"\}$/;
  for (const size of [1, 2, 4, 5, 16, 17, 63, 65, 256]) {
    const types = ['registered', 'withdrawn', 'returned', 'erased', 'a much longer type of event'];
    const acts = Array.from({ length: size }, (_, n) => act(n % 7, types[n % types.length]));
    const texts = lifecycle(service.flush(acts));
    expect([4, 16, 64, 256]).toContain(texts.length);
    for (const text of texts) {
      expect(Buffer.byteLength(text)).toBe(147);
      expect(text).toMatch(shape);
    }
  }
});

test('entries of one grant keep their order, whatever stands between them', () => {
  const service = new Service();
  const acts = Array.from({ length: 40 }, (_, n) => act(n % 4));
  const { placed } = service.flush(acts);
  const seen = new Map<string, number>();
  for (const { row, index } of [...placed].sort((one, other) => one.index - other.index)) {
    if (row.kind !== 'e') continue;
    expect([row.grantSeq, index >= 0]).toEqual([(seen.get(row.grant) ?? -1) + 1, true]);
    seen.set(row.grant, row.grantSeq);
  }
  expect(seen.size).toBe(4);
});

test('no tag comes twice: a million of them, of streams and at random', { timeout: 60_000 }, () => {
  const tags = new Set<string>();
  const streams = Array.from({ length: 50 }, (_, n) => ({
    kind: n % 2 === 0 ? ('brand' as const) : ('person' as const),
    root: randomBytes(32),
  }));
  let count = 0;
  for (const { kind, root } of streams) {
    for (const month of ['2026-11', '2026-12']) {
      const epoch = epochKey(root, kind, month);
      for (let seq = 1; seq <= 5000; seq++, count++) tags.add(tagOf(epoch, seq).toString('latin1'));
    }
  }
  // Those of padding come from the same generator as the roots.
  const random = randomBytes(500_000 * 16);
  for (let n = 0; n < 500_000; n++, count++) {
    tags.add(random.toString('latin1', n * 16, n * 16 + 16));
  }
  expect(count).toBe(1_000_000);
  expect(tags.size).toBe(count);
});

test('whoever holds an epoch key finds each entry of the stream, and sees a gap', () => {
  const service = new Service();
  const root = randomBytes(32);
  const batches = Array.from({ length: 20 }, (_, n) => service.flush([act(1), act(n + 10)]));
  const stream = batches
    .at(-1)
    ?.streams.find(({ kind, name }) => kind === 'brand' && name === 'did:web:shop-1.example');
  const epoch = epochKey(stream?.root as Buffer, 'brand', '2027-01');
  const texts = batches.flatMap(lifecycle);
  const found = (seq: number, key = epoch) => {
    const tag = tagOf(key, seq).toString('base64url');
    return texts.filter((text) => text.includes(`"b":"${tag}"`)).length;
  };
  for (let seq = 1; seq <= 20; seq++) expect(found(seq)).toBe(1);
  expect(found(21)).toBe(0);
  expect(found(1, epochKey(root, 'brand', '2027-01'))).toBe(0);
});

/**
 * Two worlds with as many events at the same times: in one, a single person shares with one brand and withdraws, again
 * and again; in the other, everybody and everything is another. Whoever sees the public bytes guesses which it is.
 */
function world(isOne: boolean): string[] {
  const service = new Service();
  const texts: string[] = [];
  for (let flush = 0; flush < 6; flush++) {
    const size = [1, 3, 5, 2, 9, 4][flush] as number;
    const acts = Array.from({ length: size }, (_, n) =>
      isOne
        ? { ...act(1), type: n % 2 === 0 ? 'registered' : 'withdrawn' }
        : act(1000 * flush + n, n % 3 === 0 ? 'returned' : 'expired'),
    );
    const time = 1_800_000_000 + 60 * flush;
    texts.push(
      ...service
        .flush(acts, time)
        .entries.map(({ text }) => text)
        .filter(isSecret),
    );
  }
  return texts;
}

const isSecret = (text: string) => text.includes('"k":"e"');

/** Guesses from public bytes alone: true for the world of one. Each looks for something that might tell. */
const DISTINGUISHERS: Record<string, (texts: readonly string[]) => boolean> = {
  'repeated or near tags': (texts) => {
    const tags = texts.flatMap((text) =>
      [...text.matchAll(/"[bs]":"([\w-]{22})"/g)].map(([, t]) => t),
    );
    const bytes = tags.map((tag) => Buffer.from(tag as string, 'base64url')[0] as number);
    const repeats = tags.length - new Set(tags).size;
    return repeats > 0 || bytes.reduce((sum, byte) => sum + byte, 0) / bytes.length < 127.5;
  },
  'equal bytes of neighbours': (texts) => {
    let equal = 0;
    for (let i = 1; i < texts.length; i++) {
      const [one, other] = [texts[i - 1] as string, texts[i] as string];
      for (let at = 44; at < 147; at++) if (one[at] === other[at]) equal++;
    }
    return equal / (texts.length - 1) > 103 * 0.43;
  },
  'bits of commitments': (texts) => {
    const ones = texts.map((text) => {
      const c = Buffer.from((JSON.parse(text) as { c: string }).c, 'base64url');
      return [...c].reduce((sum, byte) => sum + byte.toString(2).replaceAll('0', '').length, 0);
    });
    return ones.reduce((sum, one) => sum + one, 0) / ones.length > 128;
  },
  'commitments that a known payload makes': (texts) => {
    // The brand and the minute are guessed; what is missing is `r`.
    const key = Buffer.from('grantlog/commit/v1');
    const guess = createHmac('sha256', key).update('did:web:shop-1.example').digest('base64url');
    return (
      texts.some((text) => text.includes(guess)) ||
      leafHash(Buffer.from(texts[0] as string)).readInt8() > 0
    );
  },
};

test.each(Object.keys(DISTINGUISHERS))(
  'two worlds with equal counts cannot be told apart by %s: 400 tries, at most 55 % right',
  { timeout: 60_000 },
  (name) => {
    const guess = DISTINGUISHERS[name] as (texts: readonly string[]) => boolean;
    const share = () => {
      let right = 0;
      for (let n = 0; n < 400; n++) {
        const isOne = randomInt(2) === 1;
        if (guess(world(isOne)) === isOne) right++;
      }
      return right / 400;
    };
    // Chance alone is above it once in fifty times, and hardly ever three times in a row.
    let least = share();
    for (let again = 0; again < 2 && least > 0.55; again++) least = share();
    expect(least).toBeLessThanOrEqual(0.55);
  },
);
