import { decodeBase64url, decodeUtf8, encodeBase64url, encodeUtf8 } from '@zusage/protocol/bytes';
import { isZusageError } from '@zusage/protocol/errors';
import { parseJson } from '@zusage/protocol/json';
import { z } from '@zusage/protocol/shape';
import {
  ATTRIBUTES,
  type Attribute,
  attribute,
  checkValue,
} from '@zusage/protocol/vocabulary/index';
import type { AttributeView } from '../messages.ts';
import {
  attributeHeld,
  confirmValue,
  type HeldAttribute,
  keepValue,
  valueToKeep,
} from '../sharing/attribute-lookup.ts';
import { CommandFailure } from '../sharing/failure.ts';
import type { Services } from '../sharing/services.ts';
import { AttributeKey, argsOf, DayArg, NoArgs, ValueArg } from './args.ts';
import { attributeView, heldAttributeView } from './views.ts';

const ById = z.strictObject({ id: AttributeKey });
const Save = z.strictObject({ id: AttributeKey, value: ValueArg, until: z.optional(DayArg) });
const PutBack = z.strictObject({ undo: z.string().check(z.maxLength(20_000)) });

/** A deleted record, as it travels to the page and perhaps back; nothing of it stays in the worker or on the disk. */
const Deleted = z.strictObject({
  id: AttributeKey,
  value: ValueArg,
  source: z.enum(['entered', 'quiz', 'import']),
  enteredOn: DayArg,
  confirmedOn: DayArg,
  precision: z.enum(['exact', 'band', 'yes-no']),
  custom: z.optional(
    z.strictObject({ did: z.string(), label: z.strictObject({ en: z.string(), de: z.string() }) }),
  ),
});

export function attributeCommands(services: Services) {
  const { vault } = services;

  async function held(id: string): Promise<HeldAttribute | undefined> {
    return vault.get('attribute', id);
  }

  function view(record: HeldAttribute): AttributeView {
    const shown = heldAttributeView(services, record);
    if (shown === undefined) throw new CommandFailure('unknown');
    return shown;
  }

  return {
    attributes: async (args: unknown): Promise<AttributeView[]> => {
      argsOf(NoArgs, args);
      const records: HeldAttribute[] = await vault.all('attribute');
      return records
        .sort((a, b) => order(a.id) - order(b.id) || a.id.localeCompare(b.id))
        .flatMap((record) => heldAttributeView(services, record) ?? []);
    },

    catalogue: async (args: unknown): Promise<AttributeView[]> => {
      argsOf(NoArgs, args);
      return ATTRIBUTES.map((what) => attributeView(services, what.id, what));
    },

    /** A brand's own question can be answered anew here, but only asked by the brand. */
    saveAttribute: async (args: unknown): Promise<AttributeView> => {
      const { id, value, until } = argsOf(Save, args);
      const before = await held(id);
      const what: Attribute | undefined = before ? attributeHeld(before) : attribute(id);
      if (what === undefined) throw new CommandFailure('unknown');
      const kept = valueToKeep(what, value, until);
      if (kept === null) throw new CommandFailure('value');
      return view(await keepValue(services, id, kept, before?.custom));
    },

    confirmAttribute: async (args: unknown): Promise<AttributeView> =>
      view(await confirmValue(services, argsOf(ById, args).id)),

    removeAttribute: async (args: unknown): Promise<{ undo: string }> => {
      const { id } = argsOf(ById, args);
      const record = await held(id);
      if (record === undefined) throw new CommandFailure('unknown');
      await vault.remove('attribute', id);
      return { undo: encodeBase64url(encodeUtf8(JSON.stringify(record))) };
    },

    putBack: async (args: unknown): Promise<AttributeView> => {
      const record = deleted(argsOf(PutBack, args).undo);
      const what = attributeHeld(record);
      if (what === undefined) throw new CommandFailure('unknown');
      if (checkValue(what, record.value) !== null) throw new CommandFailure('value');
      // What was entered anew in the meantime stays.
      const current = await vault.update('attribute', record.id, (now) => now ?? record);
      return view(current);
    },
  };
}

/** The order in which a person meets the classes; a brand's own questions come last. */
function order(id: string): number {
  const index = ATTRIBUTES.findIndex((what) => what.id === id);
  return index === -1 ? ATTRIBUTES.length : index;
}

function deleted(undo: string): HeldAttribute {
  try {
    const { custom, ...record } = argsOf(Deleted, parseJson(decodeUtf8(decodeBase64url(undo))));
    return { ...record, ...(custom && { custom }) };
  } catch (error) {
    if (isZusageError(error)) throw new CommandFailure('malformed');
    throw error;
  }
}
