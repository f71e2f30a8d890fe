import { z } from '@zusage/protocol/shape';
import type { Step } from './types.ts';

/** What each step must know to be repeated; names and digests only, no value and no private key. */
const Slot = z.object({
  uri: z.string(),
  idx: z.int(),
  /** The service's clock when it answered, and when the slot ends. */
  now: z.int(),
  expires: z.int(),
  /** The person's clock at that moment: only differences to it are ever used. */
  at: z.int(),
  /** `jti` of the grant that the new one ends. */
  replaces: z.nullable(z.string()),
});
const Signed = z.extend(Slot, {
  /** Origin of the vault service. */
  vault: z.string(),
  jti: z.string(),
  /** Issuer-signed JWT without `~`. */
  grant: z.string(),
  /** Signed withdrawal without undo, ready to be sent while the vault is locked. */
  withdraw: z.string(),
});
const Registered = z.extend(Signed, {
  /** By the person's clock; an answer not delivered 60 s later is withdrawn. */
  registeredAt: z.int(),
});
const Encrypted = z.extend(Registered, { response: z.string() });

export type SlotData = z.infer<typeof Slot>;
export type SignedData = z.infer<typeof Signed>;
export type RegisteredData = z.infer<typeof Registered>;
export type EncryptedData = z.infer<typeof Encrypted>;

export type Stage =
  | { readonly name: 'decided' }
  | { readonly name: 'slot'; readonly data: SlotData }
  | { readonly name: 'signed'; readonly data: SignedData }
  | { readonly name: 'registered'; readonly data: RegisteredData }
  | { readonly name: 'encrypted'; readonly data: EncryptedData };

/** A stored step, read back. It was written by this worker; another version's is begun again or given up. */
export function stageOf(step: Step | null): Stage {
  switch (step?.name) {
    case undefined:
    case 'decided':
      return { name: 'decided' };
    case 'slot':
      return { name: 'slot', data: z.parse(Slot, step.data) };
    case 'signed':
      return { name: 'signed', data: z.parse(Signed, step.data) };
    case 'registered':
      return { name: 'registered', data: z.parse(Registered, step.data) };
    case 'encrypted':
      return { name: 'encrypted', data: z.parse(Encrypted, step.data) };
  }
}

/** From `signed` on something may be registered that has to be withdrawn when it goes no further. */
export function withdrawable(stage: Stage): SignedData | null {
  return stage.name === 'decided' || stage.name === 'slot' ? null : stage.data;
}
