/**
 * C2SP tlog-proof v1: inclusion in a signed checkpoint, as a text that stands by itself.
 * @param extra carried along; the proof does not vouch for it
 * @param note the checkpoint with its signature lines
 */
export function tlogProof({
  extra,
  index,
  hashes,
  note,
}: {
  readonly extra?: Buffer;
  readonly index: number;
  readonly hashes: readonly Buffer[];
  readonly note: string;
}): string {
  const lines = [
    'c2sp.org/tlog-proof@v1',
    ...(extra === undefined ? [] : [`extra ${extra.toString('base64')}`]),
    `index ${index}`,
    ...hashes.map((hash) => hash.toString('base64')),
    '',
    note,
  ];
  return lines.join('\n');
}
