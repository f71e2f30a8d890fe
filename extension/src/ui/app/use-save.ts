import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import type { AttributeView, Seen } from '../../messages.ts';
import { failure, run } from '../session.ts';

/** What a page shows of an attribute, as the vault compares it before it writes. */
export function seenOf({ held }: AttributeView): Seen {
  return held ? { value: held.value, ...(held.until && { until: held.until }) } : null;
}

/**
 * Saves against what was on the screen when the form opened, and not against what the page has learnt since: whoever
 * saves second hears of the first.
 * @param start null: a new one of the person's own
 */
export function useSave(start: AttributeView | null, onSaved: (next: AttributeView) => void) {
  const seen = useRef<Seen>(start ? seenOf(start) : null);
  /** What the vault holds instead; undefined as long as nothing came between. */
  const elsewhere = useSignal<AttributeView | null | undefined>(undefined);

  async function save(write: (seen: Seen) => Promise<AttributeView | null>) {
    const next = await write(seen.current);
    if (next) return onSaved(next);
    if (failure.value !== 'edited' || !start) return;
    const now = await run('attribute', { id: start.id });
    if (failure.value) return;
    seen.current = now ? seenOf(now) : null;
    elsewhere.value = now;
  }
  return { save, elsewhere: elsewhere.value };
}
