import { parseArgs } from 'node:util';
import { type Done, type Plan, SimulationError, simulate } from './simulation.ts';

const USAGE = `Usage: npm run simulate -- --api <origin> [--brands 5] [--people 1000] [--checks 20000] [--seed N]

Drives real registrations, withdrawals, undos and checks with real keys through the public API of a
vault service in development, and verifies every answer against its own model. Where the service
refuses for load it waits as long as that says: with ZUSAGE_RATE_LIMIT as usual, minutes.
Exit codes: 0 all answers agree, 1 they do not or the service is not there, 2 usage.`;

class UsageError extends Error {}

function planOf(words: readonly string[]): Plan {
  const text = { type: 'string' } as const;
  let values: { [name: string]: string | undefined };
  try {
    const options = { api: text, brands: text, people: text, checks: text, seed: text };
    ({ values } = parseArgs({ args: [...words], options }));
  } catch {
    throw new UsageError('There is an option that is not one of these.');
  }
  const { api } = values;
  if (api === undefined || !URL.canParse(api) || new URL(api).origin !== api) {
    throw new UsageError(
      '--api must be the origin of a vault service, such as http://127.0.0.1:4610.',
    );
  }
  const number = (name: string, otherwise: number) => {
    const given = values[name];
    if (given === undefined) return otherwise;
    if (!/^[1-9][0-9]{0,8}$/.test(given))
      throw new UsageError(`--${name} must be a whole number from 1.`);
    return Number(given);
  };
  return {
    api,
    brands: number('brands', 5),
    people: number('people', 1000),
    checks: number('checks', 20_000),
    seed: number('seed', 1 + (Date.now() % 1_000_000)),
  };
}

function progressOf({ people, checks }: Plan): (done: Done) => void {
  let shown = 0;
  return (done) => {
    const now = performance.now();
    if (now - shown < 1000) return;
    shown = now;
    const line = `${done.registrations}/${people} registered, ${done.checks}/${checks} checks, ${done.changes} changes`;
    process.stderr.write(process.stderr.isTTY ? `\r${line}` : `${line}\n`);
  };
}

async function run(): Promise<void> {
  const plan = planOf(process.argv.slice(2));
  console.log(`Seed ${plan.seed}.`);
  const { disagreements, seconds, ...done } = await simulate(plan, progressOf(plan));
  if (process.stderr.isTTY) process.stderr.write('\n');
  const rate = (count: number, time: number) => `${Math.round(count / time)}/s`;
  console.log(
    `${done.registrations} registrations, ${rate(done.registrations, seconds.registering)}`,
  );
  console.log(
    `${done.checks} checks, ${rate(done.checks, seconds.checking)}, ${done.allowed} allowed`,
  );
  console.log(`${done.changes} changes`);
  if (disagreements.length === 0) {
    console.log('Every answer was the one the model expected.');
    return;
  }
  for (const line of disagreements) console.error(line);
  console.error('The service and the model disagree.');
  process.exitCode = 1;
}

if (process.argv.includes('--help') || process.argv.includes('-h')) {
  console.log(USAGE);
} else {
  try {
    await run();
  } catch (error) {
    if (!(error instanceof UsageError) && !(error instanceof SimulationError)) throw error;
    const isUsage = error instanceof UsageError;
    console.error(isUsage ? `${error.message}\n\n${USAGE}` : error.message);
    process.exitCode = isUsage ? 2 : 1;
  }
}
