import { createPrivateKey, type KeyObject, sign } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { type Bytes, concat, encodeUtf8 } from '../bytes.ts';
import { formatCheckpoint, openCheckpoint, parseCheckpoint } from './checkpoint.ts';
import { u64be } from './hash.ts';
import { cosignedMessage, formatNote, parseNote, verifySignatures } from './note.ts';
import { formatTlogProof, parseTlogProof, verifyTlogProof } from './tlog-proof.ts';
import { leafHash } from './tree.ts';
import { tlogVectors } from './vectors.fixture.ts';
import { formatVkey, KeyType, parseVkey, type VerifierKey, verifierKey } from './vkey.ts';

const { keys } = tlogVectors;
const log = parseVkey(keys['log vkey'] as string);
const witness = parseVkey(keys['witness vkey'] as string);
const plain = tlogVectors.checkpoint_257;
const cosigned = tlogVectors.checkpoint_257_cosigned_t1700000000;

function privateKey(seedHex: string): KeyObject {
  const prefix = Buffer.from('302e020100300506032b657004220420', 'hex');
  const der = Buffer.concat([prefix, Buffer.from(seedHex, 'hex')]);
  return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
}
const logKey = privateKey(keys['log seed hex'] as string);
const witnessKey = privateKey(keys['witness seed hex'] as string);
const signed = (text: string, key = logKey) =>
  new Uint8Array(sign(null, encodeUtf8(text), key)) as Bytes;
const line = ({ name, id }: VerifierKey, signature: Bytes) => ({ name, id, signature });

describe('vectors of golang.org/x/mod/sumdb', () => {
  test('verifier keys, read and written', () => {
    for (const key of [log, witness]) {
      expect(parseVkey(formatVkey(key))).toEqual(key);
    }
    expect(formatVkey(log)).toBe(keys['log vkey']);
    expect(formatVkey(witness)).toBe(keys['witness vkey']);
    expect(log).toMatchObject({ id: keys['log key id hex'], type: KeyType.ed25519 });
    expect(witness).toMatchObject({
      id: keys['witness key id (0x04) hex'],
      type: KeyType.cosignature,
    });
    expect(Buffer.from(log.publicKey).toString('hex')).toBe(keys['log public hex']);
  });

  test('the checkpoint and its cosignature are read, verified, and written again byte for byte', async () => {
    expect(await openCheckpoint(plain, { log })).toMatchObject({ size: 257, cosignatures: [] });
    const open = await openCheckpoint(cosigned, { log, witnesses: [witness] });
    expect(open.cosignatures).toEqual([{ name: 'witness.example/w1', time: 1_700_000_000 }]);
    const note = parseNote(cosigned);
    expect(formatNote(note)).toBe(cosigned);
    expect(formatCheckpoint(parseCheckpoint(note.text))).toBe(note.text);
    expect(new TextDecoder().decode(cosignedMessage(note.text, 1_700_000_000))).toBe(
      tlogVectors.cosignature_message,
    );
  });

  test('signing gives the same lines', () => {
    const { text } = parseNote(plain);
    const time = 1_700_000_000;
    const message = new TextDecoder().decode(cosignedMessage(text, time));
    const signatures = [
      line(log, signed(text)),
      line(witness, concat(u64be(time), signed(message, witnessKey))),
    ];
    expect(formatNote({ text, signatures })).toBe(cosigned);
  });

  test('the .tlog-proof is read, verified, and written again byte for byte', async () => {
    const proof = parseTlogProof(tlogVectors.tlog_proof_257_5);
    expect(formatTlogProof(proof)).toBe(tlogVectors.tlog_proof_257_5);
    const leaf = leafHash(encodeUtf8('entry-5'));
    const trust = { log, witnesses: [witness] };
    expect(await verifyTlogProof(proof, leaf, trust)).toMatchObject({ size: 257 });
    const other = leafHash(encodeUtf8('entry-6'));
    await expect(verifyTlogProof(proof, other, trust)).rejects.toThrow('tree/inclusion');
    await expect(verifyTlogProof({ ...proof, index: 4 }, leaf, trust)).rejects.toThrow(
      'tree/inclusion',
    );
  });
});

