import { sha256 } from '@zusage/protocol/crypto';
import type { KdfCost } from '../vault/kdf.ts';
import { passphraseBytes } from '../vault/passphrase.ts';
import { pushChunk, ready, STREAM_TAG, startStream, wipe } from '../vault/sodium.ts';
import { type BackupContents, linesOf } from './contents.ts';
import { BackupRefusal } from './errors.ts';
import { newFileKey } from './file-key.ts';
import { encodeHeader } from './header.ts';

/** Bytes of plaintext in a chunk; the last one is filled up, so that a file's size tells little of what is in it. */
export const CHUNK = 65_536;
/** Bytes; a file that is larger is neither written nor read. */
export const MAX_FILE = 64 * 1024 * 1024;

/**
 * A backup file (SPEC §18), piece by piece: the header, then each chunk. Only a chunk's worth of plaintext exists as
 * bytes at a time.
 *
 * @throws VaultRefusal `vault/passphrase`, `vault/kdf-parameters`; BackupRefusal `backup-too-large`
 */
export async function writeBackup(
  contents: BackupContents,
  passphrase: string,
  cost: KdfCost,
): Promise<Uint8Array<ArrayBuffer>[]> {
  const typed = passphraseBytes(passphrase);
  await ready;
  const { streamKey, wrapping } = newFileKey(typed, cost);
  wipe(typed);
  const { header: stream, state } = startStream(streamKey);
  wipe(streamKey);
  const header = encodeHeader(wrapping, stream);
  const ad = await sha256(header);
  const pieces = [header];
  let size = header.length;
  for (const { plaintext, last } of chunksOf(linesOf(contents))) {
    const chunk = pushChunk(state, plaintext, ad, last ? STREAM_TAG.final : STREAM_TAG.message);
    size += chunk.length;
    if (size > MAX_FILE) throw new BackupRefusal('backup-too-large');
    pieces.push(chunk);
  }
  wipe(state);
  return pieces;
}

/** Chunks of one size: after the last line 0x80, then zeros (ISO/IEC 7816-4). Each is there until the next is asked for. */
function* chunksOf(
  lines: Iterable<Uint8Array>,
): Generator<{ plaintext: Uint8Array; last: boolean }> {
  const plaintext = new Uint8Array(CHUNK);
  let filled = 0;
  for (const line of lines) {
    for (let at = 0; at < line.length; ) {
      const part = line.subarray(at, at + CHUNK - filled);
      plaintext.set(part, filled);
      at += part.length;
      filled += part.length;
      if (filled < CHUNK) continue;
      yield { plaintext, last: false };
      filled = 0;
    }
  }
  plaintext[filled] = 0x80;
  plaintext.fill(0, filled + 1);
  yield { plaintext, last: true };
  wipe(plaintext);
}
