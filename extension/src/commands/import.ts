import { z } from '@zusage/protocol/shape';
import {
  type Attribute,
  attribute,
  showValue,
  type Value,
} from '@zusage/protocol/vocabulary/index';
import type { ImportVerdict, Seen, UndoView } from '../messages.ts';
import {
  assertSeen,
  attributeHeld,
  type HeldAttribute,
  isSensitive,
  today,
  valueToEdit,
} from '../sharing/attribute-lookup.ts';
import { CommandFailure } from '../sharing/failure.ts';
import type { Services } from '../sharing/services.ts';
import { AttributeKey, argsOf, DayArg, NoArgs, SeenArg, ValueArg } from './args.ts';
import { importTemplate } from './import-template.ts';
import { isSameValue, readValue } from './import-value.ts';
import { isOwnLabel, ownAttribute, ownKey } from './own.ts';
import { changeWithUndo } from './undo.ts';
import { labelHeld, labelOf } from './views.ts';

const MOST_PREVIEWED = 200;
const MOST = 2000;

const Label = z.string().check(z.maxLength(200));
const Row = z.strictObject({
  id: AttributeKey,
  value: ValueArg,
  until: z.optional(z.string().check(z.maxLength(40))),
  custom: z.optional(
    z.strictObject({
      did: z.optional(z.string().check(z.maxLength(300))),
      label: z.strictObject({ en: Label, de: Label }),
    }),
  ),
  confirmedOn: z.optional(DayArg),
});
const Preview = z.strictObject({ rows: z.array(Row).check(z.maxLength(MOST_PREVIEWED)) });
const Apply = z.strictObject({
  rows: z
    .array(z.strictObject({ row: Row, seen: SeenArg }))
    .check(z.minLength(1), z.maxLength(MOST)),
});

type RowRead = z.output<typeof Row>;

/** What an entry of a file is about. */
type Meant = { what: Attribute; custom?: HeldAttribute['custom'] };

export function importCommands(services: Services) {
  const { vault } = services;

  async function heldByKey(): Promise<Map<string, HeldAttribute>> {
    const records: HeldAttribute[] = await vault.remembered('attribute');
    return new Map(records.map((record) => [record.id, record]));
  }

  return {
    importPreview: async (args: unknown): Promise<ImportVerdict[]> => {
      const { rows } = argsOf(Preview, args);
      const held = await heldByKey();
      return rows.map((row) => verdictOf(services, row, held));
    },

    importApply: async (args: unknown): Promise<UndoView> => {
      const { rows } = argsOf(Apply, args);
      const held = await heldByKey();
      const day = today(services);
      const changes = rows.map(({ row, seen }) => {
        const meant = meaning(row, held.get(row.id));
        const read = 'problem' in meant ? meant : readValue(meant.what, row.value, row.until);
        if ('problem' in meant || 'problem' in read) throw new CommandFailure('value');
        const { custom } = meant;
        const change = (current: HeldAttribute | undefined): HeldAttribute => {
          assertSeen(current, seen as Seen);
          return {
            id: row.id,
            value: read.kept,
            source: 'import',
            enteredOn: day,
            // An old value does not get fresh by being imported.
            confirmedOn: row.confirmedOn && row.confirmedOn < day ? row.confirmedOn : day,
            precision: 'exact',
            ...(current?.shareable && { shareable: current.shareable }),
            ...(custom && { custom }),
          };
        };
        return { key: row.id, change };
      });
      if (new Set(changes.map(({ key }) => key)).size < changes.length) {
        throw new CommandFailure('malformed');
      }
      return changeWithUndo(services, 'imported', changes);
    },

    importTemplate: async (args: unknown) => {
      argsOf(NoArgs, args);
      return importTemplate(services);
    },
  };
}

function verdictOf(
  services: Services,
  row: RowRead,
  held: ReadonlyMap<string, HeldAttribute>,
): ImportVerdict {
  const id = keyOf(row, held);
  const record = held.get(id);
  const meant = meaning({ ...row, id }, record);
  if ('problem' in meant) return { state: 'problem', reason: meant.problem, label: null };
  const { what, custom } = meant;
  const { lang } = services;
  const label = custom && custom.did === undefined ? custom.label[lang] : labelOf(services, what);
  const read = readValue(what, row.value, row.until);
  if ('problem' in read) return { state: 'problem', reason: read.problem, label };
  const mine = record?.value as Value | undefined;
  const seen = mine === undefined ? null : valueToEdit(what, mine);
  return {
    state: mine === undefined ? 'new' : isSameValue(mine, read.kept) ? 'same' : 'conflict',
    id,
    label: record ? labelHeld(services, what, record) : label,
    sensitive: isSensitive(what),
    theirs: showValue(what, read.kept, lang),
    mine: mine === undefined ? null : showValue(what, mine, lang),
    seen: seen && {
      value: typeof seen.value === 'object' ? [...seen.value] : seen.value,
      ...(seen.until !== undefined && { until: seen.until }),
    },
  };
}

/** One of the person's own is known by its name where the file has another id for it, as after a move. */
function keyOf({ id, custom }: RowRead, held: ReadonlyMap<string, HeldAttribute>): string {
  if (held.has(id) || custom === undefined || custom.did !== undefined) return id;
  for (const record of held.values()) {
    const own = record.custom;
    if (own && own.did === undefined && own.label.en === custom.label.en) return record.id;
  }
  return id;
}

/** By what the vault holds already, by the vocabulary, or by what the file says of a question or an own attribute. */
function meaning(
  { id, custom }: RowRead,
  record: HeldAttribute | undefined,
): Meant | { problem: 'unknown' | 'label' } {
  if (record !== undefined) {
    const what = attributeHeld(record);
    if (what === undefined) return { problem: 'unknown' };
    return { what, ...(record.custom && { custom: record.custom }) };
  }
  const known = attribute(id);
  if (known !== undefined) return { what: known };
  if (custom === undefined) return { problem: 'unknown' };
  const { did, label } = custom;
  if (did === undefined) {
    if (!ownKey(id)) return { problem: 'unknown' };
    if (!isOwnLabel(label.en)) return { problem: 'label' };
    const own = ownAttribute(id, label.en);
    return own === undefined ? { problem: 'unknown' } : own;
  }
  const asked = { id, custom: { did, label } } as unknown as HeldAttribute;
  const what = id.endsWith(`@${did}`) ? attributeHeld(asked) : undefined;
  if (what === undefined) return { problem: 'unknown' };
  if (!isOwnLabel(label.en) || !isOwnLabel(label.de)) return { problem: 'label' };
  return { what, custom: { did, label } };
}
