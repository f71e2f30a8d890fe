import {
  attributeWithinBounds,
  type BrandDocument,
  type Manifest,
} from '@zusage/protocol/brand-document';
import { type ErrorCode, isZusageError } from '@zusage/protocol/errors';
import { type ParsedRequest, parseRequest, verifyRequest } from '@zusage/protocol/request';
import { purpose } from '@zusage/protocol/vocabulary/index';
import { VaultError } from '../vault/errors.ts';
import { answeredKey, SETTINGS } from '../vault/records.ts';
import { attributeAsked } from './attribute-lookup.ts';
import type { Services } from './services.ts';
import type { Asked } from './types.ts';

/** Why a request is met with silence: a code of the protocol, or one of these. None leaves the worker. */
export type PrepareCode =
  | ErrorCode
  | 'brand/unreachable'
  | 'brand/blocked'
  | 'request/answered'
  | 'vault';

export type Prepared = { readonly request: ParsedRequest; readonly document: BrandDocument };
type Refused = { readonly ok: false; readonly code: PrepareCode };

/** The request again, which the gate has parsed before. @throws FormatError */
export function requestOf({ request, origin }: Asked, { options }: Services) {
  return parseRequest(request, { origin, ...options });
}

/**
 * Steps (2) and (3) of SPEC §3 as far as they need no person. What needs the vault is left out while it is locked,
 * and checked when the prompt is made.
 */
export async function prepare(
  services: Services,
  asked: Asked,
): Promise<({ readonly ok: true } & Prepared) | Refused> {
  try {
    const request = await requestOf(asked, services);
    const document = await services.documents(request.brand);
    if (document === null) return { ok: false, code: 'brand/unreachable' };
    await verifyRequest(request, document, { now: services.now(), origin: asked.origin });
    // The default is no, and there is no rule yet by which a person could say otherwise beforehand.
    if (request.terms.purpose.some((iri) => purpose(iri)?.refusedByDefault)) {
      return { ok: false, code: 'request/purpose' };
    }
    if (!request.mandatory.every((id) => isAskable(id, document.manifest))) {
      return { ok: false, code: 'request/attribute' };
    }
    const code = await refusedByVault(services, asked, request);
    return code === null ? { ok: true, request, document } : { ok: false, code };
  } catch (error) {
    if (isZusageError(error)) return { ok: false, code: error.code };
    if (error instanceof VaultError) return { ok: false, code: 'vault' };
    throw error;
  }
}

/** May it be asked for by this brand, and can it be said in words what it is? */
export function isAskable(id: string, manifest: Manifest): boolean {
  return attributeWithinBounds(id, manifest) && attributeAsked(id, manifest) !== undefined;
}

async function refusedByVault(
  { vault }: Services,
  { key }: Asked,
  { brand, payload, terms }: ParsedRequest,
): Promise<PrepareCode | null> {
  if ((await vault.deadline()) === null) return null;
  if (await vault.isBlocked(brand.did)) return 'brand/blocked';
  const settings = await vault.get('settings', SETTINGS);
  if (settings === undefined || !terms.vaults.includes(settings.vaultService)) {
    return 'request/vault';
  }
  const answered = await vault.get('answered', answeredKey(payload.client_id, payload.nonce));
  return answered === undefined || (answered as { by?: string }).by === key
    ? null
    : 'request/answered';
}
