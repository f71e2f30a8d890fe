import type { LossView } from '../messages.ts';
import type { Services } from '../sharing/services.ts';
import { argsOf, NoArgs } from './args.ts';

export function lossCommands({ vault }: Services) {
  return {
    /** What the check against the manifest found missing, in numbers. */
    loss: async (args: unknown): Promise<LossView> => {
      argsOf(NoArgs, args);
      const { manifestLost, missing, older, unknown, unreadable } = await vault.integrity();
      return { listLost: manifestLost, missing, older, unknown, unreadable };
    },

    acceptLoss: async (args: unknown): Promise<Record<never, never>> => {
      argsOf(NoArgs, args);
      await vault.acceptLoss();
      return {};
    },
  };
}
