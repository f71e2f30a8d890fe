import { decodeBase64url, encodeBase64url } from '@zusage/protocol/bytes';
import { isZusageError } from '@zusage/protocol/errors';
import { z } from '@zusage/protocol/shape';
import { checkEntries } from '../backup/check-entries.ts';
import type { BackupContents } from '../backup/contents.ts';
import { settingsOf, settingsToRestore } from '../backup/merge.ts';
import { plainExport } from '../backup/plain-export.ts';
import { REMINDERS } from '../backup/reminder.ts';
import { planRestore, restoreWrites } from '../backup/restore.ts';
import { Transfers } from '../backup/transfers.ts';
import { writeBackup } from '../backup/write-backup.ts';
import type { OfferView, RestoreView, SendView } from '../messages.ts';
import { serviceAddress } from '../network/service-address.ts';
import { readService } from '../network/vault-service.ts';
import { attributeHeld, type HeldAttribute, today } from '../sharing/attribute-lookup.ts';
import { CommandFailure } from '../sharing/failure.ts';
import type { Services } from '../sharing/services.ts';
import { VaultCryptoError, VaultError } from '../vault/errors.ts';
import { DEFAULT_COST } from '../vault/kdf.ts';
import { type AttributeRecord, SETTINGS, type VaultEntry } from '../vault/records.ts';
import { AttributeKey, argsOf, NoArgs } from './args.ts';
import { heldAttributeView } from './views.ts';

/** Passphrases are limited where they are used; this only bounds the message. */
const Passphrase = z.string().check(z.maxLength(4096));
/** Two million characters hold a piece with room to spare. */
const Piece = z.string().check(z.maxLength(2_000_000));
const Id = z.string().check(z.maxLength(64));
const Make = z.strictObject({ passphrase: Passphrase });
const Export = z.strictObject({ keys: z.boolean() });
const Part = z.strictObject({ id: Id, part: z.int().check(z.nonnegative()) });
const Offer = z.strictObject({
  passphrase: Passphrase,
  size: z.int().check(z.nonnegative()),
  piece: Piece,
});
const Next = z.strictObject({ id: Id, piece: Piece });
const Restore = z.strictObject({
  id: Id,
  theirs: z.array(AttributeKey).check(z.maxLength(100_000)),
  blocks: z.boolean(),
});
const RestoreNew = z.strictObject({
  id: Id,
  passphrase: Passphrase,
  vaultService: z.string().check(z.maxLength(300)),
});
const Remind = z.strictObject({ days: z.number() });

