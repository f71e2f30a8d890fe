import type { SigningKey } from '@zusage/protocol/crypto';
import { randomUuidUrn } from '@zusage/protocol/crypto';
import type { DisclosedValue } from '@zusage/protocol/disclosure';
import { signEvent } from '@zusage/protocol/event';
import { issueGrant, parseGrant } from '@zusage/protocol/grant';
import { assertNarrower } from '@zusage/protocol/narrowing';
import { stopHash, stopValue } from '@zusage/protocol/stop';
import { type Attribute, atPrecision, type Value } from '@zusage/protocol/vocabulary/index';
import { attributeHeld, isLocal, recordKey } from './attribute-lookup.ts';
import { brandKey } from './brand-key.ts';
import { type Context, Stop, settingsOf } from './context.ts';
import { shownId } from './prompt-view.ts';
import type { SignedData, SlotData, Stage } from './step-data.ts';
import { currentRun, type Unfinished } from './unfinished.ts';
import { WORDING } from './words.ts';

/** Seconds before the end of a slot from which on a new one is asked for. */
const MARGIN = 30;

/**
 * slot → signed. The stop index is taken and persisted before it is used; a repetition takes another one. Everything
 * is in the vault before the step is: the grant, its disclosures, and the withdrawal that would end it.
 */
export async function sign(context: Context, slot: SlotData): Promise<Stage> {
  const { services, asked, share, request } = context;
  if (services.now() - slot.at > slot.expires - slot.now - MARGIN) return { name: 'decided' };
  const { vaultService: vault, stopRoot } = await settingsOf(services);
  const key = await brandKey(services, request.brand.did);
  const stopIndex = await services.vault.takeStopIndex();
  const { jwt, disclosures } = await issueGrant(
    request,
    {
      items: await disclosedItems(context),
      now: slot.now,
      exp: share.until,
      location: asked.origin,
      status: { uri: slot.uri, idx: slot.idx },
      stop: await stopHash(await stopValue(stopRoot, stopIndex)),
      shown: { lang: services.lang, wording: WORDING },
      decidedBy: 'person',
      ...(slot.replaces !== null && { replaces: slot.replaces }),
    },
    key,
  );
  const grant = await parseGrant(jwt, services.options);
  assertNarrower(grant, request, { origin: asked.origin });
  const { jti } = grant.claims;
  const withdraw = await withdrawal({ vault, jti, hash: grant.hash, iat: slot.now }, key);
  const signed: SignedData = { ...slot, vault, jti, grant: jwt, withdraw };
  const kept: Unfinished = {
    step: 'signed',
    key: asked.key,
    run: await currentRun(services),
    signed,
    disclosures: disclosures.map(({ encoded }) => encoded),
    stopIndex,
    log: await logFacts(context),
  };
  await services.vault.put('step', asked.key, kept);
  return { name: 'signed', data: signed };
}

/** A withdrawal without undo: it has no sequence and no time limit, so it can be signed before there is a grant. */
function withdrawal(
  { vault, jti, hash, iat }: { vault: string; jti: string; hash: string; iat: number },
  key: SigningKey,
): Promise<string> {
  const id = randomUuidUrn();
  return signEvent(
    { aud: vault, jti: id, grant: jti, grant_hash: hash, event: 'withdraw', seq: 1, iat },
    key,
  );
}

/** What is told about each chosen attribute, in the order of the request: the order of ticking would say something. */
async function disclosedItems({ services, share, request }: Context) {
  const chosen = request.attributes.flatMap((id) => share.items.filter((item) => item.id === id));
  return Promise.all(
    chosen.map(async ({ id, precision }) => {
      const record = await services.vault.get('attribute', recordKey(id, request.brand.did));
      const what = record && attributeHeld(record);
      const value = what && atPrecision(what, record.value as Value, precision);
      if (record === undefined || value === undefined || value === null)
        throw new Stop('vault-broken');
      // Taken back since it was decided.
      if (isLocal(what as Attribute, record)) throw new Stop('vault-broken');
      const disclosed: DisclosedValue = {
        value: typeof value === 'object' ? [...value] : value,
        confirmed: record.confirmedOn.slice(0, 7),
        precision,
      };
      return { attribute: id, disclosed };
    }),
  );
}

async function logFacts({ services, asked, share, request }: Context): Promise<Unfinished['log']> {
  const shown = await services.vault.get('log', shownId(asked));
  return {
    brand: request.brand.did,
    brandName: shown?.brandName ?? request.brand.host,
    site: new URL(asked.origin).host,
    attributes: share.items.map(({ id }) => id),
    purposes: request.terms.purpose,
    ...(typeof (shown as { text?: string })?.text === 'string' && {
      text: (shown as { text?: string }).text as string,
    }),
  };
}
