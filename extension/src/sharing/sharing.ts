import { VaultError } from '../vault/errors.ts';
import { abandon } from './abandon.ts';
import { advance } from './advance.ts';
import { markAnswered } from './answered.ts';
import { decide } from './decide.ts';
import { asCommand } from './failure.ts';
import { log } from './log-entry.ts';
import { prepare, requestOf } from './prepare.ts';
import { promptView } from './prompt-view.ts';
import { resumeAfterUnlock } from './resume.ts';
import type { Services } from './services.ts';
import type { Advanced, Sharing } from './types.ts';
import { deliveredWhileLocked } from './unfinished.ts';

/** The sharing half of the worker over any services: the browser's, or those of a scripted person in Node. */
export function sharingOver(services: Services): Sharing {
  const running = new Map<string, Promise<Advanced>>();
  let resuming: Promise<void> | null = null;

  const giveUp: Sharing['abandon'] = async (asked, step, why) => {
    // What is under way may be registering at this moment.
    await running.get(asked.key)?.catch(() => undefined);
    await abandon(services, asked, step, why);
  };

  return {
    prepare: async (asked) => {
      const prepared = await prepare(services, asked);
      return prepared.ok ? { ok: true } : prepared;
    },
    promptView: (asked) => asCommand(() => promptView(services, asked)),
    decide: (asked, decision) => asCommand(() => decide(services, asked, decision)),
    advance: (asked, decision, step, save, alive) => {
      if (!decision.share) throw new TypeError('a refusal is not advanced');
      const known = running.get(asked.key);
      if (known !== undefined) return known;
      const run = advance(services, asked, decision, step, save, alive).finally(() =>
        running.delete(asked.key),
      );
      running.set(asked.key, run);
      return run;
    },
    delivered: async ({ key }) => {
      try {
        await services.vault.remove('step', key);
      } catch (error) {
        if (!(error instanceof VaultError)) throw error;
        await deliveredWhileLocked.add(services, key);
      }
    },
    abandon: giveUp,
    withdrawUndelivered: (asked, step) => giveUp(asked, step, 'not-delivered'),
    refused: async (asked) => {
      const { vault } = services;
      if ((await vault.deadline()) === null) return;
      const request = await requestOf(asked, services);
      await markAnswered(services, asked, request);
      const document = await services.documents(request.brand);
      await log(
        services,
        {
          event: 'refused',
          brand: request.brand.did,
          brandName: document?.manifest.name ?? request.brand.host,
          site: new URL(asked.origin).host,
          attributes: [...request.attributes],
          purposes: request.terms.purpose,
        },
        `refused ${asked.key}`,
      );
    },
    resumeAfterUnlock: () => {
      resuming ??= resumeAfterUnlock(services).finally(() => {
        resuming = null;
      });
      return resuming;
    },
  };
}