describe('signature lines', () => {
  const { text } = parseNote(plain);
  const noteOf = (...signatures: ReturnType<typeof line>[]) => formatNote({ text, signatures });

  test('of unknown keys are ignored, whatever they hold, even with a known name or a known id', async () => {
    const strangers = [
      { name: 'ml-dsa.example/w', id: '01020304', signature: new Uint8Array(2420) },
      { name: log.name, id: '00000000', signature: new Uint8Array(64) },
      { name: 'other.example/log', id: log.id, signature: new Uint8Array(64) },
    ];
    const note = noteOf(...strangers, line(log, signed(text)));
    expect(await openCheckpoint(note, { log, witnesses: [witness] })).toMatchObject({ size: 257 });
  });

  test('of a known key that do not verify reject the note, wherever they stand', async () => {
    const good = line(log, signed(text));
    const bad = line(log, signed(`${text}x`));
    await expect(openCheckpoint(noteOf(bad), { log })).rejects.toThrow('note/signature');
    await expect(openCheckpoint(noteOf(good, bad), { log })).rejects.toThrow('note/signature');
    const short = line(log, new Uint8Array(3));
    await expect(openCheckpoint(noteOf(good, short), { log })).rejects.toThrow('note/signature');
  });

  test('a cosignature over another time, or by the log as if it were a witness, rejects the note', async () => {
    const good = line(log, signed(text));
    const message = new TextDecoder().decode(cosignedMessage(text, 5));
    const other = line(witness, concat(u64be(6), signed(message, witnessKey)));
    const trust = { log, witnesses: [witness] };
    await expect(openCheckpoint(noteOf(good, other), trust)).rejects.toThrow('note/cosignature');
    expect(await openCheckpoint(noteOf(good, other), { log })).toMatchObject({ size: 257 });
    const uncosigned = line(witness, signed(text, witnessKey));
    await expect(openCheckpoint(noteOf(good, uncosigned), trust)).rejects.toThrow(
      'note/cosignature',
    );
  });

  test('a note that nobody known signed says nothing', async () => {
    const cosignature = concat(
      u64be(7),
      signed(new TextDecoder().decode(cosignedMessage(text, 7)), witnessKey),
    );
    const note = noteOf(line(witness, cosignature));
    await expect(openCheckpoint(note, { log })).rejects.toThrow('note/unsigned');
    await expect(openCheckpoint(note, { log, witnesses: [witness] })).rejects.toThrow(
      'note/unsigned',
    );
  });

  test('a key that signed twice counts once', async () => {
    const twice = parseNote(noteOf(line(log, signed(text)), line(log, signed(text))));
    expect(await verifySignatures(twice, [log])).toHaveLength(1);
  });
});

test.each([
  ['without a blank line', plain.replace('\n\n', '\n')],
  ['without a signature', plain.slice(0, plain.indexOf('—'))],
  ['without the last newline', plain.slice(0, -1)],
  ['with a control character', plain.replace('\n257', '\r\n257')],
  ['with a hyphen for the dash', plain.replace('—', '-')],
  ['with a line more', `${plain}more\n`],
  ['with a signature shorter than its key id', plain.replace(/ z7h.*\n$/, ' z7g=\n')],
])('a note %s is no note', (_, note) => {
  expect(() => parseNote(note)).toThrow(/^(note|base64)\/format$/);
});

test.each([
  ['an extension line', 'example.com/log\n1\nQHZrIDNCkCb1PVRQJnmoOXBrR0H43K86i7pfQbX/4HU=\nmore\n'],
  ['a leading zero', 'example.com/log\n01\nQHZrIDNCkCb1PVRQJnmoOXBrR0H43K86i7pfQbX/4HU=\n'],
  ['a size that no number holds', `a\n9007199254740993\n${'A'.repeat(43)}=\n`],
  ['a short root', 'example.com/log\n1\nQHZrIDNC\n'],
  ['an empty origin', `\n1\n${'A'.repeat(43)}=\n`],
  ['a root in another spelling', `a\n1\n${'A'.repeat(42)}B=\n`],
])('a checkpoint with %s is refused', (_, text) => {
  expect(() => parseCheckpoint(text)).toThrow(/^(checkpoint|base64)\/format$/);
});

test('a checkpoint of another log is refused, although the key is right', async () => {
  const text = plain.slice(0, plain.indexOf('\n\n') + 1).replace('grantlog', 'otherlog');
  const note = formatNote({ text, signatures: [line(log, signed(text))] });
  await expect(openCheckpoint(note, { log })).rejects.toThrow('checkpoint/origin');
});

test.each([
  ['vkey/format', 'example.com/grantlog'],
  ['vkey/format', (keys['log vkey'] as string).replace('cfb84cf2', 'CFB84CF2')],
  ['vkey/id', (keys['log vkey'] as string).replace('example.com', 'example.org')],
  ['vkey/type', formatVkey({ ...verifierKey('a', 1, log.publicKey), type: 2 as 1 })],
  ['vkey/format', formatVkey({ ...log, publicKey: log.publicKey.slice(1) })],
])('%s: %s', (code, vkey) => {
  expect(() => parseVkey(vkey)).toThrow(code);
});

test.each([
  ['another version', (text: string) => text.replace('@v1', '@v2')],
  ['no index', (text: string) => text.replace('index 5\n', '')],
  ['a leading zero', (text: string) => text.replace('index 5', 'index 05')],
  ['a negative index', (text: string) => text.replace('index 5', 'index -5')],
  ['a short hash', (text: string) => text.replace('index 5\n', 'index 5\nAAAA\n')],
  ['no checkpoint', (text: string) => text.slice(0, text.indexOf('\n\n'))],
  ['extra after the index', (text: string) => text.replace('index 5\n', 'index 5\nextra AAAA\n')],
])('a proof with %s is refused', (_, change) => {
  expect(() => parseTlogProof(change(tlogVectors.tlog_proof_257_5))).toThrow(
    /^(proof|base64)\/format$/,
  );
});

test('a proof carries extra bytes, also none at all', () => {
  const proof = parseTlogProof(tlogVectors.tlog_proof_257_5);
  for (const extra of [new Uint8Array(), encodeUtf8('an opening')]) {
    expect(parseTlogProof(formatTlogProof({ ...proof, extra })).extra).toEqual(extra);
  }
});
