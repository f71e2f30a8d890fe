import { readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { UsageError } from './finding.ts';

/** A file that the user named. @param max bytes @throws UsageError */
export function readUserFile(path: string, max: number): string {
  let size: number;
  try {
    const found = statSync(path);
    if (!found.isFile()) throw new UsageError(`${path} is no file.`);
    size = found.size;
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`There is no file ${path}, or it cannot be read.`);
  }
  if (size > max) throw new UsageError(`${basename(path)} is larger than ${max} bytes.`);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path));
  } catch {
    throw new UsageError(`${basename(path)} is not UTF-8, or it cannot be read.`);
  }
}
