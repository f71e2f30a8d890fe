import { open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { failureOf } from '../private-file.ts';

/**
 * The last published note, in a file outside the database and its backups: what tells at the next start that the
 * database is an older one.
 */
export type HeadFile = {
  /** @returns null when there is none @throws PrivateFileError */
  read(): Promise<string | null>;
  /** Whole and durable when it resolves. @throws PrivateFileError */
  write(note: string): Promise<void>;
};

export function headFile(path: string): HeadFile {
  return {
    read: async () => {
      try {
        return await readFile(path, 'utf8');
      } catch (cause) {
        if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return null;
        throw failureOf(path, 'read', cause);
      }
    },
    write: async (note) => {
      try {
        await replace(path, note);
      } catch (cause) {
        throw failureOf(path, 'written', cause);
      }
    },
  };
}

async function replace(path: string, text: string): Promise<void> {
  const draft = `${path}.new`;
  await written(draft, async (file) => {
    await file.writeFile(text);
    await file.sync();
  });
  await rename(draft, path);
  if (process.platform === 'win32') return;
  await written(dirname(path), (folder) => folder.sync(), 'r');
}

async function written(
  path: string,
  work: (file: Awaited<ReturnType<typeof open>>) => Promise<void>,
  flags: 'w' | 'r' = 'w',
): Promise<void> {
  const file = await open(path, flags, 0o600);
  try {
    await work(file);
  } finally {
    await file.close();
  }
}
