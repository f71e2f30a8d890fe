import type { Manifest } from '@zusage/protocol/brand-document';
import type { ParsedRequest } from '@zusage/protocol/request';
import { z } from '@zusage/protocol/shape';
import { type Attribute, atPrecision, type Value } from '@zusage/protocol/vocabulary/index';
import { argsOf, DayArg, ValueArg } from '../commands/args.ts';
import { markAnswered } from './answered.ts';
import {
  attributeAsked,
  confirmValue,
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
      .array(z.strictObject({ id: Id, precision: z.enum(['exact', 'band', 'yes-no']) }))
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
  await keepGiven(services, request, manifest, given);
  for (const { id, precision } of items) {
    const what = askable(id, manifest);
    const record = await services.vault.get('attribute', recordKey(id, request.brand.did));
    const shareable = record && stateOf(what, record, today(services)) === 'held';
    if (!shareable || atPrecision(what, record.value as Value, precision) === null) {
      throw new CommandFailure('value');
    }
  }
  if (!(await markAnswered(services, asked, request))) throw new CommandFailure('unknown');
  return { share: true, items, until };
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
  { attributes, brand }: ParsedRequest,
  manifest: Manifest,
  { entered, confirmed }: Pick<Share, 'entered' | 'confirmed'>,
): Promise<void> {
  const own = (id: string) => {
    const found = manifest.custom.find((entry) => entry.id === id);
    return found && { did: brand.did, label: found.label };
  };
  const values = entered.map(({ id, value, until }) => {
    if (!attributes.includes(id)) throw new CommandFailure('malformed');
    const kept = valueToKeep(askable(id, manifest), value, until);
    if (kept === null) throw new CommandFailure('value');
    return { id, kept };
  });
  if (!confirmed.every((id) => attributes.includes(id))) throw new CommandFailure('malformed');
  for (const { id, kept } of values) {
    await keepValue(services, recordKey(id, brand.did), kept, own(id));
  }
  for (const id of confirmed) await confirmValue(services, recordKey(id, brand.did));
}

function askable(id: string, manifest: Manifest): Attribute {
  const what = isAskable(id, manifest) ? attributeAsked(id, manifest) : undefined;
  if (what === undefined) throw new CommandFailure('malformed');
  return what;
}
