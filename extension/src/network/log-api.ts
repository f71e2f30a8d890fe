import {
  entriesPath,
  MAX_NOTE,
  parseBundle,
  type ReadTile,
  TILE_WIDTH,
  tilePath,
} from '@zusage/protocol/tlog';
import { type Answer, type Door, NetworkError } from './fetch.ts';

/** Bytes of 256 entries, each with its length and at most 4,096. */
const BUNDLE_LIMIT = TILE_WIDTH * 4_098;
const HASH_LENGTH = 32;

/**
 * - `log-unreachable` – no answer, or one that says "later"
 * - `log-refused` – not there, too large, or no text where there should be some
 */
export type LogCode = 'log-unreachable' | 'log-refused';

export class LogError extends Error {
  override readonly name = 'LogError';
  readonly code: LogCode;
  constructor(code: LogCode) {
    super(code);
    this.code = code;
  }
}

/**
 * Where a log is: under the path of its origin (SPEC §17.1).
 * @param vault origin of the service
 * @param name the log's origin, `<host>/log` or `<host>/log-<n>`
 */
export function logAddress(vault: string, name: string): string {
  return `${vault}/${/[/](log-[1-9][0-9]{0,8})$/.exec(name)?.[1] ?? 'log'}`;
}

type Place = { readonly index: number; readonly width: number };

/** A grant log as everybody may read it (C2SP tlog-tiles). @param log as `logAddress` says it */
export function logApi(door: Door, log: string) {
  const bytes = async (path: string, limit: number) =>
    bytesOf(await read(() => door(`${log}/${path}`, undefined, { limit, binary: true })));
  return {
    /** The signed note as it was served. @throws LogError */
    checkpoint: (): Promise<string> =>
      read(() => door(`${log}/checkpoint`, undefined, { limit: MAX_NOTE })),

    /** @throws LogError */
    tile: (async (tile) => {
      const limit = TILE_WIDTH * HASH_LENGTH;
      const [served] = await partial(tile, (place) =>
        bytes(tilePath({ ...tile, ...place }), limit),
      );
      return served.subarray(0, tile.width * HASH_LENGTH);
    }) satisfies ReadTile,

    /** Entries of one bundle, beside a tile of level 0. @throws LogError; TlogError `bundle/*` */
    entries: async (place: Place): Promise<Uint8Array[]> => {
      const [served, { width }] = await partial(place, (one) =>
        bytes(entriesPath(one), BUNDLE_LIMIT),
      );
      return parseBundle(served, width).slice(0, place.width);
    },
  };
}

/** A partial tile may be gone once the whole one is there (C2SP tlog-tiles, "Partial Tiles"). */
async function partial(
  place: Place,
  get: (place: Place) => Promise<Uint8Array>,
): Promise<[Uint8Array, Place]> {
  const { index, width } = place;
  const whole = { index, width: TILE_WIDTH };
  if (width === TILE_WIDTH) return [await get(whole), whole];
  try {
    return [await get({ index, width }), place];
  } catch (error) {
    if (!(error instanceof LogError) || error.code !== 'log-refused') throw error;
    return [await get(whole), whole];
  }
}

async function read(send: () => Promise<Answer>): Promise<string> {
  try {
    const { status, body } = await send();
    if (status === 200) return body;
    const later = status >= 500 || status === 429 || status === 408;
    throw new LogError(later ? 'log-unreachable' : 'log-refused');
  } catch (error) {
    if (!(error instanceof NetworkError)) throw error;
    const answered = error.code === 'network/too-large' || error.code === 'network/encoding';
    throw new LogError(answered ? 'log-refused' : 'log-unreachable');
  }
}

function bytesOf(characters: string): Uint8Array {
  return Uint8Array.from(characters, (character) => character.charCodeAt(0));
}
