import { receiptSigner } from './issue-receipt.ts';
import { logOrigin, type VaultKeys } from './keys.ts';
import type { BatchSigner } from './log/batch.ts';
import { type NoteSigner, noteSigner } from './log/note.ts';
import type { OpeningKeys } from './log/opening-keys.ts';
import type { LogWriter } from './store/sqlite/sequencer.ts';

/** Signs the checkpoints of one log of an issuer. */
export function checkpointSigner(
  issuer: string,
  keys: Pick<VaultKeys, 'log'>,
  log: number,
): NoteSigner {
  return noteSigner(logOrigin(issuer, log), keys.log);
}

/** What a store needs to write the log by itself. */
export function logWriter(
  issuer: string,
  keys: VaultKeys,
  { openings, clock }: { openings: OpeningKeys; clock: () => number },
): LogWriter {
  const receipt = receiptSigner(keys.signing);
  const signers = new Map<number, BatchSigner>();
  return {
    signerOf: (log) => {
      const known = signers.get(log);
      if (known !== undefined) return known;
      const signer = { checkpoint: checkpointSigner(issuer, keys, log), receipt };
      signers.set(log, signer);
      return signer;
    },
    openings,
    clock,
  };
}
