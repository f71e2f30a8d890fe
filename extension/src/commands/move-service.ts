import { z } from '@zusage/protocol/shape';
import { serviceAddress } from '../network/service-address.ts';
import { assertSameService, readService } from '../network/vault-service.ts';
import { CommandFailure } from '../sharing/failure.ts';
import type { Services } from '../sharing/services.ts';
import { VaultCryptoError } from '../vault/errors.ts';
import { SETTINGS } from '../vault/records.ts';
import { newStopRoot } from '../vault/sealed-store.ts';
import { argsOf } from './args.ts';

const Move = z.strictObject({ vaultService: z.string().check(z.maxLength(300)) });

export function moveCommands(services: Services) {
  const { vault, door, now, options } = services;
  return {
    /**
     * Another vault service for what is shared from now on. Each grant remembers its own, where it can be ended as
     * before. A stop sheet counts the grants of one service, so a new root is drawn, and a sheet is due.
     *
     * @throws CommandFailure `service-address`; ServiceError, `service-changed` when it was pinned before and is another
     *   now; VaultError
     */
    moveService: async (args: unknown): Promise<Record<never, never>> => {
      const origin = serviceAddress(argsOf(Move, args).vaultService, options);
      if (origin === null) throw new CommandFailure('service-address');
      const read = await readService(door, origin, now(), options);
      const pinned = await vault.get('service', origin);
      if (pinned !== undefined) await assertSameService(pinned, read);
      await vault.putAll([
        { kind: 'service', key: origin, value: read },
        {
          kind: 'settings',
          key: SETTINGS,
          change: (settings) => {
            if (settings === undefined) throw new VaultCryptoError('vault/corrupt');
            if (settings.vaultService === origin) return settings;
            return {
              ...settings,
              vaultService: origin,
              stopRoot: newStopRoot(),
              nextStopIndex: 0,
            };
          },
        },
      ]);
      return {};
    },
  };
}
