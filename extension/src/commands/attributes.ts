import { z } from '@zusage/protocol/shape';
import { ATTRIBUTES, attribute, checkValue } from '@zusage/protocol/vocabulary/index';
import type { AttributeView, Seen, UndoView } from '../messages.ts';
import {
  assertSeen,
  attributeHeld,
  confirmed,
  type HeldAttribute,
  isSensitive,
  keepValue,
  today,
  valueToKeep,
  withValue,
} from '../sharing/attribute-lookup.ts';
import { CommandFailure } from '../sharing/failure.ts';
import type { Services } from '../sharing/services.ts';
import { AttributeKey, argsOf, DayArg, NoArgs, SeenArg, ValueArg } from './args.ts';
import { inOrder } from './order.ts';
import { isOwnLabel, newOwnKey, ownAttribute } from './own.ts';
import { changeWithUndo } from './undo.ts';
import { attributeView, heldAttributeView, isOwn } from './views.ts';

const Seeing = z.strictObject({ id: AttributeKey, seen: z.optional(SeenArg) });
const ById = z.strictObject({ id: AttributeKey });
const Save = z.strictObject({
  id: AttributeKey,
  value: ValueArg,
  until: z.optional(DayArg),
  seen: z.optional(SeenArg),
  source: z.optional(z.literal('quiz')),
});
/** Whether label and value are good text, the vocabulary says. */
const OwnText = z.string().check(z.maxLength(1000));
const SaveOwn = z.strictObject({
  id: z.optional(AttributeKey),
  label: OwnText,
  value: OwnText,
  seen: z.optional(SeenArg),
});
const Shareable = z.strictObject({ id: AttributeKey, shareable: z.boolean() });
const Catalogue = z.strictObject({ missing: z.optional(z.literal(true)) });

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
      const listed = inOrder(await vault.listed('attribute'));
      return listed.flatMap(({ value }) => heldAttributeView(services, value) ?? []);
    },

    attribute: async (args: unknown): Promise<AttributeView | null> => {
      const record = await held(argsOf(ById, args).id);
      return record === undefined ? null : view(record);
    },

    catalogue: async (args: unknown): Promise<AttributeView[]> => {
      const { missing } = argsOf(Catalogue, args);
      const have = new Set(missing ? (await vault.listed('attribute')).map(({ key }) => key) : []);
      return ATTRIBUTES.filter(({ id }) => !have.has(id)).map((what) =>
        attributeView(services, what.id, what),
      );
    },

    /** A brand's own question can be answered anew here, but only asked by the brand. */
    saveAttribute: async (args: unknown): Promise<AttributeView> => {
      const { id, value, until, seen, source } = argsOf(Save, args);
      const change = (current: HeldAttribute | undefined) => {
        const what = current ? attributeHeld(current) : attribute(id);
        if (what === undefined) throw new CommandFailure(seen ? 'edited' : 'unknown');
        const kept = valueToKeep(what, value, until);
        if (kept === null) throw new CommandFailure('value');
        const { custom } = current ?? {};
        return withValue(services, id, current, kept, { ...(custom && { custom }), seen, source });
      };
      return view(await vault.update('attribute', id, change));
    },

    saveOwn: async (args: unknown): Promise<AttributeView> => {
      const { id = newOwnKey(), label, value, seen } = argsOf(SaveOwn, args);
      const before = await held(id);
      const own = before && !isOwn(before) ? undefined : ownAttribute(id, label);
      if (own === undefined) throw new CommandFailure('unknown');
      const { what, custom } = own;
      if (!isOwnLabel(label) || checkValue(what, value) !== null) throw new CommandFailure('value');
      return view(await keepValue(services, id, value, { custom, seen }));
    },

    setShareable: async (args: unknown): Promise<AttributeView> => {
      const { id, shareable } = argsOf(Shareable, args);
      const changed = await vault.update('attribute', id, (current) => {
        if (current === undefined) throw new CommandFailure('unknown');
        const what = attributeHeld(current);
        if (what === undefined || !isSensitive(what)) throw new CommandFailure('unknown');
        const { shareable: _, ...rest } = current;
        return shareable ? { ...rest, shareable } : rest;
      });
      return view(changed);
    },

    /** What was called still true by mistake goes back to the day it was confirmed before. */
    confirmAttribute: async (args: unknown): Promise<AttributeView> => {
      const { id, seen } = argsOf(Seeing, args);
      const record = await held(id);
      if (record?.confirmedOn === today(services)) return view(confirmed(services, record));
      await changeWithUndo(services, 'confirmed', [
        {
          key: id,
          change: (current) => {
            assertSeen(current, seen);
            return confirmed(services, current);
          },
        },
      ]);
      return view((await held(id)) as HeldAttribute);
    },

    removeAttribute: async (args: unknown): Promise<UndoView> => {
      const { id, seen } = argsOf(Seeing, args);
      const change = (current: HeldAttribute | undefined) => {
        if (current === undefined) throw new CommandFailure('unknown');
        assertSeen(current, seen as Seen | undefined);
        return null;
      };
      return changeWithUndo(services, 'removed', [{ key: id, change }]);
    },
  };
}
