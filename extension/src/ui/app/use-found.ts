import { useSignal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { AttributesFound, AttributeView } from '../../messages.ts';
import { run } from '../session.ts';

/** Rows drawn at first and while the person types: what a window shows. Nobody is to wait for more. */
const FIRST = 10;
/** Rows drawn after that, once the typing rests, and with each "Show more". */
const PAGE = 50;
/** Milliseconds without a keystroke. */
const REST = 150;

/**
 * What My data shows: the worker searches, and one question is under way at a time. While it is, only the last of what
 * else was typed is kept.
 */
export function useFound() {
  const found = useSignal<AttributesFound | null>(null);
  const due = useSignal<{ total: number; due: AttributeView[] } | null>(null);
  const text = useSignal('');
  const sensitive = useSignal(false);
  const limit = useSignal(FIRST);
  const asking = useRef(false);
  const again = useRef(false);
  const rest = useRef(0);

  async function search() {
    again.current = true;
    if (asking.current) return;
    asking.current = true;
    while (again.current) {
      again.current = false;
      const wanted = { text: text.value, limit: limit.value, sensitive: sensitive.value };
      const next = await run('searchAttributes', wanted);
      if (next) found.value = next;
    }
    asking.current = false;
  }
  async function load() {
    // The list first: people wait for what they see.
    await search();
    if (limit.value < PAGE && text.value === '') {
      limit.value = PAGE;
      await search();
    }
    const next = await run('dueAttributes', {});
    if (next) due.value = next;
  }

  // Before the frame is painted: the worker searches meanwhile.
  useLayoutEffect(() => {
    void load();
    // Another window may have changed something while this one was out of view.
    const look = () => {
      if (document.visibilityState === 'visible') void load();
    };
    document.addEventListener('visibilitychange', look);
    return () => {
      document.removeEventListener('visibilitychange', look);
      clearTimeout(rest.current);
    };
  }, []);

  return {
    found: found.value,
    due: due.value,
    text,
    sensitive: sensitive.value,
    /** The typing rests: all that is drawn at once is drawn. */
    rested: limit.value >= PAGE,
    load,
    type(next: string) {
      text.value = next;
      limit.value = FIRST;
      void search();
      clearTimeout(rest.current);
      rest.current = window.setTimeout(() => {
        limit.value = PAGE;
        void search();
      }, REST);
    },
    more() {
      limit.value += PAGE;
      void search();
    },
    showSensitive(next: boolean) {
      sensitive.value = next;
      void search();
    },
  };
}
