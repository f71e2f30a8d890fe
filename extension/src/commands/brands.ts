import { parseDidWeb } from '@zusage/protocol/did-web';
import { parseJson } from '@zusage/protocol/json';
import { assertOrigin } from '@zusage/protocol/origin';
import { z } from '@zusage/protocol/shape';
import { plainText } from '@zusage/protocol/text';
import type { ShopView } from '../messages.ts';
import { NetworkError } from '../network/fetch.ts';
import { CommandFailure } from '../sharing/failure.ts';
import type { Services } from '../sharing/services.ts';
import { SETTINGS } from '../vault/records.ts';
import { argsOf, NoArgs } from './args.ts';

/** Bytes: as much as `parseJson` takes. */
const LIMIT = 1_000_000;

const BrandList = z.object({
  brands: z
    .array(
      z.object({
        did: z.string(),
        frozen: z.boolean(),
        manifest: z.object({
          name: plainText(80),
          category: plainText(80),
          origins: z.array(z.string().check(z.maxLength(300))).check(z.maxLength(32)),
        }),
      }),
    )
    .check(z.maxLength(1000)),
});

export function brandCommands({ vault, door, options, lang }: Services) {
  return {
    /**
     * The public list of the vault service (SPEC §11), by name, without those it has frozen. Nothing of the person goes
     * along. An answer with a single fault is no answer.
     * @throws CommandFailure `service-unreachable`, `list-unreadable`; VaultError
     */
    shops: async (args: unknown): Promise<ShopView[]> => {
      argsOf(NoArgs, args);
      const settings = await vault.get('settings', SETTINGS);
      if (settings === undefined) throw new CommandFailure('corrupt');
      const text = await read(`${settings.vaultService}/brands`);
      try {
        return z
          .parse(BrandList, parseJson(text))
          .brands.filter(({ frozen }) => !frozen)
          .map(({ did, manifest: { name, category, origins } }) => {
            const { host } = parseDidWeb(did, options);
            for (const origin of origins) assertOrigin(origin, options);
            const sites = origins.map((origin) => ({ host: new URL(origin).host, url: origin }));
            return { did: host, name, category, sites };
          })
          .sort((a, b) => a.name.localeCompare(b.name, lang));
      } catch {
        throw new CommandFailure('list-unreadable');
      }
    },
  };

  async function read(url: string): Promise<string> {
    try {
      const { status, body } = await door(url, undefined, { limit: LIMIT });
      if (status === 200) return body;
      if (status >= 500 || status === 429) throw new CommandFailure('service-unreachable');
    } catch (error) {
      if (error instanceof CommandFailure) throw error;
      const { code } = error as NetworkError;
      if (!(error instanceof NetworkError)) throw error;
      if (code !== 'network/too-large' && code !== 'network/encoding')
        throw new CommandFailure('service-unreachable');
    }
    throw new CommandFailure('list-unreadable');
  }
}
