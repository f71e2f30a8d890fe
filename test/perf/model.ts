import type { ReceiptEvent } from '@zusage/protocol/receipt';

/** What the simulation holds to be true of one grant: SPEC §§8–12 written down a second time, and more simply. */
export type Model = {
  state: 'active' | 'paused' | 'withdrawn';
  /** NumericDate until which a withdrawal can be undone. */
  undoUntil: number | null;
  /** Number of its latest entry. */
  seq: number;
  readonly purpose: string;
  readonly attributes: readonly string[];
  /** Uses that are left; null without a limit. */
  usesLeft: number | null;
};

export type Expected = {
  readonly decision: boolean;
  readonly reason?: string;
  /** Seconds for which a permit may be kept. */
  readonly validFor?: number;
};

export type Change = 'withdraw' | 'withdraw-for-good' | 'restore' | 'suspend' | 'resume';

/** What the vault must answer; an allowed answer is a use. `now` only decides whether an undo window has closed. */
export function expectedOf(
  model: Model,
  asked: { purpose: string; attribute: string; isAudience: boolean },
  now: number,
): Expected {
  if (!asked.isAudience) return { decision: false };
  if (model.state === 'withdrawn') {
    const isOpen = model.undoUntil !== null && now < model.undoUntil;
    return { decision: false, reason: isOpen ? 'suspended' : 'withdrawn' };
  }
  if (model.state === 'paused') return { decision: false, reason: 'suspended' };
  if (asked.purpose !== model.purpose) return { decision: false, reason: 'purpose' };
  if (!model.attributes.includes(asked.attribute)) return { decision: false, reason: 'attribute' };
  if (model.usesLeft === 0) return { decision: false, reason: 'frequency' };
  if (model.usesLeft === null) return { decision: true, validFor: 300 };
  model.usesLeft--;
  return { decision: true, validFor: 0 };
}

/** The changes that the person can make now. */
export function changesOf({ state, undoUntil }: Model): Change[] {
  if (state === 'active') return ['withdraw', 'withdraw', 'suspend', 'withdraw-for-good'];
  if (state === 'paused') return ['resume'];
  return undoUntil === null ? [] : ['restore', 'restore', 'withdraw-for-good'];
}

type Told = { readonly state: 'active' | 'suspended' | 'ended'; readonly event: ReceiptEvent };

/** What the answer to a change says: the state after it, and what its receipt is about. */
export const TOLD: { readonly [change in Change]: Told } = {
  withdraw: { state: 'suspended', event: 'withdrawn' },
  'withdraw-for-good': { state: 'ended', event: 'withdrawn' },
  restore: { state: 'active', event: 'restored' },
  suspend: { state: 'suspended', event: 'suspended' },
  resume: { state: 'active', event: 'resumed' },
};

/** The entry of the status list: 0 active, 1 ended, 2 suspended. */
export function statusOf({ state, undoUntil }: Model, now: number): 0 | 1 | 2 {
  if (state === 'active') return 0;
  if (state === 'paused') return 2;
  return undoUntil !== null && now < undoUntil ? 2 : 1;
}
