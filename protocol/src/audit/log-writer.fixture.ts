import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto';
import { gzipSync } from 'node:zlib';

/** An honest log, written without a line of what it is checked with. Keys and tags are SHA-256 of labels. */
const sha = (...parts: (Uint8Array | string)[]) => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};
const ONE = Buffer.of(1);
const ZERO = Buffer.of(0);
const node = (left: Buffer, right: Buffer) => sha(ONE, left, right);

function keyOf(label: string): KeyObject {
  const prefix = Buffer.from('302e020100300506032b657004220420', 'hex');
  return createPrivateKey({
    key: Buffer.concat([prefix, sha(label)]),
    format: 'der',
    type: 'pkcs8',
  });
}
const publicOf = (key: KeyObject) =>
  createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-32);

/** Someone who signs notes: C2SP type 1 or 4. */
export class Signer {
  readonly name: string;
  readonly type: number;
  readonly key: KeyObject;
  constructor(name: string, type: number, label = name) {
    this.name = name;
    this.type = type;
    this.key = keyOf(label);
  }
  get #typed(): Buffer {
    return Buffer.concat([Buffer.of(this.type), publicOf(this.key)]);
  }
  get id(): Buffer {
    return sha(`${this.name}\n`, this.#typed).subarray(0, 4);
  }
  get vkey(): string {
    return `${this.name}+${this.id.toString('hex')}+${this.#typed.toString('base64')}`;
  }
  line(text: string, time = 0): string {
    const stamp = Buffer.alloc(8);
    stamp.writeBigUInt64BE(BigInt(time));
    const signature =
      this.type === 1
        ? sign(null, Buffer.from(text), this.key)
        : Buffer.concat([
            stamp,
            sign(null, Buffer.from(`cosignature/v1\ntime ${time}\n${text}`), this.key),
          ]);
    return `— ${this.name} ${Buffer.concat([this.id, signature]).toString('base64')}\n`;
  }
}

export const ORIGIN = 'vault.example/log';
export const LOG = new Signer(ORIGIN, 1);
export const WITNESS = new Signer('witness.example/w1', 4);
export const START = 1_795_323_600; // 2026-11-22T05:00:00Z
export const minuteOf = (seconds: number) =>
  `${new Date(seconds * 1000).toISOString().slice(0, 16)}Z`;
export const label64 = (label: string, length = 32) =>
  sha(label).subarray(0, length).toString('base64url');

/** Entry number i of a log in which nothing is told: an access batch after every nine padded ones. */
export function plainEntry(i: number, { variant = '', perMinute = 10 } = {}): string {
  const t = minuteOf(START + Math.floor(i / perMinute) * 60);
  if (i % 10 === 9) return JSON.stringify({ v: 1, k: 'a', t, r: label64(`r ${i}${variant}`) });
  return JSON.stringify({
    v: 1,
    k: 'e',
    t,
    c: label64(`c ${i}${variant}`),
    b: label64(`b ${i}${variant}`, 16),
    s: label64(`s ${i}${variant}`, 16),
  });
}

const numbered = (n: number) => {
  const parts = [String(n % 1000).padStart(3, '0')];
  for (let rest = Math.floor(n / 1000); rest > 0; rest = Math.floor(rest / 1000)) {
    parts.unshift(`x${String(rest % 1000).padStart(3, '0')}`);
  }
  return parts.join('/');
};
export const pathFor = (level: number | 'entries', n: number, width: number) =>
  `tile/${level}/${numbered(n)}${width === 256 ? '' : `.p/${width}`}`;

export function bundleOf(entries: readonly (string | Uint8Array)[]): Buffer {
  return Buffer.concat(
    entries.flatMap((entry) => {
      const bytes = Buffer.from(entry);
      const length = Buffer.alloc(2);
      length.writeUInt16BE(bytes.length);
      return [length, bytes];
    }),
  );
}

export type Write = (path: string, bytes: Uint8Array) => void;

/** Appends entries and publishes checkpoints as the specifications of C2SP and RFC 6962 say, through `write`. */
export class LogWriter {
  size = 0;
  readonly #write: Write;
  readonly #log: Signer;
  readonly #witness: Signer | null;
  readonly #gzip: boolean;
  /** Entries of the unfinished bundle, hashes of the unfinished tiles, roots of the perfect subtrees. */
  #bundle: (string | Uint8Array)[] = [];
  readonly #rows: Buffer[][] = [[]];
  #roots: Buffer[] = [];

  constructor(
    write: Write,
    {
      log = LOG,
      witness = null,
      gzip = false,
    }: { log?: Signer; witness?: Signer | null; gzip?: boolean } = {},
  ) {
    this.#write = write;
    this.#log = log;
    this.#witness = witness;
    this.#gzip = gzip;
    write('key', Buffer.from(`${log.vkey}\n`));
  }

  append(entry: string | Uint8Array): void {
    this.#bundle.push(entry);
    let hash = sha(ZERO, entry);
    this.#row(0, hash);
    let height = 0;
    for (let rest = this.size; rest % 2 === 1; rest = (rest - 1) / 2) {
      hash = node(this.#roots.pop() as Buffer, hash);
      height++;
      if (height % 8 === 0) this.#row(height / 8, hash);
    }
    this.#roots.push(hash);
    this.size++;
    this.#finish();
  }

  #row(level: number, hash: Buffer): void {
    this.#rows[level] ??= [];
    (this.#rows[level] as Buffer[]).push(hash);
  }

  /** Writes what became full. */
  #finish(): void {
    for (let level = 0, width = 256; this.size % width === 0; level++, width *= 256) {
      const n = this.size / width - 1;
      this.#write(pathFor(level, n, 256), Buffer.concat(this.#rows[level] as Buffer[]));
      this.#rows[level] = [];
      if (level > 0) continue;
      this.#write(pathFor('entries', n, 256), this.#packed());
      this.#bundle = [];
    }
  }

  #packed(): Buffer {
    const bundle = bundleOf(this.#bundle);
    return this.#gzip ? gzipSync(bundle) : bundle;
  }

  root(): Buffer {
    if (this.#roots.length === 0) return sha('');
    return this.#roots.reduceRight((right, left) => node(left, right));
  }

  note(time = 0, root = this.root()): string {
    const text = `${this.#log.name}\n${this.size}\n${root.toString('base64')}\n`;
    const cosignature = this.#witness === null ? '' : this.#witness.line(text, time);
    return `${text}\n${this.#log.line(text)}${cosignature}`;
  }

  /** @param time of the witness */
  publish(time = START + this.size): void {
    for (const [level, row] of this.#rows.entries()) {
      if (row.length === 0) continue;
      const n = Math.floor(this.size / 256 ** (level + 1));
      this.#write(pathFor(level, n, row.length), Buffer.concat(row));
      if (level === 0) this.#write(pathFor('entries', n, row.length), this.#packed());
    }
    const note = Buffer.from(this.note(time));
    this.#write(`note/${this.size}`, note);
    this.#write('checkpoint', note);
  }
}

export type Files = Map<string, Uint8Array>;

/** A whole log in memory. @param sizes at which it published */
export function honestLog(
  sizes: readonly number[],
  {
    entry = plainEntry,
    witness = null,
    gzip = false,
  }: { entry?: (i: number) => string | Uint8Array; witness?: Signer | null; gzip?: boolean } = {},
): Files {
  const files: Files = new Map();
  const writer = new LogWriter((path, bytes) => files.set(path, bytes), { witness, gzip });
  for (const size of sizes) {
    while (writer.size < size) writer.append(entry(writer.size));
    writer.publish();
  }
  return files;
}
