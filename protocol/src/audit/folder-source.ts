import { open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Undecided } from './finding.ts';
import type { LogSource } from './source.ts';

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? 'unknown';
}
const isAbsent = (error: unknown) => ['ENOENT', 'ENOTDIR', 'EISDIR'].includes(codeOf(error));

async function readUpTo(path: string, max: number): Promise<Uint8Array> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const bytes = Buffer.allocUnsafeSlow(Math.min(size, max + 1));
    const { bytesRead } = await file.read(bytes, 0, bytes.length, 0);
    return bytes.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** An exported log on this machine. */
export function folderSource(folder: string): LogSource {
  const whole = async () => {
    const exists = await stat(folder).then(
      (found) => found.isDirectory(),
      () => false,
    );
    if (!exists) throw new Undecided(`There is no folder ${folder}.`);
  };
  return {
    where: folder,
    remote: false,
    read: async (path, max) => {
      try {
        return await readUpTo(join(folder, path), max);
      } catch (error) {
        if (!isAbsent(error)) {
          throw new Undecided(`${join(folder, path)} could not be read (${codeOf(error)}).`);
        }
        await whole();
        return null;
      }
    },
    list: async (path) => {
      try {
        return await readdir(join(folder, path));
      } catch (error) {
        if (isAbsent(error)) return [];
        throw new Undecided(`${join(folder, path)} could not be read (${codeOf(error)}).`);
      }
    },
  };
}
