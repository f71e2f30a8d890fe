import { decodeBase64url, encodeBase64url } from '@zusage/protocol/bytes';
import { z } from '@zusage/protocol/shape';
import type { PasskeyView } from '../messages.ts';
import { today } from '../sharing/attribute-lookup.ts';
import { CommandFailure } from '../sharing/failure.ts';
import type { Services } from '../sharing/services.ts';
import { passkeys, wrapForPasskey } from '../vault/passkey.ts';
import { type PasskeyRecord, SETTINGS } from '../vault/records.ts';
import { argsOf, NoArgs } from './args.ts';
import { present } from './lock.ts';
import { Bytes32, CredentialId, ProofArg, proofOf } from './proof.ts';

/** More would only make the list of what the browser asks for long. */
const MOST = 20;

const Name = z.string().check(z.trim(), z.minLength(1), z.maxLength(60));
const Add = z.strictObject({
  proof: ProofArg,
  name: Name,
  question: z.strictObject({ id: CredentialId, salt: Bytes32 }),
  prf: Bytes32,
});
const Rename = z.strictObject({ id: CredentialId, name: Name });
const ById = z.strictObject({ id: CredentialId });

export function passkeyCommands(services: Services) {
  const { vault } = services;

  return {
    passkeys: async (args: unknown): Promise<PasskeyView[]> => {
      argsOf(NoArgs, args);
      return [...(present(await vault.get('settings', SETTINGS)).passkeys ?? [])];
    },

    /** A passkey gives lasting access, so that an unlocked vault alone does not allow it. */
    addPasskey: async (args: unknown): Promise<PasskeyView[]> => {
      const { proof, name, question, prf } = argsOf(Add, args);
      await vault.prove(proofOf(proof));
      const [id, salt] = [decodeBase64url(question.id), decodeBase64url(question.salt)];
      const added = { id: question.id, name, addedOn: today(services) };
      const saved = await vault.rewrap(async (vaultKey) => {
        const wrapping = await wrapForPasskey(vaultKey, { id, salt }, decodeBase64url(prf));
        return {
          wrappings: (current) => {
            if (passkeys(current).length >= MOST) throw new CommandFailure('value');
            return [...current.filter((other) => !isPasskey(other, question.id)), wrapping];
          },
          settings: (current) => ({
            ...current,
            passkeys: [...others(current.passkeys, question.id), added],
          }),
        };
      });
      return [...(saved.passkeys ?? [])];
    },

    renamePasskey: async (args: unknown): Promise<PasskeyView[]> => {
      const { id, name } = argsOf(Rename, args);
      const saved = await vault.update('settings', SETTINGS, (current) => {
        const settings = present(current);
        const renamed = (settings.passkeys ?? []).map((one) =>
          one.id === id ? { ...one, name } : one,
        );
        return { ...settings, passkeys: renamed };
      });
      return [...(saved.passkeys ?? [])];
    },

    /** The way in is gone at once; what the device keeps of the passkey opens nothing any more. */
    removePasskey: async (args: unknown): Promise<PasskeyView[]> => {
      const { id } = argsOf(ById, args);
      const saved = await vault.rewrap(async () => ({
        wrappings: (current) => current.filter((other) => !isPasskey(other, id)),
        settings: (current) => ({ ...current, passkeys: others(current.passkeys, id) }),
      }));
      return [...(saved.passkeys ?? [])];
    },
  };
}

function isPasskey(wrapping: { readonly kind: string }, id: string): boolean {
  return passkeys([wrapping]).some((one) => encodeBase64url(one.id) === id);
}

function others(known: readonly PasskeyRecord[] = [], id: string): PasskeyRecord[] {
  return known.filter((one) => one.id !== id);
}
