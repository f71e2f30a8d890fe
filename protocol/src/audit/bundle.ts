/**
 * Writes the command as one file that runs with plain Node, without this repository: `npm run audit:bundle`. The file
 * is not minified, so that whoever relies on it can read it.
 */
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const FOLDER = fileURLToPath(new URL('../../.output', import.meta.url));

/** @returns the path of the file */
export async function bundleAudit(folder = FOLDER): Promise<string> {
  await build({
    configFile: false,
    logLevel: 'warn',
    root: fileURLToPath(new URL('.', import.meta.url)),
    build: {
      ssr: fileURLToPath(new URL('./main.ts', import.meta.url)),
      outDir: folder,
      emptyOutDir: false,
      target: 'node20',
      minify: false,
      rollupOptions: { output: { entryFileNames: 'zusage-audit.mjs', codeSplitting: false } },
    },
    ssr: { noExternal: true, target: 'node' },
  });
  const path = join(folder, 'zusage-audit.mjs');
  chmodSync(path, 0o755);
  return path;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.stdout.write(`${await bundleAudit()}\n`);
}
