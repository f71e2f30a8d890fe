import { decodeBase64url } from '@zusage/protocol/bytes';
import { z } from '@zusage/protocol/shape';
import { encodeTyped, TYPED_GROUPS, tidyTyped } from '@zusage/protocol/typed-code';
import type { KitSheets, KitState, KitView } from '../messages.ts';
import { today } from '../sharing/attribute-lookup.ts';
import { CommandFailure } from '../sharing/failure.ts';
import type { Services } from '../sharing/services.ts';
import { type KitRecord, SETTINGS } from '../vault/records.ts';
import { newRecovery } from '../vault/recovery-code.ts';
import { randomBytes } from '../vault/sodium.ts';
import { replaced } from '../vault/wrapping.ts';
import { argsOf, NoArgs } from './args.ts';
import { present } from './lock.ts';
import { ProofArg, proofOf } from './proof.ts';

const Make = z.strictObject({ proof: z.optional(ProofArg) });
const Confirm = z.strictObject({ groups: z.array(z.string().check(z.maxLength(40))) });

/** The recovery kit: a code on paper that opens the vault, and apart from it the stop sheet (SPEC §8.2). */
export function recoveryCommands(services: Services) {
  const { vault } = services;

  const settings = async () => present(await vault.get('settings', SETTINGS));
  const stopOf = (root: string) => encodeTyped('stop', decodeBase64url(root));

  async function view(): Promise<KitView> {
    const { kit, stopRoot } = await settings();
    const on = kit?.confirmedOn ?? kit?.madeOn;
    return {
      state: kitState(kit),
      ...(on && { on }),
      ask: kit?.ask.map(({ group }) => group) ?? [],
      needsProof: kit?.confirmedOn !== undefined || !(await vault.isFirstSession()),
      sheetOutdated: kit !== undefined && kit.stopRoot !== stopRoot,
    };
  }

  return {
    kit: async (args: unknown): Promise<KitView> => {
      argsOf(NoArgs, args);
      return view();
    },

    /**
     * The code leaves the worker in this answer only. What it opens is durable before. Whoever finds a vault unlocked
     * must not make one: only in the session in which the vault was made is the person surely at the keyboard.
     */
    makeKit: async (args: unknown): Promise<KitSheets> => {
      const { proof } = argsOf(Make, args);
      if (proof !== undefined) await vault.prove(proofOf(proof));
      else if ((await view()).needsProof) throw new CommandFailure('wrong-passphrase');
      const madeOn = today(services);
      let shown = '';
      const saved = await vault.rewrap(async (vaultKey) => {
        const { code, wrapping } = await newRecovery(vaultKey);
        shown = code;
        const groups = code.split('-');
        const ask = twoOf(TYPED_GROUPS).map((group) => ({ group, text: groups[group] ?? '' }));
        return {
          wrappings: (current) => replaced(current, wrapping),
          settings: (current) => ({
            ...current,
            kit: { madeOn, stopRoot: current.stopRoot, ask },
          }),
        };
      });
      return {
        code: shown,
        stop: stopOf(saved.stopRoot),
        vaultService: saved.vaultService,
        madeOn,
        ask: saved.kit?.ask.map(({ group }) => group) ?? [],
      };
    },

    /** @throws CommandFailure `kit-differs`, `no-kit` */
    confirmKit: async (args: unknown): Promise<KitView> => {
      const { groups } = argsOf(Confirm, args);
      const confirmedOn = today(services);
      await vault.update('settings', SETTINGS, (current) => {
        const before = present(current);
        const { kit } = before;
        if (kit === undefined) throw new CommandFailure('no-kit');
        const same = kit.ask.every(({ text }, i) => tidyTyped(groups[i] ?? '') === text);
        if (!same) throw new CommandFailure('kit-differs');
        return { ...before, kit: { ...kit, ask: [], confirmedOn: kit.confirmedOn ?? confirmedOn } };
      });
      return view();
    },

    stopSheet: async (args: unknown): Promise<{ stop: string; vaultService: string }> => {
      argsOf(NoArgs, args);
      const { stopRoot, vaultService } = await vault.update('settings', SETTINGS, (current) => {
        const { kit, ...before } = present(current);
        return { ...before, ...(kit && { kit: { ...kit, stopRoot: before.stopRoot } }) };
      });
      return { stop: stopOf(stopRoot), vaultService };
    },
  };
}

export function kitState(kit: KitRecord | undefined): KitState {
  if (kit === undefined) return 'none';
  return kit.confirmedOn === undefined ? 'made' : 'confirmed';
}

/** Two different numbers below `count`, in order. */
function twoOf(count: number): [number, number] {
  const [a = 0, b = 0] = randomBytes(2);
  const first = a % count;
  const second = (first + 1 + (b % (count - 1))) % count;
  return first < second ? [first, second] : [second, first];
}
