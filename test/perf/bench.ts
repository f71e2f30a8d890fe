import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { benchAudit } from './bench-audit.ts';
import { benchChecks } from './bench-check.ts';
import { benchLog } from './bench-log.ts';
import { isFarOff, isMet, type Row, round } from './bench-measure.ts';
import { benchRegistration } from './bench-registration.ts';
import { benchScale } from './bench-scale.ts';
import { benchSdk } from './bench-sdk.ts';
import { benchSimulation } from './bench-simulation.ts';
import { benchSoak } from './bench-soak.ts';
import { benchVault } from './bench-vault.ts';

const USAGE = `Usage: npm run bench -- NAME [--write] [--check]

Compares ours, in one run, to what its work costs at least, to a peer, or to what was promised. NAME is one of
  api    checks, registrations, the SDK and the simulator; some minutes
  scale  a million grants; some minutes and 6 GB of disk
  soak   ten minutes of checks at half of the peak
  audit  zusage-audit over a log of a million entries; some minutes
  log    changes with the grant log, proofs from it, and its share of a check; a minute
  vault  the extension's vault in a real browser: unlock, search, popup, writes, sizes; two minutes
  --write  puts the outcome into test/perf/RESULTS.md
  --check  fails when a ratio is more than 15 % short of its target
Exit codes: 0 done, 1 a ratio is too far off, 2 usage.`;

const RESULTS = new URL('./RESULTS.md', import.meta.url);
const BENCHES: Record<string, readonly (() => Promise<Row[]>)[]> = {
  api: [benchChecks, benchRegistration, benchSdk, benchSimulation],
  scale: [benchScale],
  soak: [benchSoak],
  audit: [benchAudit],
  log: [benchLog],
  vault: [benchVault],
};

type Options = { name: string; write: boolean; check: boolean };

async function run({ name, write, check }: Options): Promise<void> {
  const began = performance.now();
  const [busy] = loadavg();
  const rows: Row[] = [];
  for (const part of BENCHES[name] ?? []) rows.push(...(await part()));
  const seconds = Math.round((performance.now() - began) / 1000);
  const text = report(name, rows, seconds, busy as number);
  console.log(text);
  if (write) writeFileSync(RESULTS, withSection(readFileSync(RESULTS, 'utf8'), name, text));
  if (check && rows.some(isFarOff)) {
    console.error('A ratio is more than 15 % short of its target.');
    process.exitCode = 1;
  }
}

const heading = (name: string) => `## ${name}\n`;

function report(name: string, rows: readonly Row[], seconds: number, busy: number): string {
  const [cpu] = cpus();
  const lines = rows.map((row) => {
    const verdict = isMet(row) ? 'met' : '**not met**';
    return `| ${row.part} | ${row.what} | ${round(row.ratio)} | ≥ ${round(row.target)} | ${verdict} | ${row.behind} |`;
  });
  return `${heading(name)}
| part | compared | ratio | target | | medians behind it |
|---|---|---|---|---|---|
${lines.join('\n')}

- Command: \`npm run bench -- ${name} --write\`, ${seconds} s
- Date: ${new Date().toISOString().slice(0, 10)}
- Machine: ${cpu?.model.trim()}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}, ${process.platform} ${process.arch}; load average before ${busy.toFixed(1)}
`;
}

/** The results with this bench's section in place of its earlier one, in the order of BENCHES. */
function withSection(results: string, name: string, text: string): string {
  const [head = '', ...sections] = results.split(/^(?=## )/m);
  const known = new Map(sections.map((section) => [section.split('\n')[0], section]));
  known.set(`## ${name}`, `${text}\n`);
  const ordered = Object.keys(BENCHES).map((each) => known.get(`## ${each}`) ?? '');
  return `${head}${ordered.join('')}`.trimEnd().concat('\n');
}

function optionsOf(words: string[]): Options | null {
  try {
    const { values, positionals } = parseArgs({
      args: words,
      allowPositionals: true,
      options: {
        write: { type: 'boolean', default: false },
        check: { type: 'boolean', default: false },
      },
    });
    const [name = ''] = positionals;
    return positionals.length === 1 && Object.hasOwn(BENCHES, name) ? { name, ...values } : null;
  } catch {
    return null;
  }
}

const words = process.argv.slice(2);
const options = optionsOf(words);
if (words.includes('--help') || words.includes('-h')) {
  console.log(USAGE);
} else if (options === null) {
  console.error(`Say one of the names, and no other option than these.\n\n${USAGE}`);
  process.exitCode = 2;
} else {
  await run(options);
}
