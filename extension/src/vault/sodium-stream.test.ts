import wrappers from 'libsodium-wrappers-sumo';
import { beforeAll, expect, test } from 'vitest';
import * as sodium from './sodium.ts';

beforeAll(() => Promise.all([sodium.ready, wrappers.ready]));

const { message, final } = sodium.STREAM_TAG;

test('a stream written here is read by the wrappers', () => {
  const [key, ad] = [sodium.randomBytes(32), sodium.randomBytes(32)];
  const { header, state } = sodium.startStream(key);
  const parts = [0, 1, 65_536].map((length) => sodium.randomBytes(length));
  const chunks = parts.map((part, i) =>
    sodium.pushChunk(state, part, ad, i === 2 ? final : message),
  );
  const theirs = wrappers.crypto_secretstream_xchacha20poly1305_init_pull(header, key);
  for (const [i, chunk] of chunks.entries()) {
    const read = wrappers.crypto_secretstream_xchacha20poly1305_pull(theirs, chunk, ad);
    if (read === false) throw new Error('not readable');
    expect([...read.message]).toEqual([...(parts[i] as Uint8Array)]);
    expect(read.tag).toBe(i === 2 ? 3 : 0);
  }
});

test('a stream of the wrappers is read here, and in no other order', () => {
  const [key, ad] = [sodium.randomBytes(32), sodium.randomBytes(8)];
  const theirs = wrappers.crypto_secretstream_xchacha20poly1305_init_push(key);
  const push = (text: string, tag: number) =>
    wrappers.crypto_secretstream_xchacha20poly1305_push(
      theirs.state,
      new TextEncoder().encode(text),
      ad,
      tag,
    );
  const [first, second] = [push('first', message), push('second', final)];
  const state = sodium.openStream(theirs.header, key) as Uint8Array;
  expect(sodium.pullChunk(state, second, ad)).toBeNull();
  expect(sodium.pullChunk(state, first, sodium.randomBytes(8))).toBeNull();
  for (const [chunk, text, tag] of [
    [first, 'first', 0],
    [second, 'second', 3],
  ] as const) {
    const read = sodium.pullChunk(state, chunk, ad);
    expect(new TextDecoder().decode(read?.plaintext)).toBe(text);
    expect(read?.tag).toBe(tag);
  }
  expect(sodium.pullChunk(state, new Uint8Array(16), ad)).toBeNull();
});
