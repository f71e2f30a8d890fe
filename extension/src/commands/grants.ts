import { UuidUrn, z } from '@zusage/protocol/shape';
import { FIRST_LOOK } from '../grant-log/recorded.ts';
import { readOrRetell } from '../grant-log/resubmit.ts';
import type { GrantView } from '../messages.ts';
import { ServiceError } from '../network/vault-service.ts';
import { CommandFailure } from '../sharing/failure.ts';
import type { Services } from '../sharing/services.ts';
import { effectiveState, type StoredGrant } from '../sharing/stored-grant.ts';
import { VaultError } from '../vault/errors.ts';
import { argsOf, NoArgs } from './args.ts';
import { grantView } from './grant-view.ts';
import { readGrant } from './read-grant.ts';
import { changeGrant, logGrant, tellService, withdrawn, withReceipt } from './withdrawal.ts';

const ByJti = z.strictObject({ jti: UuidUrn });

export function grantCommands(services: Services) {
  const { vault, now } = services;

  async function grantOf(args: unknown): Promise<StoredGrant> {
    const { jti } = argsOf(ByJti, args);
    const grant = await vault.get('grant', jti);
    if (grant === undefined) throw new CommandFailure('unknown');
    return grant as StoredGrant;
  }

  return {
    grants: async (args: unknown): Promise<GrantView[]> => {
      argsOf(NoArgs, args);
      const grants = (await vault.all('grant')) as StoredGrant[];
      const latestFirst = grants.sort((a, b) => b.sharedOn - a.sharedOn);
      return Promise.all(latestFirst.map((grant) => grantView(services, grant)));
    },

    /** Noted before the service is told, so that a withdrawal once made is never lost; without network it stays pending. */
    withdraw: async (args: unknown): Promise<GrantView> => {
      const grant = await grantOf(args);
      if (!['active', 'not-yet'].includes(effectiveState(grant, now()))) {
        return grantView(services, grant);
      }
      let pending: StoredGrant;
      try {
        pending = await changeGrant(services, grant.jti, () => ({ withdrawalPending: true }));
      } catch (error) {
        return withdrawUnnoted(services, grant, error);
      }
      const { signed, answer } = await tellService(services, grant, {
        event: 'withdraw',
        seq: grant.seq + 1,
        undoUntil: now() + (await services.undoSeconds()),
      });
      await logGrant(services, grant, { event: 'withdrawn', signed });
      if (!answer.ok) return grantView(services, pending);
      const receipts = await withReceipt(services, grant, answer.value.receipt, 'withdrawn');
      const after = await changeGrant(services, grant.jti, () => ({
        ...withdrawn(services, answer.value),
        receipts,
      }));
      return grantView(services, after);
    },

    /** @throws CommandFailure `too-late`; ServiceError */
    restore: async (args: unknown): Promise<GrantView> => {
      let grant = await grantOf(args);
      if (effectiveState(grant, now()) !== 'undo') throw new CommandFailure('too-late');
      let { signed, answer } = await tellService(services, grant, {
        event: 'restore',
        seq: grant.seq + 1,
      });
      if (!answer.ok && answer.status !== null && answer.code === 'event/stale') {
        // Something happened to the grant that we have not seen: read, and sign anew.
        grant = await readGrant(services, grant);
        ({ signed, answer } = await tellService(services, grant, {
          event: 'restore',
          seq: grant.seq + 1,
        }));
      }
      if (!answer.ok) throw refusal(answer);
      const { seq, receipt } = answer.value;
      const receipts = await withReceipt(services, grant, receipt, 'restored');
      await logGrant(services, grant, { event: 'restored', signed });
      const after = await vault.update('grant', grant.jti, (current) => {
        const { undoUntil, ended, endedOn, ...rest } = current as StoredGrant;
        const proofsDue = now() + FIRST_LOOK;
        return {
          ...{ ...rest, seq, receipts, proofsDue },
          ...{ state: 'active', withdrawalPending: false },
        } as StoredGrant;
      });
      return grantView(services, after as StoredGrant);
    },

    refreshGrant: async (args: unknown): Promise<GrantView> =>
      grantView(services, await readOrRetell(services, await grantOf(args))),
  };
}

/**
 * A vault that can be read and not written – a newer version's, a damaged one, a full disk – must not keep anybody from
 * stopping: the service is told, for good, because nothing could remember an undo.
 * @throws what kept the vault from being written, when the service did not take it either; VaultError `vault/locked`
 */
async function withdrawUnnoted(
  services: Services,
  grant: StoredGrant,
  why: unknown,
): Promise<GrantView> {
  if (!(why instanceof VaultError) || why.code === 'vault/locked') throw why;
  const { answer } = await tellService(services, grant, { event: 'withdraw', seq: grant.seq + 1 });
  if (!answer.ok) throw why;
  const ended = { state: 'ended', ended: 'withdrawn', endedOn: services.now() } as const;
  return grantView(services, { ...grant, ...ended });
}

function refusal(answer: { status: number; code: string } | { status: null }) {
  if (answer.status === null) return new ServiceError('service-unreachable');
  return answer.code === 'event/state'
    ? new CommandFailure('too-late')
    : new ServiceError('service-refused');
}
