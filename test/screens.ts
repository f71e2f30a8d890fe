/**
 * `npm run screens`: pictures of every screen, in both languages, light and dark, into the ignored folder test/screens,
 * with a page that shows all of them; and those that README.md shows, anew. The pictures are taken by the end-to-end
 * tests that look at screens, so that there is one way to each of them.
 */
import { copyFileSync, globSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { CHROMIUM, provideBrowser } from './start/browser.ts';
import { buildExtension } from './start/extension-build.ts';
import { ROOT } from './start/root.ts';
import { runTool } from './start/tool.ts';

const PICTURES = join(ROOT, 'test', 'screens');
/** Shown in README.md, under these names in test/pictures. */
const IN_README: Record<string, string> = {
  'app-first-open-en-light.png': 'home.png',
  'data-filled-en-light.png': 'my-data.png',
  'welcome-kit-open-en-dark.png': 'kit.png',
};

rmSync(PICTURES, { recursive: true, force: true });
const build = await buildExtension('e2e', { quiet: true });
if (build.code !== 0) throw new Error(build.output);
const browser = await provideBrowser(CHROMIUM, (line) => console.log(line));
const lookers = globSync('test/e2e/*.test.ts', { cwd: ROOT }).filter((file) =>
  /\blook\(/.test(readFileSync(join(ROOT, file), 'utf8')),
);
const { code } = await runTool(
  'vitest',
  ['run', '--config', 'test/vitest.config.ts', '--project', 'e2e', ...lookers],
  { env: { [CHROMIUM.variable]: browser } },
);

const pictures = globSync('*.png', { cwd: PICTURES }).sort();
writeFileSync(join(PICTURES, 'index.html'), contactSheet(pictures));
for (const [picture, name] of Object.entries(IN_README)) {
  if (pictures.includes(picture))
    copyFileSync(join(PICTURES, picture), join(ROOT, 'test', 'pictures', name));
  else console.error(`README.md shows ${name}, which is ${picture}, and there is none.`);
}
console.log(`${pictures.length} pictures: ${join(PICTURES, 'index.html')}`);
process.exitCode =
  code === 0 && Object.keys(IN_README).every((picture) => pictures.includes(picture)) ? 0 : 1;

/** Each screen in a row of its own: both languages, light and dark. */
function contactSheet(all: readonly string[]): string {
  const screens = Map.groupBy(all, (picture) =>
    basename(picture, '.png').replace(/-(en|de)-(light|dark)$/, ''),
  );
  const rows = [...screens].map(
    ([screen, some]) =>
      `<h2>${screen}</h2><p>${some
        .map((file) => `<a href="${file}"><img src="${file}" alt="${file}" loading="lazy"></a>`)
        .join('')}</p>`,
  );
  return `<!doctype html>
<meta charset="utf-8">
<title>Screens</title>
<style>body{font:1rem sans-serif;background:#888}p{display:flex;gap:1rem;align-items:start}img{width:22vw}</style>
${rows.join('\n')}
`;
}
