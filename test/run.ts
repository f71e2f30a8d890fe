/**
 * `npm test`: every step in order, the quick ones first; the first failure ends it with the step's name. `--full` lets
 * property tests run longer (FULL=1 in their environment).
 */
import { CHROMIUM, FIREFOX, provideBrowser } from './start/browser.ts';
import { type Build, buildExtension, outputOf } from './start/extension-build.ts';
import { faultsOf, measure, tableOf } from './start/sizes.ts';
import { runTool } from './start/tool.ts';

type Step = { readonly name: string; readonly run: () => Promise<boolean> };

const full = process.argv.includes('--full');
const env: Record<string, string> = {
  ...(full && { FULL: '1' }),
  // A file or a pipe gets no colours.
  ...(!process.stdout.isTTY && { NO_COLOR: '1' }),
};

// Biome colours files and pipes too unless told not to.
const colours = process.stdout.isTTY ? [] : ['--colors=off'];

const tool =
  (name: string, args: string[], bin = name) =>
  async () =>
    (await runTool(name, args, { bin, env })).code === 0;

const vitest = (project: string) =>
  tool('vitest', ['run', '--config', 'test/vitest.config.ts', '--project', project]);

const STEPS: readonly Step[] = [
  { name: 'format and lint', run: tool('@biomejs/biome', ['ci', ...colours, '.'], 'biome') },
  { name: 'typecheck', run: tool('typescript', ['-p', 'tsconfig.json'], 'tsc') },
  { name: 'unit and vector tests', run: vitest('unit') },
  { name: 'tests that span packages', run: vitest('spanning') },
  { name: 'builds', run: () => builds('production', 'firefox', 'e2e', 'firefox-e2e') },
  { name: 'sizes', run: sizes },
  { name: 'end to end in Chromium and Firefox', run: endToEnd },
];

async function builds(...names: Build[]): Promise<boolean> {
  for (const name of names) {
    const { code, output } = await buildExtension(name, { quiet: true });
    if (code === 0) continue;
    console.error(output);
    console.error(`The build "${name}" failed.`);
    return false;
  }
  return true;
}

async function sizes(): Promise<boolean> {
  const build = outputOf('production');
  const measured = measure(build);
  console.log(tableOf(measured));
  const faults = faultsOf(build, measured);
  for (const fault of faults) console.error(`  ${fault}`);
  return faults.length === 0;
}

async function endToEnd(): Promise<boolean> {
  for (const kind of [CHROMIUM, FIREFOX]) {
    env[kind.variable] = await provideBrowser(kind, (line) => console.log(line));
  }
  return vitest('e2e')();
}

for (const { name, run } of STEPS) {
  console.log(`\n── ${name}`);
  const begin = performance.now();
  const held = await run().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    return false;
  });
  const seconds = ((performance.now() - begin) / 1000).toFixed(1);
  console.log(`── ${name}: ${held ? 'passed' : 'FAILED'} in ${seconds} s`);
  if (!held) process.exit(1);
}
console.log('\nAll steps passed.');
