import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isZusageError } from '../errors.ts';
import { type Json, parseJson } from '../json.ts';
import { UsageError } from './finding.ts';
import { readUserFile } from './user-file.ts';

const MAX_FILES = 10_000;
/** One receipt file with every proof of a grant. */
export const MAX_FILE = 8 << 20;

/** Something that opens an entry, as it lay in a file of the user's. */
export type Material = {
  readonly file: string;
  /** `proof`: a C2SP .tlog-proof whose extra is an opening; `opening`: the opening alone. */
  readonly kind: 'proof' | 'opening';
  readonly text: string;
};

const NAMES = /\.(tlog-proof|json)$/;

/**
 * Reads a file or a folder (not below it) of .tlog-proof files, openings, answers of `GET /grants/{jti}/proofs` and
 * receipt files. Nothing in them is verified here.
 * @throws UsageError
 */
export function loadMaterial(path: string): Material[] {
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
  const files = isFolder
    ? readdirSync(path)
        .filter((name) => NAMES.test(name))
        .sort()
        .map((name) => join(path, name))
    : [path];
  if (files.length > MAX_FILES) throw new UsageError(`${path} holds more than ${MAX_FILES} files.`);
  return files.flatMap(materialOf);
}

function materialOf(file: string): Material[] {
  const text = readUserFile(file, MAX_FILE);
  if (text.startsWith('c2sp.org/tlog-proof@')) return [{ file, kind: 'proof', text }];
  const proofs = proofsIn(jsonOf(text, file));
  if (proofs === null) return [{ file, kind: 'opening', text }];
  return proofs.map((proof) => ({ file, kind: 'proof', text: proof }));
}

/** The texts of `proofs`, which are strings in a receipt file and objects in the service's answer. */
function proofsIn(json: Json): string[] | null {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return [];
  const { proofs } = json;
  if (proofs === undefined) return 'entry' in json ? null : [];
  if (!Array.isArray(proofs)) return [];
  return proofs
    .map((item) =>
      typeof item === 'object' && item !== null && !Array.isArray(item) ? item['proof'] : item,
    )
    .filter((item) => typeof item === 'string');
}

export function jsonOf(text: string, file: string): Json {
  try {
    return parseJson(text);
  } catch (error) {
    if (!isZusageError(error)) throw error;
    throw new UsageError(`${file} is not JSON (${error.code}).`);
  }
}
