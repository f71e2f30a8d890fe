import { z } from '@zusage/protocol/shape';
import { attribute } from '@zusage/protocol/vocabulary/index';
import type { LogShopView, LogView } from '../messages.ts';
import type { LogEntry } from '../sharing/log-entry.ts';
import type { Services } from '../sharing/services.ts';
import type { FailureReason } from '../sharing/types.ts';
import { argsOf, NoArgs } from './args.ts';
import { purposeWords } from './grant-view.ts';

const ById = z.strictObject({ id: z.string().check(z.minLength(1), z.maxLength(400)) });

const Newest = z.strictObject({
  limit: z.optional(z.int().check(z.minimum(1))),
  shop: z.optional(z.string().check(z.maxLength(300))),
});

/** A restored backup may hold any other text there. */
const REASONS: readonly FailureReason[] = [
  'service-unreachable',
  'service-refused',
  'brand-not-enrolled',
  'receipt-invalid',
  'page-gone',
  'request-expired',
  'vault-locked',
  'vault-broken',
];

export function logCommands(services: Services) {
  const { vault } = services;
  return {
    log: async (args: unknown): Promise<LogView[]> => {
      const { limit, shop } = argsOf(Newest, args);
      const entries = (await vault.remembered('log')) as LogEntry[];
      return entries
        .filter(({ brand }) => shop === undefined || brand === shop)
        .sort((a, b) => b.at - a.at || b.order - a.order)
        .slice(0, limit)
        .map(({ id, at, event, brand, brandName, site, attributes, purposes, ...more }) => {
          const { count, code, text } = more;
          const reason = event === 'failed' && REASONS.find((known) => known === code);
          return {
            id,
            at,
            event,
            brand: brandName ?? brand,
            site,
            attributes: attributes.map((name) => attribute(name)?.label[services.lang] ?? name),
            purposes: purposeWords(services, purposes),
            ...(count !== undefined && { count }),
            ...(reason && { reason }),
            ...(text !== undefined && { text }),
          };
        });
    },

    logShops: async (args: unknown): Promise<LogShopView[]> => {
      argsOf(NoArgs, args);
      const shops = new Map<string, LogShopView & { at: number }>();
      for (const { brand, brandName, site, at } of (await vault.remembered('log')) as LogEntry[]) {
        const known = shops.get(brand) ?? { did: brand, name: brand, site, entries: 0, at: -1 };
        const newer = at >= known.at ? { name: brandName ?? known.name, site, at } : {};
        shops.set(brand, { ...known, ...newer, entries: known.entries + 1 });
      }
      return [...shops.values()]
        .map(({ at, ...shop }) => shop)
        .sort((a, b) => a.name.localeCompare(b.name, services.lang));
    },

    /** Only the person deletes here. */
    removeLogEntry: async (args: unknown): Promise<Record<never, never>> => {
      await vault.remove('log', argsOf(ById, args).id);
      return {};
    },
  };
}
