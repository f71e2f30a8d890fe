import type { Bytes } from '../bytes.ts';
import { TlogError } from '../tlog/errors.ts';
import {
  entriesPath,
  HASH_LENGTH,
  hashesOfTile,
  parseBundle,
  TILE_WIDTH,
  type Tile,
  tileNumber,
  tilePath,
} from '../tlog/tile.ts';
import { type Finding, type FindingCode, Undecided } from './finding.ts';
import { type LogSource, unzipped } from './source.ts';

/** 256 key events of the largest size. */
export const MAX_BUNDLE = TILE_WIDTH * (2 + 4096);
const MAX_TILE = TILE_WIDTH * HASH_LENGTH;

/** One kind of file: hashes of a level, or the entries themselves. */
export type Served = { readonly path: string; readonly bytes: Uint8Array; readonly width: number };

const isEntries = (level: number | 'entries') => level === 'entries';

/** @param level `entries` for the bundle beside level 0 */
export function pathOf(level: number | 'entries', index: number, width: number): string {
  return level === 'entries' ? entriesPath({ index, width }) : tilePath({ level, index, width });
}

async function readOne(
  source: LogSource,
  level: number | 'entries',
  index: number,
  width: number,
): Promise<Served | null> {
  const path = pathOf(level, index, width);
  const max = isEntries(level) ? MAX_BUNDLE : MAX_TILE;
  const bytes = await source.read(path, max);
  if (bytes === null) return null;
  return { path, bytes: isEntries(level) ? unzipped(bytes, MAX_BUNDLE) : bytes, width };
}

/** The file of exactly this width, or the full one that came after it (C2SP tlog-tiles allows to drop the partial). */
export async function readServed(
  source: LogSource,
  level: number | 'entries',
  index: number,
  width: number,
): Promise<Served | null> {
  const exact = await readOne(source, level, index, width);
  if (exact !== null || width === TILE_WIDTH) return exact;
  return readOne(source, level, index, TILE_WIDTH);
}

/** What is missing, as a finding. */
export function missing(level: number | 'entries', index: number, width: number): Finding {
  const full: FindingCode = isEntries(level) ? 'entries/missing' : 'tile/missing';
  return {
    code: width === TILE_WIDTH ? full : 'partial/missing',
    path: pathOf(level, index, width),
    ...(typeof level === 'number' && { level }),
  };
}

/** @returns null when it is missing or too short, with the finding reported */
export async function readHashes(
  source: LogSource,
  { level, index, width }: Tile,
  report: (finding: Finding) => void,
): Promise<{ hashes: Bytes[]; served: Served } | null> {
  const served = await readServed(source, level, index, width);
  if (served === null) {
    report(missing(level, index, width));
    return null;
  }
  if (served.bytes.length !== served.width * HASH_LENGTH) {
    report({ code: 'tile/length', path: served.path, level, exhibits: [exhibitOf(served)] });
    return null;
  }
  return { hashes: hashesOfTile(served.bytes, served.width).slice(0, width), served };
}

const BUNDLE_CODES: { readonly [code: string]: FindingCode } = {
  'bundle/truncated': 'entries/truncated',
  'bundle/trailing': 'entries/trailing',
};

/** @returns null when the bundle is missing or damaged, with the finding reported */
export async function readEntries(
  source: LogSource,
  { index, width }: { index: number; width: number },
  report: (finding: Finding) => void,
): Promise<{ entries: Uint8Array[]; served: Served } | null> {
  const served = await readServed(source, 'entries', index, width);
  if (served === null) {
    report(missing('entries', index, width));
    return null;
  }
  try {
    return { entries: parseBundle(served.bytes, served.width).slice(0, width), served };
  } catch (error) {
    const code = error instanceof TlogError ? BUNDLE_CODES[error.code] : undefined;
    if (code === undefined) throw error;
    report({ code, path: served.path, exhibits: [exhibitOf(served)] });
    return null;
  }
}

/** @throws Undecided for a tile that is not there, when no finding shall come of it */
export async function readTileBytes(source: LogSource, tile: Tile): Promise<Uint8Array> {
  const served = await readServed(source, tile.level, tile.index, tile.width);
  if (served === null) throw new Undecided(`${tilePath(tile)} is not there.`);
  return served.bytes.subarray(0, tile.width * HASH_LENGTH);
}

export function exhibitOf({ path, bytes }: Served): { name: string; bytes: Uint8Array } {
  return { name: path.replaceAll('/', '-'), bytes };
}

/** The widths of the partial files that a source can list beside a tile. */
export async function listedWidths(
  source: LogSource,
  level: number | 'entries',
  index: number,
): Promise<number[]> {
  const names = (await source.list(`tile/${level}/${tileNumber(index)}.p`)) ?? [];
  return names
    .filter((name) => /^[1-9][0-9]{0,2}$/.test(name))
    .map(Number)
    .filter((width) => width < TILE_WIDTH)
    .sort((a, b) => a - b);
}

export { readOne as readExactly };
