import { newPerson, share } from '@zusage/vault-api/testing/person';
import { withVault } from './bench-client.ts';
import { median, type Row } from './bench-measure.ts';
import { checksAt, loadOf } from './bench-scale.ts';

const PEOPLE = 200;
/** Seconds to find the peak, and of one look at memory and latency under half of it. */
const PEAK = 10;
const LOOK = 15;

/** @param minutes of load, 10 for the whole */
export async function benchSoak(minutes = 10): Promise<Row[]> {
  return withVault(async (vault) => {
    const subjects: string[] = [];
    for (let n = 0; n < PEOPLE; n++) {
      const person = await newPerson();
      await share(vault.world, person);
      subjects.push(person.pseudonym);
    }
    const { rate: peak } = await checksAt(vault.server, 0, PEAK, await loadOf(vault, subjects));
    const looks: { p99: number; memory: number }[] = [];
    for (let n = 0; n < (minutes * 60) / LOOK; n++) {
      // A token lives ten minutes.
      const load = await loadOf(vault, subjects);
      const { p99 } = await checksAt(vault.server, Math.round(peak / 2), LOOK, load);
      looks.push({ p99, memory: await vault.server.memory() });
    }
    const third = Math.max(1, Math.floor(looks.length / 3));
    const memory = (part: typeof looks) => median(part.map((look) => look.memory));
    // The first third fills caches and lets the engine settle.
    const before = memory(looks.slice(third, 2 * third));
    const after = memory(looks.slice(-third));
    const p99 = median(looks.map((look) => look.p99));
    const mb = (bytes: number) => `${Math.round(bytes / 2 ** 20)} MB`;
    return [
      {
        part: `${minutes} minutes of checks`,
        what: 'memory: the middle third of the time ÷ the last',
        ratio: before / after,
        target: 0.95,
        behind: `${mb(before)}, then ${mb(after)}; at ${Math.round(peak / 2)} checks a second, half of the peak`,
      },
      {
        part: `${minutes} minutes of checks`,
        what: 'p99: 25 ms ÷ that at half of the peak',
        ratio: 25 / p99,
        target: 1,
        behind: `${p99.toFixed(1)} ms, the median of ${looks.length} looks of ${LOOK} s; peak ${Math.round(peak)}/s`,
      },
    ];
  });
}
