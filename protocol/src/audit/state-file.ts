import { closeSync, fsyncSync, openSync, renameSync, statSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { decodeBase64url, encodeBase64url } from '../bytes.ts';
import { Hash, z } from '../shape.ts';
import { equalBytes } from '../tlog/hash.ts';
import type { Head } from './compare-heads.ts';
import { Edge } from './edge.ts';
import { UsageError } from './finding.ts';
import { jsonOf } from './material.ts';
import type { Position } from './streams.ts';
import { readUserFile } from './user-file.ts';

const Size = z.int().check(z.nonnegative());
const Shape = z.strictObject({
  v: z.literal(1),
  type: z.literal('zusage-audit-state'),
  vkey: z.string(),
  size: Size,
  root: Hash,
  /** The signed note of this size. */
  note: z.string(),
  /** Hashes of the unfinished tiles, a row for each level. */
  rows: z.array(z.array(Hash).check(z.maxLength(255))).check(z.maxLength(8)),
  minute: z.nullable(z.string()),
  streams: z.array(
    z.strictObject({ id: z.string(), month: z.string(), next: Size, beyond: z.array(Size) }),
  ),
});

/** What a monitor verified: everything up to one signed head. */
export type State = {
  readonly vkey: string;
  readonly head: Head;
  readonly edge: Edge;
  readonly minute: string | null;
  readonly streams: readonly Position[];
};

/** @returns null on the first visit @throws UsageError for a file that is no state, or damaged */
export function readState(path: string): State | null {
  if (statSync(path, { throwIfNoEntry: false }) === undefined) return null;
  const parsed = z.safeParse(Shape, jsonOf(readUserFile(path, 4 << 20), path));
  if (!parsed.success) throw new UsageError(`${path} is no state of this command.`);
  const { vkey, size, note, minute, streams } = parsed.data;
  const root = decodeBase64url(parsed.data.root);
  const edge = edgeOf(
    size,
    parsed.data.rows.map((row) => row.map(decodeBase64url)),
  );
  if (edge === null || !equalBytes(edge.root(), root)) throw new UsageError(`${path} is damaged.`);
  return { vkey, head: { size, root, note }, edge, minute, streams };
}

function edgeOf(size: number, rows: Uint8Array<ArrayBuffer>[][]): Edge | null {
  try {
    return new Edge(size, rows);
  } catch {
    return null;
  }
}

/** Replaces the file at once, or leaves it as it was. @throws UsageError where it cannot be written */
export function writeState(path: string, state: State): void {
  try {
    replaceState(path, state);
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? 'unknown';
    throw new UsageError(`${path} could not be written (${reason}).`);
  }
}

function replaceState(path: string, { vkey, head, edge, minute, streams }: State): void {
  const text = JSON.stringify({
    v: 1,
    type: 'zusage-audit-state',
    vkey,
    size: head.size,
    root: encodeBase64url(head.root),
    note: head.note,
    rows: edge.rows.map((row) => row.map(encodeBase64url)),
    minute,
    streams: [...streams],
  } satisfies z.input<typeof Shape>);
  const temporary = `${path}.${process.pid}.new`;
  const file = openSync(temporary, 'w', 0o644);
  try {
    writeSync(file, `${text}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(temporary, path);
  if (process.platform === 'win32') return; // Folders cannot be opened there.
  const folder = openSync(dirname(path), 'r');
  try {
    fsyncSync(folder); // So that the new name outlives a power failure.
  } finally {
    closeSync(folder);
  }
}
