import { type LogEntry, type Minute, secondsOf } from '../tlog/entry.ts';

/** Minutes from one access batch to the next that are nothing special: one that is over is written when the next begins. */
const USUAL = 2;
/** Gaps that are told one by one. */
const MOST_TOLD = 3;

type Gap = { readonly from: Minute; readonly to: Minute; readonly minutes: number };

/** Watches whether each minute has its access batch (SPEC §17.2): checks of a minute without one would be in no log. */
export class AccessMinutes {
  batches = 0;
  readonly #gaps: Gap[] = [];
  #last: Minute | null;

  /** @param last minute up to which an earlier visit has looked; null at the first */
  constructor(last: Minute | null) {
    this.#last = last;
  }

  /** Entries in the order of the log. */
  see({ kind, minute }: LogEntry): void {
    if (kind !== 'a') return;
    this.batches++;
    const minutes = this.#last === null ? 0 : (secondsOf(minute) - secondsOf(this.#last)) / 60;
    if (minutes > USUAL) this.#gaps.push({ from: this.#last as Minute, to: minute, minutes });
    this.#last = minute;
  }

  /** Sentences for a person; none when no minute is missing. */
  said(): string[] {
    const [first, ...others] = this.#gaps.toSorted((a, b) => b.minutes - a.minutes);
    if (first === undefined) return [];
    const longest = [first, ...others].slice(0, MOST_TOLD);
    const told = longest.map(({ from, to, minutes }) => `${from} to ${to} (${minutes} minutes)`);
    const more = others.length + 1 - longest.length;
    const list = `${told.join(', ')}${more > 0 ? `, and ${more} shorter ones` : ''}`;
    return [
      `Checks and searches in minutes without an access batch: ${list}. The service did not run then, or left them out.`,
    ];
  }
}
