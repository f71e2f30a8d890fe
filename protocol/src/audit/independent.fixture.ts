import { createHash, createPublicKey, verify } from 'node:crypto';

/** C2SP signed-note and RFC 6962 read once more, by nothing of what is tested: what another tool would do. */
export function openedNote(note: string, vkey: string): { size: number; root: string } {
  const [name, id, key] = vkey.split('+', 2).concat(vkey.slice(vkey.indexOf('+') + 10)) as [
    string,
    string,
    string,
  ];
  const [text, lines] = note.split('\n\n') as [string, string];
  const line = lines.split('\n').find((candidate) => candidate.startsWith(`— ${name} `));
  const signature = Buffer.from(line?.split(' ')[2] ?? '', 'base64');
  const raw = Buffer.from(key, 'base64').subarray(1);
  const publicKey = createPublicKey({
    key: Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), raw]),
    format: 'der',
    type: 'spki',
  });
  const holds =
    signature.subarray(0, 4).toString('hex') === id &&
    verify(null, Buffer.from(`${text}\n`), publicKey, signature.subarray(4));
  if (!holds) throw new Error('the note is not signed');
  const [, size, root] = text.split('\n') as [string, string, string];
  return { size: Number(size), root };
}

const sha = (left: Buffer, right: Buffer) =>
  createHash('sha256')
    .update(Buffer.concat([Buffer.of(1), left, right]))
    .digest();

/** The consistency proof taken apart from its end, as RFC 6962 §2.1.2 defines it. @returns old and new root */
export function rootsOfProof(
  older: number,
  newer: number,
  proof: Buffer[],
  oldRoot: Buffer,
  whole = true,
): [Buffer, Buffer] {
  if (older === newer) {
    const root = whole ? oldRoot : (proof.shift() as Buffer);
    return [root, root];
  }
  let k = 1;
  while (k * 2 < newer) k *= 2;
  const last = proof.pop() as Buffer;
  if (older <= k) {
    const [o, n] = rootsOfProof(older, k, proof, oldRoot, whole);
    return [o, sha(n, last)];
  }
  const [o, n] = rootsOfProof(older - k, newer - k, proof, oldRoot, false);
  return [sha(last, o), sha(last, n)];
}
