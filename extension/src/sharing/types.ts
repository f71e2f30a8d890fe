import type { DecideResult, Decision, PromptView } from '../messages.ts';

/** What the gate accepted after the static checks of SPEC §3 (1). JSON; lives in `storage.session`. */
export type Asked = {
  /** `tab:document:id`, unique for each request. */
  key: string;
  /** The page's origin by the browser's word. */
  origin: string;
  /** The compact request, exactly as received. */
  request: string;
  /** NumericDate (seconds). */
  at: number;
};

export type StoredDecision =
  | { share: false }
  | {
      share: true;
      /** Ids only: the values are in the vault before this is stored anywhere. */
      items: { id: string; precision: 'exact' | 'band' | 'yes-no' }[];
      /** NumericDate. */
      until: number;
    };

/** SPEC §7 as persisted: JSON, no values in clear and no private keys, so it may lie in `storage.session`. */
export type Step = {
  name: 'decided' | 'slot' | 'signed' | 'registered' | 'encrypted';
  data: Record<string, unknown>;
};

export type Outcome = DecideResult;
export type FailureReason = Extract<DecideResult, { outcome: 'failed' }>['reason'];

/** What the worker pushes to the page, or why it has nothing to push. */
export type Advanced = { response: { response: string } } | { failed: FailureReason };

/**
 * The sharing half of the worker. `index.ts` exports these as functions over the browser's own services;
 * `sharing.ts` makes them over any other (tests, Node).
 */
export type Sharing = {
  /**
   * Steps (2) and (3) of SPEC §3 as far as they need no person: document (fetched whatever the state), signature,
   * key, origins, expiry, bounds; and, only when the vault is unlocked, block, `vaults` and replay. Call it again
   * after an unlock, before the window is opened. Never throws for a bad request; `code` is for tests and never
   * leaves the worker.
   */
  prepare(asked: Asked): Promise<{ ok: true } | { ok: false; code: string }>;
  /** Needs the unlocked vault; writes the log entry `shown` once. @throws CommandFailure (`locked`, `unknown` when `prepare` would refuse, …) */
  promptView(asked: Asked): Promise<PromptView>;
  /**
   * Saves entered and confirmed values into the vault, checks the choice and marks the request as answered.
   * Repeatable for the same `asked.key`. Validates `decision` itself.
   * @throws CommandFailure `malformed`, `value`, `locked`, `unknown`, `storage`, …; nothing is decided then
   */
  decide(asked: Asked, decision: Decision): Promise<StoredDecision>;
  /**
   * Resumes at `step` (null = only decided). Each later step is saved before the next; repeatable; calls for the same
   * key while one runs share its result. Never throws except what `save` and `alive` throw. After a `failed` nothing
   * is left to do: what may have been registered has been withdrawn, or will be at the next unlock.
   * `alive` is asked immediately before registering.
   */
  advance(
    asked: Asked,
    decision: StoredDecision,
    step: Step | null,
    save: (step: Step) => Promise<void>,
    alive: () => Promise<boolean>,
  ): Promise<Advanced>;
  /** The relay said `taken`. Until this is called the grant counts as undelivered after a crash. Works while locked. */
  delivered(asked: Asked): Promise<void>;
  /** Withdraws without undo what may be registered (also while locked, from the step's copy), and logs it. */
  abandon(asked: Asked, step: Step | null, why: 'page-gone' | 'not-delivered'): Promise<void>;
  /** Delivery was not possible within 60 s of registration (`step.data.registeredAt`, NumericDate). */
  withdrawUndelivered(asked: Asked, step: Step | null): Promise<void>;
  /** Logs `refused` and marks the request as answered; does nothing while locked. */
  refused(asked: Asked): Promise<void>;
  /** Sends withdrawals left over from a crash or from a time without network; at every unlock and start of the worker. */
  resumeAfterUnlock(): Promise<void>;
};
