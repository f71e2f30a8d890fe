import { z } from '@zusage/protocol/shape';
import type { UndoView } from '../messages.ts';
import { attributeHeld, type HeldAttribute } from '../sharing/attribute-lookup.ts';
import { CommandFailure } from '../sharing/failure.ts';
import type { Services } from '../sharing/services.ts';
import type { UndoRecord } from '../vault/records.ts';
import type { RecordWrite } from '../vault/sealed-store.ts';
import { argsOf, NoArgs } from './args.ts';
import { labelHeld } from './views.ts';

/** Seconds in which something can be taken back; what was deleted is kept for no longer. */
const UNDO_SECONDS = 600;
/** Seconds a clock may be put back by without ending it. */
const CLOCK_SKEW = 60;
/** The oldest makes room. */
const MOST = 20;

const ById = z.strictObject({ id: z.uuid() });

export type AttributeChange = {
  key: string;
  /** Runs inside the transaction; what it throws is passed on, and nothing is written. null removes. */
  change: (current: HeldAttribute | undefined) => HeldAttribute | null;
};

/**
 * Changes attributes and keeps what takes it back, all in one transaction.
 * @throws CommandFailure as the changes; VaultError
 */
export async function changeWithUndo(
  services: Services,
  what: UndoRecord['what'],
  changes: readonly AttributeChange[],
): Promise<UndoView> {
  const { vault, now } = services;
  const id = crypto.randomUUID();
  const at = now();
  const steps: UndoRecord['steps'][number][] = [];
  const made: UndoRecord = { id, what, at, until: at + UNDO_SECONDS, order: Date.now(), steps };
  const kept = await standing(services);
  const crowded = kept.slice(MOST - 1);
  await vault.putAll([
    ...changes.map(
      ({ key, change }): RecordWrite => ({
        kind: 'attribute',
        key,
        change: (current) => {
          const after = change(current);
          steps.push({ key, before: current ?? null, after });
          return after ?? undefined;
        },
      }),
    ),
    {
      kind: 'undo',
      key: id,
      change: () => made,
    },
    ...crowded.map((old): RecordWrite => ({ kind: 'undo', key: old.id, remove: true })),
  ]);
  return undoView(services, made);
}

/** Those whose time has not passed, the latest first. */
async function standing(services: Services): Promise<UndoRecord[]> {
  const all = await services.vault.all('undo');
  return all
    .filter((undo) => !isOver(undo, services.now()))
    .sort((a, b) => b.at - a.at || b.order - a.order);
}

/** A clock put back must not make it longer. */
function isOver({ at, until }: UndoRecord, now: number): boolean {
  return now >= until || now < at - CLOCK_SKEW;
}

/** What was deleted is gone once it cannot be taken back. Also at every unlock. @throws VaultError */
export async function forgetOver({ vault, now }: Services): Promise<void> {
  const over = (await vault.all('undo')).filter((undo) => isOver(undo, now()));
  if (over.length === 0) return;
  await vault.putAll(over.map(({ id }): RecordWrite => ({ kind: 'undo', key: id, remove: true })));
}

function undoView(services: Services, { id, what, until, steps }: UndoRecord): UndoView {
  const first: HeldAttribute | null | undefined = steps[0]?.before ?? steps[0]?.after;
  const known = first && attributeHeld(first);
  const label = first && known ? labelHeld(services, known, first) : '';
  return { id, what, label, count: steps.length, until };
}

export function undoCommands(services: Services) {
  const { vault, now } = services;
  return {
    undos: async (args: unknown): Promise<UndoView[]> => {
      argsOf(NoArgs, args);
      // A vault that is only read, or damaged, is still looked at.
      await forgetOver(services).catch(() => undefined);
      return (await standing(services)).map((undo) => undoView(services, undo));
    },

    undo: async (args: unknown): Promise<{ restored: number; kept: number }> => {
      const { id } = argsOf(ById, args);
      const undo = await vault.get('undo', id);
      if (undo === undefined || isOver(undo, now())) throw new CommandFailure('undo-over');
      let restored = 0;
      const back = undo.steps.map(
        ({ key, before, after }): RecordWrite => ({
          kind: 'attribute',
          key,
          change: (current) => {
            if (!isSame(current, after)) return current;
            restored += 1;
            return before ?? undefined;
          },
        }),
      );
      await vault.putAll([...back, { kind: 'undo', key: id, remove: true }]);
      return { restored, kept: undo.steps.length - restored };
    },

    forgetUndo: async (args: unknown): Promise<Record<never, never>> => {
      await vault.remove('undo', argsOf(ById, args).id);
      return {};
    },
  };
}

/** Records are JSON that only this worker writes, so equal ones have equal text once their members are in order. */
function isSame(a: HeldAttribute | undefined, b: HeldAttribute | null): boolean {
  return textOf(a ?? null) === textOf(b);
}

function textOf(record: HeldAttribute | null): string {
  return JSON.stringify(record && Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}
