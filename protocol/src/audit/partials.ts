import { type Bytes, concat } from '../bytes.ts';
import { equalBytes } from '../tlog/hash.ts';
import { formatBundle, HASH_LENGTH, parseBundle, TILE_WIDTH, type Tile } from '../tlog/tile.ts';
import type { Finding } from './finding.ts';
import { exhibitOf, listedWidths, missing, readExactly, type Served } from './read-tiles.ts';
import type { LogSource } from './source.ts';

type Report = (finding: Finding) => void;

/** An unfinished tile or bundle, and all that belongs in it so far. */
export type OpenFile =
  | { readonly level: number; readonly index: number; readonly hashes: readonly Bytes[] }
  | { readonly level: 'entries'; readonly index: number; readonly entries: readonly Uint8Array[] };

function levelPart(level: number | 'entries') {
  return typeof level === 'number' ? { level } : {};
}

/** Partial files that were left beside a full one must be its beginning. */
export async function checkPartialsOfFull(
  source: LogSource,
  level: number | 'entries',
  index: number,
  full: Served,
  report: Report,
): Promise<void> {
  for (const width of await listedWidths(source, level, index)) {
    await compare(source, { level, index, width }, beginningOf(level, full.bytes, width), report);
  }
}

function beginningOf(level: number | 'entries', bytes: Uint8Array, width: number): Uint8Array {
  if (level !== 'entries') return bytes.subarray(0, width * HASH_LENGTH);
  return formatBundle(parseBundle(bytes, TILE_WIDTH).slice(0, width));
}

/**
 * The unfinished files: every width that a published size needs must be there (C2SP tlog-tiles), and every one that
 * is there must be right.
 * @param published the rightmost tiles of each published size
 */
export async function checkOpenPartials(
  source: LogSource,
  files: readonly OpenFile[],
  published: readonly (readonly Tile[])[],
  report: Report,
): Promise<void> {
  for (const file of files) {
    const { level, index } = file;
    const tileLevel = level === 'entries' ? 0 : level;
    const needed = published
      .flatMap((tiles) => tiles.filter((tile) => tile.level === tileLevel && tile.index === index))
      .map(({ width }) => width);
    const listed = await listedWidths(source, level, index);
    const length = 'hashes' in file ? file.hashes.length : file.entries.length;
    const widths = [...new Set([...needed, ...listed])].sort((a, b) => a - b);
    for (const width of widths.filter((width) => width < length)) {
      const expected =
        'hashes' in file
          ? concat(...file.hashes.slice(0, width))
          : formatBundle(file.entries.slice(0, width));
      await compare(source, { level, index, width }, expected, report);
    }
  }
}

async function compare(
  source: LogSource,
  { level, index, width }: { level: number | 'entries'; index: number; width: number },
  expected: Uint8Array,
  report: Report,
): Promise<void> {
  const served = await readExactly(source, level, index, width);
  if (served === null) report(missing(level, index, width));
  else if (!equalBytes(served.bytes, expected)) {
    report({
      code: 'partial/changed',
      path: served.path,
      ...levelPart(level),
      exhibits: [exhibitOf(served)],
    });
  }
}
