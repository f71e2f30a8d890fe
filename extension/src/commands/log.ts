import { z } from '@zusage/protocol/shape';
import { attribute } from '@zusage/protocol/vocabulary/index';
import type { LogView } from '../messages.ts';
import type { LogEntry } from '../sharing/log-entry.ts';
import type { Services } from '../sharing/services.ts';
import { argsOf } from './args.ts';
import { purposeWords } from './grant-view.ts';

const ById = z.strictObject({ id: z.string().check(z.minLength(1), z.maxLength(400)) });

const Newest = z.strictObject({ limit: z.optional(z.int().check(z.minimum(1))) });

export function logCommands(services: Services) {
  const { vault } = services;
  return {
    log: async (args: unknown): Promise<LogView[]> => {
      const { limit } = argsOf(Newest, args);
      const entries = (await vault.remembered('log')) as LogEntry[];
      return entries
        .sort((a, b) => b.at - a.at || b.order - a.order)
        .slice(0, limit)
        .map(({ id, at, event, brand, brandName, site, attributes, purposes, count, text }) => ({
          id,
          at,
          event,
          brand: brandName ?? brand,
          site,
          attributes: attributes.map((name) => attribute(name)?.label[services.lang] ?? name),
          purposes: purposeWords(services, purposes),
          ...(count !== undefined && { count }),
          ...(text !== undefined && { text }),
        }));
    },

    /** Only the person deletes here. */
    removeLogEntry: async (args: unknown): Promise<Record<never, never>> => {
      await vault.remove('log', argsOf(ById, args).id);
      return {};
    },
  };
}
