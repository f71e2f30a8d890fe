/**
 * `npm run screens`: pictures of every screen, in both languages and themes, in test/screens (which git ignores). They
 * are taken by the end-to-end tests that look at screens.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CHROMIUM, provideBrowser } from './browser.ts';
import { buildExtension } from './extension-build.ts';
import { ROOT } from './root.ts';
import { runTool } from './tool.ts';

const folder = join(ROOT, 'test', 'e2e');
const looking = readdirSync(folder)
  .filter((file) => file.endsWith('.test.ts'))
  .filter((file) => readFileSync(join(folder, file), 'utf8').includes("from './look.ts'"))
  .map((file) => `test/e2e/${file}`);

const browser = await provideBrowser(CHROMIUM, (line) => console.log(line));
const build = await buildExtension('e2e', { quiet: true });
if (build.code !== 0) {
  console.error(build.output);
  process.exit(1);
}
const args = ['run', '--config', 'test/vitest.config.ts', '--project', 'e2e', ...looking];
const { code } = await runTool('vitest', args, { env: { [CHROMIUM.variable]: browser } });
if (code === 0) console.log('The pictures are in test/screens.');
process.exitCode = code;
