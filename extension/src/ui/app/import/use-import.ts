import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import type { ImportProblem, ImportRow, ImportVerdict, Seen, UndoView } from '../../../messages.ts';
import { failure, run } from '../../session.ts';
import type { Entries, EntryProblem } from './entries.ts';
import type { FileFailure } from './file-text.ts';
import { fails } from './file-text.ts';
import { readFile } from './read-file.ts';

/** Entries the worker looks at in one go. */
const AT_ONCE = 200;

type Known = Exclude<ImportVerdict, { state: 'problem' }>;
export type Planned = { readonly line: number; readonly row: ImportRow; readonly verdict: Known };
export type Bad = {
  readonly line: number;
  readonly what: string;
  readonly reason: EntryProblem | ImportProblem;
  readonly first?: number;
};
export type Plan = { name: string | null; planned: Planned[]; bad: Bad[] };

export type ImportState =
  | { is: 'choosing'; failure: FileFailure | null }
  | { is: 'reading'; done: number; of: number }
  /** `again`: something changed elsewhere since the last preview. */
  | { is: 'preview'; plan: Plan; again: boolean }
  | { is: 'writing'; plan: Plan };

/** A file on its way into the vault: read here, judged by the worker, and written by it in one go. */
export function useImport(onImported: (undo: UndoView) => void) {
  const state = useSignal<ImportState>({ is: 'choosing', failure: null });
  /** Ids whose value the person takes from the file although the vault holds another. */
  const taken = useSignal<ReadonlySet<string>>(new Set());
  /** What is under way for a file that was left meanwhile comes to nothing. */
  const turn = useRef(0);

  async function read(bytes: () => Promise<Uint8Array>, name: string | null) {
    turn.current += 1;
    const mine = turn.current;
    state.value = { is: 'reading', done: 0, of: 1 };
    let found: ReturnType<typeof readFile>;
    try {
      found = readFile(await bytes());
    } catch {
      // The file went away, or may not be read.
      found = fails('unreadable');
    }
    if (mine !== turn.current) return;
    if ('failure' in found) state.value = { is: 'choosing', failure: found.failure };
    else await preview(found.entries, name, mine);
  }

  async function preview(entries: Entries, name: string | null, mine: number, before?: Plan) {
    const planned: Planned[] = [];
    const bad: Bad[] = before
      ? [...before.bad]
      : entries.bad.map(({ id, ...rest }) => ({ ...rest, what: id }));
    const { good } = entries;
    for (let done = 0; done < good.length; done += AT_ONCE) {
      state.value = { is: 'reading', done, of: good.length };
      const some = good.slice(done, done + AT_ONCE);
      const verdicts = await run('importPreview', { rows: some.map(({ row }) => row) });
      if (mine !== turn.current) return;
      if (!verdicts) {
        state.value = { is: 'choosing', failure: null };
        return;
      }
      for (const [i, { line, row }] of some.entries()) {
        const verdict = verdicts[i];
        if (verdict === undefined) continue;
        if (verdict.state !== 'problem') planned.push({ line, row, verdict });
        else bad.push({ line, what: verdict.label ?? row.id, reason: verdict.reason });
      }
    }
    bad.sort((a, b) => a.line - b.line);
    taken.value = new Set();
    state.value = { is: 'preview', plan: { name, planned, bad }, again: before !== undefined };
  }

  function chosen(plan: Plan): { row: ImportRow; seen: Seen }[] {
    return plan.planned
      .filter(
        ({ verdict: { id, state } }) =>
          state === 'new' || (state === 'conflict' && taken.value.has(id)),
      )
      .map(({ row, verdict }) => ({ row: { ...row, id: verdict.id }, seen: verdict.seen }));
  }

  async function write(plan: Plan) {
    const mine = turn.current;
    state.value = { is: 'writing', plan };
    const undo = await run('importApply', { rows: chosen(plan) });
    if (undo) return onImported(undo);
    if (failure.value !== 'edited') {
      state.value = { is: 'preview', plan, again: false };
      return;
    }
    failure.value = null;
    const good = plan.planned.map(({ line, row }) => ({ line, row }));
    await preview({ good, bad: [] }, plan.name, mine, plan);
  }

  return {
    state: state.value,
    taken: taken.value,
    count: (plan: Plan) => chosen(plan).length,
    read,
    write,
    take(ids: readonly string[], on: boolean) {
      const next = new Set(taken.value);
      for (const id of ids) {
        if (on) next.add(id);
        else next.delete(id);
      }
      taken.value = next;
    },
    start() {
      turn.current += 1;
      state.value = { is: 'choosing', failure: null };
    },
  };
}
