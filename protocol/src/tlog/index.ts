/** The grant log's formats and proofs, pure: nothing here reads a file or the network. */
export * from './act.ts';
export * from './base64.ts';
export * from './checkpoint.ts';
export * from './commitment.ts';
export * from './entry.ts';
export * from './errors.ts';
export * from './fields.ts';
export * from './note.ts';
export * from './opening.ts';
export * from './proof.ts';
export * from './tile.ts';
export * from './tlog-proof.ts';
export * from './tree.ts';
export * from './vkey.ts';
