import { writeFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { benchChecks } from './bench-check.ts';
import { isFarOff, isMet, ROUNDS, type Row, round } from './bench-measure.ts';
import { benchRegistration } from './bench-registration.ts';
import { benchSdk } from './bench-sdk.ts';

const USAGE = `Usage: npm run bench -- api [--write] [--check]

Compares the vault API and the SDK, in one run, to what its work costs at least and to a peer.
  --write  puts the outcome into test/perf/RESULTS.md
  --check  fails when a ratio is more than 15 % short of its target
Exit codes: 0 done, 1 a ratio is too far off, 2 usage.`;

const RESULTS = new URL('./RESULTS.md', import.meta.url);
const PARTS = [benchChecks, benchRegistration, benchSdk];

async function run(options: { write: boolean; check: boolean }): Promise<void> {
  const began = performance.now();
  const [busy] = loadavg();
  const rows: Row[] = [];
  for (const part of PARTS) rows.push(...(await part()));
  const seconds = Math.round((performance.now() - began) / 1000);
  const text = report(rows, seconds, busy as number);
  console.log(text);
  if (options.write) writeFileSync(RESULTS, text);
  if (options.check && rows.some(isFarOff)) {
    console.error('A ratio is more than 15 % short of its target.');
    process.exitCode = 1;
  }
}

function report(rows: readonly Row[], seconds: number, busy: number): string {
  const [cpu] = cpus();
  const lines = rows.map((row) => {
    const verdict = isMet(row) ? 'met' : '**not met**';
    return `| ${row.part} | ${row.what} | ${round(row.ratio)} | ≥ ${row.target} | ${verdict} | ${row.behind} |`;
  });
  return `# Results of the benchmark

Ratios within one run, more is better, medians of ${ROUNDS} rounds after one to warm up. Absolute numbers are this machine's, client and server on it together.

| part | compared | ratio | target | | medians behind it |
|---|---|---|---|---|---|
${lines.join('\n')}

- Command: \`npm run bench -- api --write\`, ${seconds} s
- Date: ${new Date().toISOString().slice(0, 10)}
- Machine: ${cpu?.model.trim()}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}, ${process.platform} ${process.arch}; load average before ${busy.toFixed(1)}
`;
}

function optionsOf(words: string[]): { write: boolean; check: boolean } | null {
  try {
    const { values, positionals } = parseArgs({
      args: words,
      allowPositionals: true,
      options: {
        write: { type: 'boolean', default: false },
        check: { type: 'boolean', default: false },
      },
    });
    return positionals.join() === 'api' ? values : null;
  } catch {
    return null;
  }
}

const options = optionsOf(process.argv.slice(2));
if (options === null) {
  console.error(USAGE);
  process.exitCode = 2;
} else {
  await run(options);
}
