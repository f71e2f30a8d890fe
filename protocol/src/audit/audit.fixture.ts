import { LOG, START } from './log-writer.fixture.ts';
import type { Outcome } from './outcome.ts';
import { run } from './run.ts';
import { temporaryFolder } from './serve.fixture.ts';

const NOW = START + 4300;
export const KEY = ['--key', LOG.vkey];

/** Runs a command as at this moment. */
export async function audit(...words: string[]) {
  const ran = await run([...words, '--json', '--patience', '0'], () => NOW);
  const outcome = ran.out === '' ? null : (JSON.parse(ran.out) as Outcome & { error?: string });
  return { ...ran, outcome: outcome as Outcome & { error?: string } };
}
export const codes = (outcome: Outcome) => outcome.findings.map(({ code }) => code);
/** The codes that a command finds. */
export async function found(...words: string[]): Promise<string[]> {
  const { outcome } = await audit(...words, '--evidence', temporaryFolder());
  return codes(outcome);
}
