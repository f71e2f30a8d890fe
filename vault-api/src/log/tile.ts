import { HASH_SIZE } from './hash.ts';

/** Hashes of a full tile, entries of a full bundle: height 8 (C2SP tlog-tiles). */
export const TILE_WIDTH = 256;

/** A tile or bundle by its place; `width` is 256 when full. */
export type TilePlace = { readonly level: number; readonly n: number; readonly width: number };

/** `1234067` → `x001/x234/067`. */
export function tileNumber(n: number): string {
  const groups = [String(n % 1000).padStart(3, '0')];
  for (let rest = Math.floor(n / 1000); rest > 0; rest = Math.floor(rest / 1000)) {
    groups.unshift(`x${String(rest % 1000).padStart(3, '0')}`);
  }
  return groups.join('/');
}

/** @returns null unless it is the one way to write a number and, after `.p/`, a width of 1 to 255 */
export function parseTileNumber(text: string): { n: number; width: number } | null {
  const match = /^((?:x[0-9]{3}\/){0,4}[0-9]{3})(?:\.p\/([1-9][0-9]{0,2}))?$/.exec(text);
  if (match === null) return null;
  const n = Number((match[1] as string).replace(/[x/]/g, ''));
  const width = match[2] === undefined ? TILE_WIDTH : Number(match[2]);
  if (tileNumber(n) !== match[1] || (match[2] !== undefined && width >= TILE_WIDTH)) return null;
  return { n, width };
}

/** `tile/0/x001/067.p/7` */
export function tilePath({ level, n, width }: TilePlace): string {
  return `tile/${level}/${tileNumber(n)}${partOf(width)}`;
}

/** `tile/entries/x001/067.p/7` */
export function bundlePath(n: number, width: number): string {
  return `tile/entries/${tileNumber(n)}${partOf(width)}`;
}

function partOf(width: number): string {
  return width === TILE_WIDTH ? '' : `.p/${width}`;
}

/** How many hashes tile `n` of a level has in a tree of `size` leaves: 0 to 256. */
export function widthAt(level: number, n: number, size: number): number {
  const hashes = Math.floor(size / TILE_WIDTH ** level);
  return Math.max(0, Math.min(TILE_WIDTH, hashes - n * TILE_WIDTH));
}

/** All tiles of a tree of `size` leaves, by level and number. */
export function tilesOf(size: number): TilePlace[] {
  const tiles: TilePlace[] = [];
  for (let level = 0, hashes = size; hashes > 0; level++) {
    for (let n = 0; n * TILE_WIDTH < hashes; n++) {
      tiles.push({ level, n, width: widthAt(level, n, size) });
    }
    hashes = Math.floor(hashes / TILE_WIDTH);
  }
  return tiles;
}

/** Entries as `u16be length ‖ bytes`, one after the other. */
export function bundleOf(entries: readonly Uint8Array[]): Buffer {
  return Buffer.concat(
    entries.flatMap((entry) => {
      const length = Buffer.alloc(2);
      length.writeUInt16BE(entry.length);
      return [length, entry];
    }),
  );
}

/** The hashes of a tile. */
export function hashesOf(tile: Uint8Array): Uint8Array[] {
  return Array.from({ length: tile.length / HASH_SIZE }, (_, i) =>
    tile.subarray(i * HASH_SIZE, (i + 1) * HASH_SIZE),
  );
}
