import { createHash } from 'node:crypto';
import type { EventType } from '../event.ts';
import type { EventName } from '../tlog/fields.ts';
import { formatOpening, type Opening } from '../tlog/opening.ts';
import {
  type Agreement,
  actorSigOf,
  eventOf,
  fieldsOf,
  openingFor,
} from '../tlog/person.fixture.ts';
import {
  type Files,
  LogWriter,
  label64,
  minuteOf,
  plainEntry,
  type Signer,
  START,
} from './log-writer.fixture.ts';

const sha = (...parts: (Uint8Array | string)[]) => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};
const leafOf = (entry: string) => sha(Buffer.of(0), entry);

/** RFC 6962 §2.1 and §2.1.1 as they are written. */
function rootOf(leaves: readonly Buffer[]): Buffer {
  if (leaves.length === 1) return leaves[0] as Buffer;
  const k = splitOf(leaves.length);
  return sha(Buffer.of(1), rootOf(leaves.slice(0, k)), rootOf(leaves.slice(k)));
}
function pathOf(m: number, leaves: readonly Buffer[]): Buffer[] {
  if (leaves.length === 1) return [];
  const k = splitOf(leaves.length);
  return m < k
    ? [...pathOf(m, leaves.slice(0, k)), rootOf(leaves.slice(k))]
    : [...pathOf(m - k, leaves.slice(k)), rootOf(leaves.slice(0, k))];
}
function splitOf(n: number): number {
  let k = 1;
  while (k * 2 < n) k *= 2;
  return k;
}

/** An event of a grant's life: when it happened, and whose act it was. */
export type Step = {
  readonly type: EventName;
  readonly at: number;
  readonly act?: string;
  readonly stop?: string;
};

const EVENTS: { readonly [E in EventName]?: EventType } = {
  withdrawn: 'withdraw',
  restored: 'restore',
  suspended: 'suspend',
  resumed: 'resume',
  erased: 'erase',
};

/** The steps with the acts that the person would sign. */
export async function lifeOf(
  agreement: Agreement,
  steps: readonly (readonly [EventName, number])[],
): Promise<Step[]> {
  return Promise.all(
    steps.map(async ([type, at], seq) => {
      if (type === 'registered') return { type, at, act: agreement.grant.jwt };
      if (type === 'stopped') return { type, at, stop: agreement.stop };
      const event = EVENTS[type];
      return { type, at, ...(event && { act: await eventOf(agreement, event, seq, at) }) };
    }),
  );
}

export type GrantLog = {
  readonly files: Files;
  /** .tlog-proof texts in order of the events, against the last checkpoint. */
  readonly proofs: readonly string[];
  readonly openings: readonly Opening[];
  /** Index of each event's entry. */
  readonly indexes: readonly number[];
};

/** A log in which a grant lives: padding, then each event, with a checkpoint before and after it. */
export async function logOf(
  agreement: Agreement,
  steps: readonly Step[],
  {
    witness = null,
    disclose = () => true,
    seed = '',
  }: {
    /** Makes another log of the same events. */
    seed?: string;
    witness?: Signer | null;
    disclose?: (name: string) => boolean;
  } = {},
): Promise<GrantLog> {
  const files: Files = new Map();
  const writer = new LogWriter((path, bytes) => files.set(path, bytes), { witness });
  const leaves: Buffer[] = [];
  const append = (entry: string) => {
    writer.append(entry);
    leaves.push(leafOf(entry));
  };
  const openings: Opening[] = [];
  const indexes: number[] = [];
  for (const [seq, { type, at, act, stop }] of steps.entries()) {
    for (let i = 0; i < 7; i++) append(atMinute(plainEntry(leaves.length), at));
    writer.publish(at - 20);
    const fields = await fieldsOf(agreement, {
      type,
      grant_seq: seq,
      brand_seq: seq + 1,
      at,
      actor_sig: act === undefined ? null : actorSigOf(act),
    });
    const tags = {
      brandTag: label64(`brand ${seq}${seed}`, 16),
      personTag: label64(`person ${seq}`, 16),
    };
    const evidence = { ...(act && { act }), ...(stop && { stop }) };
    const opening = openingFor(
      `${type} ${seq}`,
      fields,
      { minute: minuteOf(at), ...tags },
      evidence,
    );
    indexes.push(leaves.length);
    openings.push({
      ...opening,
      disclosures: opening.disclosures.filter((encoded) =>
        disclose(JSON.parse(Buffer.from(encoded, 'base64url').toString())[1]),
      ),
    });
    append(opening.entry);
    writer.publish(at + 20);
  }
  const note = writer.note((steps.at(-1)?.at ?? START) + 20);
  const proofs = openings.map((opening, i) => {
    const index = indexes[i] as number;
    const path = pathOf(index, leaves).map((hash) => `${hash.toString('base64')}\n`);
    const extra = Buffer.from(formatOpening(opening)).toString('base64');
    return `c2sp.org/tlog-proof@v1\nextra ${extra}\nindex ${index}\n${path.join('')}\n${note}`;
  });
  return { files, proofs, openings, indexes };
}

const atMinute = (entry: string, at: number) =>
  entry.replace(/"t":"[^"]*"/, `"t":"${minuteOf(at)}"`);