export function backupCommands(services: Services) {
  const { vault, door, now, options } = services;
  const transfers = new Transfers();
  /** The backup among what is being sent: it counts when the page has all of it. */
  let backupId: string | null = null;

  /** What is in the vault; nothing where there is none. */
  async function here(): Promise<VaultEntry[]> {
    return (await vault.state()) === 'none' ? [] : vault.everything();
  }

  async function offered(id: string, contents: BackupContents | null): Promise<OfferView> {
    if (contents === null) return { id, view: null };
    await checkEntries(contents.entries);
    return { id, view: await restoreView(services, contents, await here()) };
  }

  function verified(id: string): BackupContents {
    const contents = transfers.contents(id);
    if (contents === undefined) throw new CommandFailure('transfer-gone');
    return contents;
  }

  return {
    /**
     * Writes a backup and keeps it until the page has fetched it.
     * @throws BackupRefusal `backup-too-large`; VaultError
     */
    makeBackup: async (args: unknown): Promise<SendView> => {
      const { passphrase } = argsOf(Make, args);
      const entries = await vault.everything();
      const pieces = await writeBackup({ made: now(), entries }, passphrase, DEFAULT_COST);
      const sent = transfers.send(pieces);
      backupId = sent.id;
      return { ...sent, name: `zusage-${today(services)}.zusage-backup` };
    },

    exportAll: async (args: unknown): Promise<SendView> => {
      const { keys } = argsOf(Export, args);
      const sent = transfers.send(plainExport(await vault.everything(), { keys, made: now() }));
      backupId = null;
      return { ...sent, name: `zusage-export-${today(services)}.json` };
    },

    /** @throws CommandFailure `transfer-gone`: begin again; VaultError `vault/locked` */
    filePart: async (args: unknown): Promise<{ piece: string }> => {
      const { id, part } = argsOf(Part, args);
      if ((await vault.deadline()) === null) {
        transfers.forget();
        throw new CommandFailure('locked');
      }
      const given = transfers.part(id, part);
      if (given === undefined) throw new CommandFailure('transfer-gone');
      // A vault that can only be read, or a full disk, must not keep anybody from having a backup.
      if (given.last && id === backupId)
        await changeBackup(services, { on: now() }).catch(orUnnoted);
      return { piece: encodeBase64url(given.bytes) };
    },

    /**
     * The first piece of a backup file, with its passphrase. Nothing is written until the person has seen what is in it.
     * @throws BackupError; VaultError
     */
    offerBackup: async (args: unknown): Promise<OfferView> => {
      const { passphrase, size, piece } = argsOf(Offer, args);
      const id = transfers.receive(size, passphrase);
      return offered(id, (await transfers.take(id, bytesOf(piece))) ?? null);
    },

    /** The pieces after that; the last one gives the view. @throws as above, CommandFailure `transfer-gone` */
    backupPiece: async (args: unknown): Promise<OfferView> => {
      const { id, piece } = argsOf(Next, args);
      const contents = await transfers.take(id, bytesOf(piece));
      if (contents === undefined) throw new CommandFailure('transfer-gone');
      return offered(id, contents);
    },

    /** Into the vault that is open, all or nothing. @throws CommandFailure `transfer-gone`; VaultError */
    restoreBackup: async (args: unknown): Promise<Record<never, never>> => {
      const { id, theirs, blocks } = argsOf(Restore, args);
      const { entries } = verified(id);
      const choice = { theirs: new Set(theirs), blocks };
      await vault.putAll(restoreWrites(entries, await vault.everything(), choice));
      transfers.forget();
      return {};
    },

    /**
     * As a new vault under a passphrase of its own. The service's keys are those that the backup has pinned; those of
     * another address are read first.
     * @throws CommandFailure `exists`, `service-address`, `transfer-gone`; ServiceError; VaultError
     */
    restoreNew: async (args: unknown): Promise<Record<never, never>> => {
      const { id, passphrase, vaultService } = argsOf(RestoreNew, args);
      const { entries } = verified(id);
      if ((await vault.state()) !== 'none') throw new CommandFailure('exists');
      const origin = serviceAddress(vaultService, options);
      if (origin === null) throw new CommandFailure('service-address');
      const records = entries.filter(({ kind }) => kind !== 'settings');
      if (!records.some(({ kind, key }) => kind === 'service' && key === origin)) {
        const value = await readService(door, origin, now(), options);
        records.push({ kind: 'service', key: origin, value });
      }
      const settings = { ...settingsToRestore(entries), backup: { since: now() } };
      await vault.create(passphrase, { vaultService: origin, settings, entries: records });
      transfers.forget();
      return {};
    },

    forgetBackup: async (args: unknown): Promise<Record<never, never>> => {
      argsOf(NoArgs, args);
      transfers.forget();
      return {};
    },

    remindOfBackup: async (args: unknown): Promise<Record<never, never>> => {
      const { days } = argsOf(Remind, args);
      if (!REMINDERS.includes(days)) throw new CommandFailure('malformed');
      await changeBackup(services, { remindDays: days });
      return {};
    },
  };
}

async function changeBackup(
  { vault }: Services,
  change: { on?: number; remindDays?: number },
): Promise<void> {
  await vault.update('settings', SETTINGS, (settings) => {
    if (settings === undefined) throw new VaultCryptoError('vault/corrupt');
    return { ...settings, backup: { ...settings.backup, ...change } };
  });
}

function orUnnoted(error: unknown): void {
  if (!(error instanceof VaultError) || error.code === 'vault/locked') throw error;
}

function bytesOf(piece: string): Uint8Array {
  try {
    return decodeBase64url(piece);
  } catch (error) {
    if (isZusageError(error)) throw new CommandFailure('malformed');
    throw error;
  }
}

async function restoreView(
  services: Services,
  { made, entries }: BackupContents,
  here: readonly VaultEntry[],
): Promise<RestoreView> {
  const { conflicts, blocks, ...counts } = planRestore(entries, here);
  return {
    ...counts,
    made,
    isNew: here.length === 0,
    vaultService: settingsOf(entries)?.vaultService ?? '',
    conflicts: conflicts.map(({ mine, theirs }) => ({
      id: mine.id,
      label: heldAttributeView(services, mine)?.label ?? mine.id,
      mine: sideOf(services, mine),
      theirs: sideOf(services, theirs),
    })),
    blocks: blocks.map((did) => decodeURIComponent(did.replace('did:web:', ''))),
  };
}

/** A value in words; one that this version has no words for is shown as it is. */
function sideOf(services: Services, record: AttributeRecord) {
  const { value, confirmedOn } = record;
  const isKnown = attributeHeld(record as HeldAttribute) !== undefined;
  const shown = isKnown ? heldAttributeView(services, record)?.held?.shown : undefined;
  return { shown: shown ?? String(value), on: confirmedOn };
}
