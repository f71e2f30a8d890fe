import type { Json } from '../json.ts';
import { z } from '../shape.ts';
import { UsageError } from './finding.ts';
import { jsonOf, MAX_FILE } from './material.ts';
import { readUserFile } from './user-file.ts';

const Shape = z.strictObject({
  v: z.literal(1),
  type: z.literal('zusage-receipt'),
  /** The signed request; null where it was not kept. */
  request: z.nullable(z.string()),
  /** The issuer-signed JWT, without values. */
  grant: z.string(),
  /** The service's signed receipts. */
  receipts: z.array(z.string()).check(z.maxLength(1000)),
  /** .tlog-proof texts, each with its opening. */
  proofs: z.array(z.string()).check(z.maxLength(1000)),
  /** The status list token as it was read last. */
  status: z.nullable(z.string()),
  /** Keys as the writer of the file knew them: hints, no more. */
  vault_jwks: z.unknown(),
  log_vkey: z.string(),
});

/** What an extension or a shop saves of one grant, for a human being: `.zusage.json`. */
export type ReceiptFile = Omit<z.infer<typeof Shape>, 'vault_jwks'> & { readonly vault_jwks: Json };

/** @throws UsageError */
export function loadReceiptFile(path: string): ReceiptFile {
  const parsed = z.safeParse(Shape, jsonOf(readUserFile(path, MAX_FILE), path));
  if (!parsed.success) throw new UsageError(`${path} is no receipt file.`);
  return parsed.data as ReceiptFile;
}
