import type { Store } from '../store/port.ts';
import { RightEdge } from './right-edge.ts';
import { TILE_WIDTH } from './tile.ts';

/**
 * The tree of `size` leaves from the tiles as they are stored; they may have grown since.
 * @returns null when a tile is missing or too short
 */
export async function storedEdge(
  store: Pick<Store, 'logTile'>,
  log: number,
  size: number,
): Promise<RightEdge | null> {
  const tiles = new Map<number, Buffer | null>();
  for (let level = 0, hashes = size; hashes > 0; level++) {
    hashes = Math.floor(hashes / TILE_WIDTH);
    tiles.set(level, await store.logTile(log, level, hashes));
  }
  return RightEdge.read(size, (level) => tiles.get(level) ?? null);
}
