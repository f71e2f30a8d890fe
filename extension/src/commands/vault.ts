import { encodeBase64url } from '@zusage/protocol/bytes';
import { z } from '@zusage/protocol/shape';
import { backupState } from '../backup/reminder.ts';
import { lookForWarnings } from '../grant-log/alarm.ts';
import type { Status } from '../messages.ts';
import { serviceAddress } from '../network/service-address.ts';
import { readService } from '../network/vault-service.ts';
import { CommandFailure } from '../sharing/failure.ts';
import type { Services } from '../sharing/services.ts';
import { VaultError } from '../vault/errors.ts';
import { argsOf, NoArgs } from './args.ts';
import { ProofArg, proofOf } from './proof.ts';
import { kitState } from './recovery.ts';

/** Passphrases are limited by the vault; this only bounds the message. */
const Passphrase = z.string().check(z.maxLength(4096));
const Create = z.strictObject({
  passphrase: Passphrase,
  vaultService: z.string().check(z.maxLength(300)),
});

/** The vault's part of the status; what waits for the person is the worker's part. */
export type VaultStatus = Omit<Status, 'waiting' | 'missed'>;

function orCalm(error: unknown): false {
  if (error instanceof VaultError) return false;
  throw error;
}

export function vaultCommands(services: Services) {
  const { vault, door, now, options } = services;

  async function status(): Promise<VaultStatus> {
    const { state, lost, wait, ways, inside } = await vault.look();
    const closed = {
      vault: state,
      lost,
      attributes: 0,
      integrity: 'ok',
      vaultService: null,
      wait: Math.ceil(wait / 1000),
      ways: {
        recovery: ways.recovery,
        passkeys: ways.passkeys.map(({ id, salt }) => ({
          id: encodeBase64url(id),
          salt: encodeBase64url(salt),
        })),
      },
      kit: null,
      sheetOutdated: false,
      backup: null,
      logWarning: false,
      defaultVaultService: services.defaultVaultService,
      lang: services.lang,
    } as const;
    if (inside === null) return closed;
    const { attributes, settings, integrity } = inside;
    return {
      ...closed,
      attributes,
      integrity: integrity.ok ? 'ok' : 'broken',
      vaultService: settings?.vaultService ?? null,
      kit: kitState(settings?.kit),
      sheetOutdated: settings?.kit !== undefined && settings.kit.stopRoot !== settings.stopRoot,
      backup: backupState(settings, attributes, now()),
      // A damaged record is said by `integrity`, and must not keep the person out.
      logWarning: await lookForWarnings(services).catch(orCalm),
    };
  }

  return {
    status: async (args: unknown) => {
      argsOf(NoArgs, args);
      return status();
    },

    /**
     * Reads and pins what the service says about itself before there is a vault, so that a mistyped address leaves
     * nothing behind.
     * @throws CommandFailure `service-address`; ServiceError `service-unreachable`, `service-refused`; VaultError
     */
    create: async (args: unknown) => {
      const { passphrase, vaultService } = argsOf(Create, args);
      if ((await vault.state()) !== 'none') throw new CommandFailure('exists');
      const origin = serviceAddress(vaultService, options);
      if (origin === null) throw new CommandFailure('service-address');
      const pinned = await readService(door, origin, now(), options);
      await vault.create(passphrase, {
        vaultService: origin,
        lang: services.lang,
        settings: { backup: { since: now() } },
        entries: [{ kind: 'service', key: origin, value: pinned }],
      });
      return status();
    },

    /** The form to unlock is on the screen. */
    prepareUnlock: async (args: unknown): Promise<Record<never, never>> => {
      argsOf(NoArgs, args);
      await vault.prepareUnlock();
      return {};
    },

    unlock: async (args: unknown) => {
      await vault.unlock(proofOf(argsOf(ProofArg, args)));
      return status();
    },

    lock: async (args: unknown) => {
      argsOf(NoArgs, args);
      await vault.lock();
      return status();
    },
  };
}
