import { allowLoopback, createRequest } from '@zusage/protocol/brand';
import { decodeBase64url, decodeUtf8 } from '@zusage/protocol/bytes';
import type { SigningKey } from '@zusage/protocol/crypto';
import { type RequestPayload, signRequest } from '@zusage/protocol/request';
import type { Page } from 'puppeteer-core';
import { OFFER, termsOf } from '../demo-shop/offer.ts';
import type { Shop, World } from './harness.ts';

const now = () => Math.floor(Date.now() / 1000);

/** A request of the shop, as its server would make it. @param iat NumericDate */
export async function requestOf({ vault }: World, shop: Shop, iat = now()): Promise<string> {
  const { brand, url } = shop;
  const terms = termsOf(OFFER, { url, vault, notice: '', now: now() });
  const options = { brand, attributes: OFFER, terms, origins: [url], now: iat };
  return (await createRequest({ ...options, [allowLoopback]: true })).request;
}

/** The same request with some members changed, signed anew. */
export function altered(
  request: string,
  shop: Shop,
  changes: Partial<RequestPayload>,
  key: SigningKey = shop.brand.key,
): Promise<string> {
  return signRequest({ ...payloadOf(request), ...changes }, shop.brand.kid, key);
}

export function payloadOf(jws: string): RequestPayload {
  return JSON.parse(decodeUtf8(decodeBase64url(jws.split('.')[1] ?? '')));
}

/** What the call in the page came to, with everything a page could tell errors apart by. */
export type Answer =
  | { response: string }
  | { name: string; message: string; kind: string; code: unknown; stack: string };

/** The page makes the request; resolves when it has its answer. */
export function ask(page: Page, request: string): Promise<Answer> {
  return page.evaluate(async (compact) => {
    const digital = { requests: [{ protocol: 'openid4vp-v1-signed', data: { request: compact } }] };
    try {
      const options = { mediation: 'required', digital } as CredentialRequestOptions;
      const credential = await navigator.credentials.get(options);
      return (credential as unknown as { data: { response: string } }).data;
    } catch (error) {
      const { name, message, stack = '', code } = error as DOMException & Error;
      // Where in the provider it was made says nothing about why.
      const kind = Object.prototype.toString.call(error);
      return { name, message, kind, code, stack: stack.replace(/:\d+/g, '') };
    }
  }, request);
}
