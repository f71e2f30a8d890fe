import { encodeUtf8 } from '@zusage/protocol/bytes';
import type { Value } from '@zusage/protocol/vocabulary/index';
import { attributeHeld, type HeldAttribute, valueToEdit } from '../sharing/attribute-lookup.ts';
import type { StoredGrant } from '../sharing/stored-grant.ts';
import type { VaultEntry } from '../vault/records.ts';

/**
 * Everything a person may want to have elsewhere, as readable JSON (SPEC §18), unencrypted.
 *
 * @param keys the private key of each grant, with which anybody who has the file can end it
 * @param made NumericDate
 */
export function plainExport(
  entries: readonly VaultEntry[],
  { keys, made }: { keys: boolean; made: number },
): Uint8Array[] {
  const of = <K extends VaultEntry['kind']>(kind: K) =>
    entries.flatMap((entry) => (entry.kind === kind ? [entry.value] : [])) as Extract<
      VaultEntry,
      { kind: K }
    >['value'][];
  const file = {
    zusage: 'export',
    version: 1,
    made,
    attributes: (of('attribute') as HeldAttribute[]).map(attributeToExport),
    grants: (of('grant') as StoredGrant[]).map(({ key, ...grant }) =>
      keys ? { ...grant, key } : grant,
    ),
    proofs: of('proof'),
    log: of('log'),
  };
  return [encodeUtf8(`${JSON.stringify(file, null, 2)}\n`)];
}

/** In the shape an import reads. What this version does not know keeps the value as it is. */
function attributeToExport(record: HeldAttribute) {
  const { value: kept, ...rest } = record;
  const what = attributeHeld(record);
  return what === undefined ? record : { ...rest, ...valueToEdit(what, kept as Value) };
}
