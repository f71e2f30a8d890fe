import { UuidUrn, z } from '@zusage/protocol/shape';
import { warningsSeen } from '../grant-log/alarm.ts';
import { goOnWith, lookAtService } from '../grant-log/follow.ts';
import { evidenceFile, healthOf } from '../grant-log/health.ts';
import { receiptFile } from '../grant-log/receipt-file.ts';
import { searchStep } from '../grant-log/search.ts';
import type { FileView, LogHealthView, LogSearchView } from '../messages.ts';
import { LogError } from '../network/log-api.ts';
import { CommandFailure } from '../sharing/failure.ts';
import type { Services } from '../sharing/services.ts';
import type { StoredGrant } from '../sharing/stored-grant.ts';
import { argsOf, NoArgs } from './args.ts';

const ByJti = z.strictObject({ jti: UuidUrn });
const ByOrigin = z.strictObject({ origin: z.string().check(z.maxLength(300)) });
const Follow = z.strictObject({
  origin: z.string().check(z.maxLength(300)),
  vkey: z.string().check(z.maxLength(400)),
});
const Search = z.strictObject({
  origin: z.string().check(z.maxLength(300)),
  again: z.boolean(),
});

/** The vault services' public logs: what was seen of them, and files to show to others. */
export function publicLogCommands(services: Services) {
  const { vault } = services;

  /** Only services that a grant is with are asked. */
  async function origins(): Promise<string[]> {
    const grants = await vault.all('grant');
    return [...new Set(grants.map(({ vaultService }) => vaultService))].sort();
  }
  async function known(origin: string): Promise<string> {
    if (!(await origins()).includes(origin)) throw new CommandFailure('unknown');
    return origin;
  }

  return {
    saveReceipt: async (args: unknown): Promise<FileView> => {
      const grant = await vault.get('grant', argsOf(ByJti, args).jti);
      if (grant === undefined) throw new CommandFailure('unknown');
      return receiptFile(services, grant as StoredGrant);
    },

    publicLogs: async (args: unknown): Promise<LogHealthView[]> => {
      argsOf(NoArgs, args);
      await warningsSeen(services);
      return Promise.all((await origins()).map((origin) => healthOf(services, origin)));
    },

    lookAtLog: async (args: unknown): Promise<LogHealthView> => {
      const origin = await known(argsOf(ByOrigin, args).origin);
      if (!(await lookAtService(services, origin))) throw new CommandFailure('log-unreachable');
      return healthOf(services, origin);
    },

    followLog: async (args: unknown): Promise<LogHealthView> => {
      const { origin, vkey } = argsOf(Follow, args);
      await goOnWith(services, await known(origin), vkey);
      return healthOf(services, origin);
    },

    searchLog: async (args: unknown): Promise<LogSearchView> => {
      const { origin, again } = argsOf(Search, args);
      await known(origin);
      try {
        if (again && !(await lookAtService(services, origin))) {
          throw new CommandFailure('log-unreachable');
        }
        const progress = await searchStep(services, origin, again);
        if (progress === null) throw new CommandFailure('log-unreachable');
        return progress;
      } catch (error) {
        if (error instanceof LogError) throw new CommandFailure('log-unreachable');
        throw error;
      }
    },

    saveEvidence: async (args: unknown): Promise<FileView> => {
      const file = await evidenceFile(services, await known(argsOf(ByOrigin, args).origin));
      if (file === null) throw new CommandFailure('unknown');
      return file;
    },
  };
}
