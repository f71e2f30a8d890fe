import { hash } from 'node:crypto';

/** Bytes of a SHA-256 hash. */
export const HASH_SIZE = 32;

/** 0x00 ‖ a commitment, filled anew for each leaf over one. */
const LEAF = Buffer.alloc(1 + HASH_SIZE);
/** 0x01 ‖ left ‖ right, filled anew for each node. */
const NODE = Buffer.alloc(1 + 2 * HASH_SIZE, 1);

/** 32 bytes as text, one character each: asked for as a Buffer, making that takes longer than the hash. */
export type Digest = string;

export function bytesOf(digest: Digest): Buffer {
  return Buffer.from(digest, 'latin1');
}

export function sha256(...parts: readonly Uint8Array[]): Buffer {
  const [first] = parts;
  const whole = parts.length === 1 && first !== undefined ? first : Buffer.concat(parts);
  return bytesOf(hash('sha256', whole, 'binary'));
}

/** Bytes of a block of SHA-256. */
const BLOCK_SIZE = 64;

/** HMAC-SHA-256 (RFC 2104) under one key, of at most a block; a text counts as its UTF-8. */
export type Mac = (...parts: readonly (Uint8Array | string)[]) => Digest;

/**
 * Two hashes, with the key's share of them made once. `createHmac` makes a key object each time, which takes several
 * times as long as the hashes, and there are some of these for each entry and each check.
 */
export function macUnder(key: Uint8Array): Mac {
  const inner = Buffer.alloc(BLOCK_SIZE, 0x36);
  const whole = Buffer.alloc(BLOCK_SIZE + HASH_SIZE, 0x5c);
  for (let i = 0; i < key.length; i++) {
    const byte = key[i] as number;
    inner[i] = 0x36 ^ byte;
    whole[i] = 0x5c ^ byte;
  }
  // Kept for the next message, and as large as the longest so far may be: no memory is asked for each time.
  let room = inner;
  return (...parts) => {
    let most = BLOCK_SIZE;
    for (const part of parts) most += typeof part === 'string' ? 3 * part.length : part.length;
    if (most > room.length) room = Buffer.concat([inner, Buffer.alloc(most - BLOCK_SIZE)]);
    let end = BLOCK_SIZE;
    for (const part of parts) {
      if (typeof part === 'string') end += room.write(part, end);
      else {
        room.set(part, end);
        end += part.length;
      }
    }
    whole.write(hash('sha256', room.subarray(0, end), 'binary'), BLOCK_SIZE, 'latin1');
    return hash('sha256', whole, 'binary');
  };
}

/** RFC 6962 §2.1: SHA-256(0x00 ‖ entry). */
export function leafHash(entry: Uint8Array): Buffer {
  if (entry.length !== HASH_SIZE) return sha256(LEAF.subarray(0, 1), entry);
  LEAF.set(entry, 1);
  return sha256(LEAF);
}

/** The same over a commitment. */
export function leafOver(commitment: Digest): Buffer {
  LEAF.write(commitment, 1, 'latin1');
  return sha256(LEAF);
}

/** RFC 6962 §2.1: SHA-256(0x01 ‖ left ‖ right). */
export function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  NODE.set(left, 1);
  NODE.set(right, 1 + HASH_SIZE);
  return sha256(NODE);
}

/**
 * RFC 6962 §2.1: the root over leaf hashes, or over the roots of complete subtrees of one size followed by at most one
 * smaller one. SHA-256 of nothing for none.
 */
export function rootOf(hashes: readonly Uint8Array[]): Buffer {
  if (hashes.length === 0) return sha256();
  let row = hashes;
  while (row.length > 1) {
    const above: Uint8Array[] = [];
    for (let i = 0; i + 1 < row.length; i += 2) {
      above.push(nodeHash(row[i] as Uint8Array, row[i + 1] as Uint8Array));
    }
    // The odd one out is a whole subtree of its own: it rises unhashed.
    if (row.length % 2 === 1) above.push(row.at(-1) as Uint8Array);
    row = above;
  }
  return Buffer.from(row[0] as Uint8Array);
}

/**
 * All rows above a row of hashes, the lowest first, one after the other; the last is the root over them.
 * @param hashes a power of two of them, at least two
 */
export function rowsAbove(hashes: Buffer): Buffer {
  const rows = Buffer.allocUnsafe(hashes.length - HASH_SIZE);
  let [below, from, to] = [hashes, 0, 0];
  while (to < rows.length) {
    const end = below.length;
    for (let at = from; at < end; at += 2 * HASH_SIZE) {
      below.copy(NODE, 1, at, at + 2 * HASH_SIZE);
      rows.write(hash('sha256', NODE, 'binary'), to, 'latin1');
      to += HASH_SIZE;
    }
    from = below === hashes ? 0 : end;
    below = rows.subarray(0, to);
  }
  return rows;
}
