import { readFileSync } from 'node:fs';

const read = (file: string) =>
  JSON.parse(readFileSync(new URL(`../../vectors/${file}`, import.meta.url), 'utf8'));

/** Trees, tiles, proofs and notes made by golang.org/x/mod/sumdb. */
export type TlogVectors = {
  readonly checkpoint_257: string;
  readonly checkpoint_257_cosigned_t1700000000: string;
  readonly consistency: readonly { old: number; new: number; proof: string[] }[];
  readonly cosignature_message: string;
  readonly entry_bundles: { readonly [what: string]: string };
  readonly inclusion: readonly { index: number; size: number; proof: string[] }[];
  readonly keys: { readonly [what: string]: string };
  readonly leaf_hash: { readonly [entry: string]: string };
  readonly roots: { readonly [size: string]: string };
  readonly tile_paths_level0: { readonly [what: string]: string };
  readonly tiles: readonly {
    count: number;
    sha256_of_all_tile_sha256s_in_level_then_index_order: string;
    size: number;
    tiles_shown: { bytes: number; path: string; sha256: string }[];
  }[];
  readonly tlog_proof_257_5: string;
};
export const tlogVectors = read('tlog.json') as TlogVectors;

export type EntryVector = {
  readonly label: string;
  readonly t: string;
  readonly fields: readonly [string, unknown][];
  readonly salts: readonly string[];
  readonly disclosures: readonly string[];
  readonly digests: readonly string[];
  readonly payload: string;
  readonly r: string;
  readonly commitment: string;
  readonly brand_epoch_key: string;
  readonly person_epoch_key: string;
  readonly brand_seq: number;
  readonly person_seq: number;
  readonly brand_tag: string;
  readonly person_tag: string;
  readonly entry: string;
  readonly entry_bytes: number;
  readonly leaf_hash: string;
};
export const entryVectors = read('log-entry.json') as {
  readonly kc: string;
  readonly brand_stream_root: string;
  readonly person_stream_root: string;
  readonly entries: readonly EntryVector[];
};
export const vectorNamed = (label: string): EntryVector => {
  const vector = entryVectors.entries.find((entry) => entry.label === label);
  if (vector === undefined) throw new Error(`no vector ${label}`);
  return vector;
};
