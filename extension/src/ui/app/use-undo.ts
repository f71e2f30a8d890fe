import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { UndoView } from '../../messages.ts';
import { now } from '../dates.ts';
import { failure, run, say } from '../session.ts';
import { count } from '../words.ts';

/**
 * What can still be taken back. The vault keeps it, so it is here again after this page was closed.
 * @param on `onGone`: the buttons that were pressed go at this moment, and the focus with them
 */
export function useUndo(on: { onGone: () => void; onUndone: () => Promise<void> }) {
  const undos = useSignal<UndoView[]>([]);
  useEffect(() => void load(), []);
  async function load() {
    undos.value = (await run('undos', {})) ?? undos.value;
  }

  const ends = undos.value.map(({ until }) => until);
  const next = ends.length > 0 ? Math.min(...ends) : null;
  useEffect(() => {
    if (next === null) return;
    const timer = window.setTimeout(() => void load(), Math.max(0, next - now()) * 1000 + 500);
    return () => clearTimeout(timer);
  }, [next]);

  // A second click before the bar is gone is the same undo, not one that came too late.
  const going = useRef(new Set<string>());
  async function undo({ id }: UndoView) {
    if (going.current.has(id)) return;
    going.current.add(id);
    const result = await run('undo', { id });
    const why = failure.value;
    if (!result && why !== 'undo-over') {
      going.current.delete(id);
      return;
    }
    await load();
    on.onGone();
    await on.onUndone();
    failure.value = why;
    if (!result) return;
    const { restored, kept } = result;
    const parts = [
      ...(restored > 0 || kept === 0 ? [count('data_undone', restored)] : []),
      ...(kept > 0 ? [count('data_undone_kept', kept)] : []),
    ];
    say(parts.join(' '));
  }
  async function forget({ id }: UndoView) {
    if (!(await run('forgetUndo', { id }))) return;
    undos.value = undos.value.filter((one) => one.id !== id);
    on.onGone();
  }
  return { undos: undos.value, load, undo, forget };
}
