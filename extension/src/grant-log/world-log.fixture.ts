/** The grant log of the service in `world.fixture.ts`: written and proved by code that the extension does not run. */
import { createHash } from 'node:crypto';
import {
  type Files,
  LogWriter,
  minuteOf,
  plainEntry,
  Signer,
} from '@zusage/protocol/audit/log-writer.fixture';
import { encodeBase64url } from '@zusage/protocol/bytes';
import type { Grant } from '@zusage/protocol/grant';
import {
  epochKey,
  type Fields,
  formatOpening,
  monthOf,
  type Opening,
  streamTag,
} from '@zusage/protocol/tlog';
import { actorSigOf, digest, openingFor } from '@zusage/protocol/tlog/person.fixture';

const sha = (...parts: (Uint8Array | string)[]) => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};

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

export type Logged = { seq: number; event: string; index: number; opening: Opening };
type Act = {
  type: NonNullable<Fields['type']>;
  seq: number;
  at: number;
  act?: string;
  /** Other fields than the true ones. */
  lie?: Partial<Fields>;
  /** Not under the person's tag. */
  tag?: string;
  /** Seconds by which the entry's minute is off. */
  shift?: number;
};

export class WorldLog {
  readonly signer: Signer;
  readonly entries: string[] = [];
  readonly logged = new Map<string, Logged[]>();
  files: Files = new Map();
  /** Entries of grants wait and are in no log yet. */
  held = false;
  #waiting: (() => void)[] = [];
  #seqs = new Map<string, number>();

  /** @param first the first entry, of a log that follows another one */
  constructor(name: string, first?: string) {
    // A service has one key for all its logs.
    this.signer = new Signer(name, 1, name.replace(/-[0-9]+$/, ''));
    if (first !== undefined) this.entries.push(first);
    for (let i = 0; i < 5; i++) this.entries.push(plainEntry(i));
    this.publish();
  }

  /** base64url; one for each pseudonym. */
  rootOf(grant: Grant): string {
    return digest(`root of ${grant.pseudonym}`);
  }

  streamOf(grant: Grant): string {
    return encodeBase64url(sha(Buffer.from(this.rootOf(grant), 'base64url')));
  }

  nextTag(grant: Grant, at: number): string {
    const month = monthOf(minuteOf(at));
    const name = `${grant.pseudonym} ${month}`;
    const seq = (this.#seqs.get(name) ?? 0) + 1;
    this.#seqs.set(name, seq);
    return streamTag(epochKey(this.rootOf(grant), 'person', month), seq);
  }

  /** @returns the place that the receipt promises; null while entries are held */
  append(grant: Grant, { type, seq, at, act, lie, tag, shift = 0 }: Act) {
    const { claims, details } = grant;
    const fields: Fields = {
      type,
      brand: claims.aud,
      brand_seq: this.entries.length,
      brand_prev: null,
      brand_key_id: digest(claims.aud),
      grant: claims.jti,
      grant_seq: seq,
      subject: grant.pseudonym,
      scope: [...details.datatypes].sort(),
      at,
      grant_hash: grant.hash,
      request_hash: claims.request_hash,
      terms_hash: claims.terms_hash,
      actor_sig: act === undefined ? null : actorSigOf(act),
      ...lie,
    };
    const tags = { brandTag: digest(`b${this.entries.length}`).slice(0, 21), personTag: '' };
    const personTag = tag ?? this.nextTag(grant, at);
    const opening = openingFor(
      `${claims.jti} ${seq}`,
      fields,
      { minute: minuteOf(at + shift), brandTag: `${tags.brandTag}A`, personTag },
      act === undefined ? {} : { act },
    );
    const write = () => {
      const index = this.entries.length;
      this.entries.push(opening.entry);
      for (let i = 0; i < 3; i++) this.entries.push(plainEntry(this.entries.length));
      const logged = this.logged.get(claims.jti) ?? [];
      this.logged.set(claims.jti, [...logged, { seq, event: type, index, opening }]);
      this.publish();
      return index;
    };
    if (this.held) {
      this.#waiting.push(write);
      return null;
    }
    const index = write();
    const leaf = encodeBase64url(sha(Buffer.of(0), opening.entry));
    return { origin: this.signer.name, index, leaf };
  }

  release(): void {
    this.held = false;
    for (const write of this.#waiting.splice(0)) write();
  }

  publish(): void {
    // What was published once stays: partial tiles, too.
    this.files = new Map([...this.files, ...this.written(this.entries)]);
  }

  /** A whole log of other entries. */
  written(entries: readonly string[], signer = this.signer): Files {
    const files: Files = new Map();
    const writer = new LogWriter((path, bytes) => files.set(path, bytes), { log: signer });
    for (const entry of entries) writer.append(entry);
    writer.publish();
    return files;
  }

  text(path: string): string {
    return new TextDecoder().decode(this.files.get(path));
  }

  proofs(jti: string) {
    const leaves = this.entries.map((entry) => sha(Buffer.of(0), entry));
    const note = this.text('checkpoint');
    return (this.logged.get(jti) ?? []).map(({ seq, event, index, opening }) => {
      const path = pathOf(index, leaves).map((hash) => `${hash.toString('base64')}\n`);
      const extra = Buffer.from(formatOpening(opening)).toString('base64');
      const proof = `c2sp.org/tlog-proof@v1\nextra ${extra}\nindex ${index}\n${path.join('')}\n${note}`;
      return { seq, event, proof };
    });
  }
}
