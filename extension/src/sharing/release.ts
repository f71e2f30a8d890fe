import { parseDisclosure } from '@zusage/protocol/disclosure';
import { present } from '@zusage/protocol/presentation';
import { encryptResponse } from '@zusage/protocol/response';
import { brandKey } from './brand-key.ts';
import { type Context, Stop } from './context.ts';
import { log } from './log-entry.ts';
import type { RegisteredData, Stage } from './step-data.ts';
import { unfinished } from './unfinished.ts';

/** Seconds after registration in which the answer must reach the page (SPEC §7.2). */
export const DELIVERY_LIMIT = 60;

/**
 * registered → encrypted: the first moment at which values leave the vault, and then only inside the JWE.
 * @throws Stop `page-gone` when it is too late to deliver
 */
export async function release(context: Context, registered: RegisteredData): Promise<Stage> {
  const { services, asked, request } = context;
  const now = services.now();
  if (now - registered.registeredAt > DELIVERY_LIMIT) throw new Stop('page-gone');
  const kept = await unfinished(services, asked.key);
  const grant = await services.vault.get('grant', registered.jti);
  if (kept === undefined || grant === undefined) throw new Stop('vault-broken');
  const presentation = await present(
    registered.grant,
    await Promise.all(kept.disclosures.map(parseDisclosure)),
    request,
    // The service's clock, carried on by the time that has passed here: the person's own clock never shows.
    { origin: asked.origin, now: registered.now + Math.max(0, now - registered.at) },
    await brandKey(services, request.brand.did),
  );
  const { response } = await encryptResponse(presentation, request);
  const [receipt] = grant.receipts;
  await log(
    services,
    {
      ...kept.log,
      event: 'granted',
      jti: registered.jti,
      ...(receipt !== undefined && { signed: receipt }),
    },
    `granted ${registered.jti}`,
  );
  return { name: 'encrypted', data: { ...registered, response } };
}
