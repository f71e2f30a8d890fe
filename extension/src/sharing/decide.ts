import type { Manifest } from '@zusage/protocol/brand-document';
import type { ParsedRequest } from '@zusage/protocol/request';
import { z } from '@zusage/protocol/shape';
import type { Attribute } from '@zusage/protocol/vocabulary/index';
import { argsOf, DayArg, ValueArg } from '../commands/args.ts';
import { precisionViews } from '../commands/views.ts';
import { markAnswered } from './answered.ts';
import {
  attributeAsked,
  confirmed,
  type HeldAttribute,
  isLocal,
  isSensitive,
  keepValue,
  recordKey,
  today,
  valueToKeep,
} from './attribute-lookup.ts';
import { CommandFailure } from './failure.ts';
import { isAskable, requestOf } from './prepare.ts';
import { stateOf } from './prompt-item.ts';
import type { Services } from './services.ts';
import type { Asked, StoredDecision } from './types.ts';

const Id = z.string().check(z.maxLength(64));
const DecisionShape = z.discriminatedUnion('share', [
  z.strictObject({ share: z.literal(false) }),
  z.strictObject({
    share: z.literal(true),
    items: z
      .array(
        z.strictObject({
          id: Id,
          precision: z.enum(['exact', 'band', 'yes-no']),
          shown: z.optional(z.string()),
        }),
      )
      .check(z.minLength(1), z.maxLength(32)),
    until: z.int(),
    entered: z
      .array(z.strictObject({ id: Id, value: ValueArg, until: z.optional(DayArg) }))
      .check(z.maxLength(32)),
    confirmed: z.array(Id).check(z.maxLength(32)),
  }),
]);

type Share = Extract<z.infer<typeof DecisionShape>, { share: true }>;

/**
 * See `Sharing.decide`. The request was verified before it was shown; here the choice is held against it. A request that
 * expired while the person read is still decided, and then fails in words (`advance`).
 */
export async function decide(
  services: Services,
  asked: Asked,
  decision: unknown,
): Promise<StoredDecision> {
  const parsed = argsOf(DecisionShape, decision);
  if (!parsed.share) return { share: false };
  const { items, until, ...given } = parsed;
  const request = await requestOf(asked, services);
  const document = await services.documents(request.brand);
  if (document === null) throw new CommandFailure('unknown');
  const { manifest } = document;
  assertChoice(request, manifest, { items, until });
  const chosen = items.map(({ id }) => id);
  await keepGiven(services, request.brand.did, manifest, { ...given, chosen });
  const entered = new Set(given.entered.map(({ id }) => id));
  for (const { id, precision, shown } of items) {
    const words = await wordsHeld(
      services,
      askable(id, manifest),
      recordKey(id, request.brand.did),
      precision,
    );
    if (words === null) throw new CommandFailure('value');
    // What is shared is what was on the screen, and not what another window made of it since.
    if (!entered.has(id) && shown !== words) throw new CommandFailure('changed');
  }
  if (!(await markAnswered(services, asked, request))) throw new CommandFailure('unknown');
  return { share: true, items: items.map(({ id, precision }) => ({ id, precision })), until };
}

/** What would be shared, in the words of the prompt; null when nothing can be, as it is held. */
async function wordsHeld(
  services: Services,
  what: Attribute,
  key: string,
  precision: string,
): Promise<string | null> {
  const record = await services.vault.get('attribute', key);
  if (record === undefined || stateOf(what, record, today(services)) !== 'held') return null;
  const views = precisionViews(services, what, record);
  return views.find(({ id }) => id === precision)?.shown ?? null;
}

/** The choice equals one listed set, of what the brand may ask, at a precision the attribute allows, no longer than asked. */
function assertChoice(
  { choices, terms }: ParsedRequest,
  manifest: Manifest,
  { items, until }: { items: Share['items']; until: number },
): void {
  const chosen = new Set(items.map(({ id }) => id));
  const listed =
    chosen.size === items.length &&
    choices.some((choice) => choice.length === chosen.size && choice.every((id) => chosen.has(id)));
  const precise = items.every(({ id, precision }) =>
    askable(id, manifest).precisions.includes(precision),
  );
  const inTime = until > terms.period.from && until <= terms.period.until;
  if (!listed || !precise || !inTime) throw new CommandFailure('malformed');
}

/** Saves what was entered or called still true inside the prompt, before anything is shared. */
async function keepGiven(
  services: Services,
  did: string,
  manifest: Manifest,
  {
    entered,
    confirmed: confirmedIds,
    chosen,
  }: Pick<Share, 'entered' | 'confirmed'> & { chosen: string[] },
): Promise<void> {
  const own = (id: string) => {
    const found = manifest.custom.find((entry) => entry.id === id);
    return found && { did, label: found.label };
  };
  const values = entered.map(({ id, value, until }) => {
    if (!chosen.includes(id)) throw new CommandFailure('malformed');
    const kept = valueToKeep(askable(id, manifest), value, until);
    if (kept === null) throw new CommandFailure('value');
    return { id, kept };
  });
  if (!confirmedIds.every((id) => chosen.includes(id))) throw new CommandFailure('malformed');
  for (const { id, kept } of values) {
    const custom = own(id);
    const what = askable(id, manifest);
    const key = recordKey(id, did);
    assertNotLocal(what, await services.vault.get('attribute', key));
    // Said to a shop in so many words, it is not the person's alone any more.
    const open = isSensitive(what) ? { shareable: true as const } : {};
    await keepValue(services, key, kept, { ...(custom && { custom }), ...open });
  }
  for (const id of confirmedIds) {
    await services.vault.update('attribute', recordKey(id, did), (current) => {
      assertNotLocal(askable(id, manifest), current);
      return confirmed(services, current);
    });
  }
}

/** What the prompt did not offer is neither told nor written over. @throws CommandFailure `changed` */
function assertNotLocal(what: Attribute, record: HeldAttribute | undefined): void {
  if (isLocal(what, record)) throw new CommandFailure('changed');
}

function askable(id: string, manifest: Manifest): Attribute {
  const what = isAskable(id, manifest) ? attributeAsked(id, manifest) : undefined;
  if (what === undefined) throw new CommandFailure('malformed');
  return what;
}
