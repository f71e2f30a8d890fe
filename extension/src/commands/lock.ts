import { z } from '@zusage/protocol/shape';
import type { LockSettings } from '../messages.ts';
import { CommandFailure } from '../sharing/failure.ts';
import type { Services } from '../sharing/services.ts';
import { SETTINGS, type SettingsRecord } from '../vault/records.ts';
import { argsOf, NoArgs } from './args.ts';
import { PassphraseArg, ProofArg, proofOf } from './proof.ts';

/** A day is the longest that a key lies in memory. */
const Save = z.strictObject({
  minutes: z.optional(z.int().check(z.minimum(1), z.maximum(1440))),
  withScreen: z.optional(z.boolean()),
});
const Prove = z.strictObject({ proof: ProofArg });
const Change = z.strictObject({ proof: ProofArg, next: PassphraseArg });

/** When the vault locks, and its passphrase. */
export function lockCommands(services: Services) {
  const { vault } = services;

  return {
    lockSettings: async (args: unknown): Promise<LockSettings> => {
      argsOf(NoArgs, args);
      return shown(await vault.get('settings', SETTINGS));
    },

    /** What is not named stays as it is. Minutes count from the next unlock. */
    saveLockSettings: async (args: unknown): Promise<LockSettings> => {
      const { minutes, withScreen } = argsOf(Save, args);
      return shown(
        await vault.update('settings', SETTINGS, (current) => ({
          ...present(current),
          ...(minutes !== undefined && { deadlineMinutes: minutes }),
          ...(withScreen !== undefined && { lockWithScreen: withScreen }),
        })),
      );
    },

    prove: async (args: unknown): Promise<Record<never, never>> => {
      await vault.prove(proofOf(argsOf(Prove, args).proof));
      return {};
    },

    changePassphrase: async (args: unknown): Promise<Record<never, never>> => {
      const { proof, next } = argsOf(Change, args);
      await vault.changePassphrase(proofOf(proof), next);
      return {};
    },
  };
}

/** @throws CommandFailure `corrupt` */
export function present(settings: SettingsRecord | undefined): SettingsRecord {
  if (settings === undefined) throw new CommandFailure('corrupt');
  return settings;
}

function shown(settings: SettingsRecord | undefined): LockSettings {
  const { deadlineMinutes, lockWithScreen = true } = present(settings);
  return { minutes: deadlineMinutes, withScreen: lockWithScreen };
}
