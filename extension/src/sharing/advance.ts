import { isZusageError } from '@zusage/protocol/errors';
import { ServiceError } from '../network/vault-service.ts';
import { VaultError } from '../vault/errors.ts';
import { giveUp } from './abandon.ts';
import { type Context, type Share, Stop } from './context.ts';
import { log } from './log-entry.ts';
import { requestOf } from './prepare.ts';
import { shownId } from './prompt-view.ts';
import { register } from './register.ts';
import { release } from './release.ts';
import type { Services } from './services.ts';
import { sign } from './sign.ts';
import { reserveSlot } from './slot.ts';
import { type Stage, stageOf, withdrawable } from './step-data.ts';
import type { Advanced, Asked, FailureReason, Step } from './types.ts';

/** What the worker itself threw at us; it stops nothing, the step is repeated. */
class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

/**
 * SPEC §7 as a persisted state machine: decided → slot → signed → registered → encrypted. One transition a turn,
 * each saved before the next and each repeatable, so a worker killed anywhere goes on where it was.
 */
export async function advance(
  services: Services,
  asked: Asked,
  share: Share,
  step: Step | null,
  save: (step: Step) => Promise<void>,
  alive: () => Promise<boolean>,
): Promise<Advanced> {
  let stage: Stage = { name: 'decided' };
  /** Nothing can be registered of what was signed in this very call and not yet sent. */
  let mayBeRegistered = false;
  try {
    stage = stageOf(step);
    mayBeRegistered = stage.name !== 'decided' && stage.name !== 'slot';
    const request = await requestOf(asked, services);
    const context: Context = { services, asked, share, request };
    for (;;) {
      if (stage.name === 'encrypted') return { response: { response: stage.data.response } };
      if (stage.name === 'signed' && !(await guarded(alive)())) throw new Stop('page-gone');
      mayBeRegistered ||= stage.name === 'signed';
      stage = await next(stage, context);
      if (stage.name === 'slot' || stage.name === 'decided') mayBeRegistered = false;
      await guarded(save)(stored(stage));
    }
  } catch (error) {
    if (error instanceof Interrupted) throw error.cause;
    const failed = reasonOf(error);
    await giveUp(services, asked, mayBeRegistered ? withdrawable(stage) : null);
    await logFailure(services, asked, failed);
    return { failed };
  }
}

async function next(
  stage: Exclude<Stage, { name: 'encrypted' }>,
  context: Context,
): Promise<Stage> {
  switch (stage.name) {
    case 'decided':
      return reserveSlot(context);
    case 'slot':
      return sign(context, stage.data);
    case 'signed':
      return register(context, stage.data);
    case 'registered':
      return release(context, stage.data);
  }
}

function stored(stage: Stage): Step {
  return { name: stage.name, data: 'data' in stage ? { ...stage.data } : {} };
}

function guarded<A extends unknown[], R>(
  work: (...args: A) => Promise<R>,
): (...args: A) => Promise<R> {
  return async (...args) => {
    try {
      return await work(...args);
    } catch (cause) {
      throw new Interrupted('interrupted', { cause });
    }
  };
}

/** Whatever is not foreseen is a vault that cannot do its work: nothing is shared, and the person is told. */
function reasonOf(error: unknown): FailureReason {
  if (error instanceof Stop) return error.reason;
  if (error instanceof VaultError) {
    return error.code === 'vault/locked' ? 'vault-locked' : 'vault-broken';
  }
  if (error instanceof ServiceError && error.code === 'service-unreachable') return error.code;
  return error instanceof ServiceError || isZusageError(error) ? 'service-refused' : 'vault-broken';
}

/** Without the vault there is no log; the person has the sentence on the screen. */
async function logFailure(services: Services, asked: Asked, code: FailureReason): Promise<void> {
  try {
    const { brand, terms } = await requestOf(asked, services);
    // By the name under which it asked.
    const shown = await services.vault.get('log', shownId(asked));
    await log(services, {
      event: 'failed',
      brand: brand.did,
      ...(shown?.brandName && { brandName: shown.brandName }),
      site: new URL(asked.origin).host,
      attributes: [],
      purposes: terms.purpose,
      code,
    });
  } catch (error) {
    if (!(error instanceof VaultError)) throw error;
  }
}
