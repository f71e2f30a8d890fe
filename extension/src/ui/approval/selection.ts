import type { Decision, PromptItem, PromptView } from '../../messages.ts';
import { type Draft, finished, type Problem, problemOf } from '../value-draft.ts';

export type Precision = PromptItem['precisions'][number]['id'];

/** What the person has chosen so far; never changed in place. */
export type Selection = {
  /** Optional items that are ticked; nothing is at first. */
  ticked: ReadonlySet<string>;
  precision: Readonly<Record<string, Precision>>;
  /** Values being entered for missing items, and for held ones the person changes. */
  drafts: Readonly<Record<string, Draft>>;
  /** Stale items the person called still true. */
  confirmed: ReadonlySet<string>;
  until: number;
};

export type ItemProblem = Problem | 'not_confirmed';

export function startOf(view: PromptView): Selection {
  return {
    ticked: new Set(),
    precision: {},
    drafts: {},
    confirmed: new Set(),
    until: view.until,
  };
}

/** Shown, and never to be chosen: beyond the brand's bounds, or the person's alone. */
export function isClosed({ state }: PromptItem): boolean {
  return state === 'out-of-bounds' || state === 'local';
}

/** The items that would be shared, in the order of the prompt; a closed one never is. */
export function chosenItems(view: PromptView, selection: Selection): PromptItem[] {
  return view.items.filter(
    (item) => !isClosed(item) && (item.required || selection.ticked.has(item.id)),
  );
}

/** The choices the person really has: those without a closed item. */
export function openChoices(view: PromptView): string[][] {
  const closed = new Set(view.items.filter(isClosed).map((i) => i.id));
  return view.choices.filter((choice) => !choice.some((id) => closed.has(id)));
}

/** SPEC §3: the person's choice must equal one listed set. */
export function isListed(view: PromptView, selection: Selection): boolean {
  const chosen = new Set(chosenItems(view, selection).map((item) => item.id));
  return openChoices(view).some(
    (choice) => choice.length === chosen.size && choice.every((id) => chosen.has(id)),
  );
}

/** The listed sets nearest to what is ticked, nearest first, at most `limit`. */
export function nearestChoices(view: PromptView, selection: Selection, limit = 3): string[][] {
  const chosen = new Set(chosenItems(view, selection).map((item) => item.id));
  const far = (choice: string[]) => {
    const common = choice.filter((id) => chosen.has(id)).length;
    return choice.length + chosen.size - 2 * common;
  };
  return openChoices(view)
    .sort((a, b) => far(a) - far(b))
    .slice(0, limit);
}

/** What keeps one chosen item from being shared, or null. */
export function problemOfItem(item: PromptItem, selection: Selection): ItemProblem | null {
  const draft = selection.drafts[item.id];
  if (draft) return problemOf(item, draft);
  if (item.state === 'missing') return 'input_missing';
  if (item.state === 'stale' && !selection.confirmed.has(item.id)) return 'not_confirmed';
  return null;
}

export function precisionOf(item: PromptItem, selection: Selection): Precision {
  return selection.precision[item.id] ?? item.precisions[0]?.id ?? 'exact';
}

/** The decision to share; only for a selection that is listed and without a problem. */
export function decisionOf(view: PromptView, selection: Selection): Decision {
  const items = chosenItems(view, selection);
  const entered = items.flatMap((item) => {
    const draft = selection.drafts[item.id];
    if (draft?.value === undefined) return [];
    const until = item.hasUntil && draft.until ? { until: draft.until } : {};
    return [{ id: item.id, value: finished(draft.value), ...until }];
  });
  return {
    share: true,
    items: items.map((item) => {
      const precision = precisionOf(item, selection);
      const shown = item.precisions.find(({ id }) => id === precision)?.shown;
      const seen = shown !== undefined && !selection.drafts[item.id];
      return { id: item.id, precision, ...(seen && { shown }) };
    }),
    until: selection.until,
    entered,
    confirmed: items
      .filter((item) => selection.confirmed.has(item.id) && !selection.drafts[item.id])
      .map((item) => item.id),
  };
}
