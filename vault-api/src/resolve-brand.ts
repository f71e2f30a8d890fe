import { lookup as lookupAll } from 'node:dns';
import { type RequestOptions, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { LookupFunction } from 'node:net';
import { type BrandDocument, parseBrandDocument } from '@zusage/protocol/brand-document';
import { parseDidWeb } from '@zusage/protocol/did-web';
import type { LoopbackOption } from '@zusage/protocol/origin';
import { ApiError } from './errors.ts';
import { isLoopbackAddress, isPublicAddress } from './public-address.ts';

/** Milliseconds for the whole exchange, and bytes of the answer. */
const TIMEOUT = 5000;
const MAX_DOCUMENT = 65_536;

/** Reads a brand's document from the brand's own domain. */
export type ResolveBrand = (did: string) => Promise<BrandDocument>;

/**
 * Whoever enrols names the host, so the fetch goes nowhere but there: https only, no redirects, and the address is
 * checked where the connection is made, so that a second answer of the name server changes nothing. With the loopback
 * option, http to loopback.
 * @throws (the function returned) FormatError `did/syntax`, `brand/*`; ApiError `brand/unreachable`
 */
export function brandResolver(options: LoopbackOption): ResolveBrand {
  return async (did) => {
    const brand = parseDidWeb(did, options);
    return parseBrandDocument(await fetchDocument(brand.documentUrl), brand, options);
  };
}

function fetchDocument(url: string): Promise<Uint8Array> {
  const isHttps = url.startsWith('https:');
  const settings: RequestOptions = {
    agent: false,
    headers: { accept: 'application/did+json, application/json' },
    lookup: lookupAmong(isHttps ? isPublicAddress : isLoopbackAddress),
    signal: AbortSignal.timeout(TIMEOUT),
  };
  return new Promise((resolve, reject) => {
    const fail = (cause?: unknown) => reject(new ApiError('brand/unreachable', { cause }));
    const request = (isHttps ? requestHttps : requestHttp)(url, settings, (response) => {
      // Also a redirect: it would lead away from the brand's host.
      if (response.statusCode !== 200) {
        request.destroy();
        fail();
        return;
      }
      const chunks: Buffer[] = [];
      let length = 0;
      response.on('data', (chunk: Buffer) => {
        length += chunk.length;
        if (length > MAX_DOCUMENT) request.destroy(new Error('too large'));
        else chunks.push(chunk);
      });
      response.on('end', () => resolve(Buffer.concat(chunks)));
      response.on('error', fail);
    });
    // Without this listener an answer that switches protocols would settle nothing.
    request.on('upgrade', (_, socket) => {
      socket.destroy();
      fail();
    });
    request.on('error', fail);
    request.end();
  });
}

/** A name lookup in which a name with one address that is not allowed is refused whole. */
export function lookupAmong(isAllowed: (address: string) => boolean): LookupFunction {
  return (hostname, options, callback) => {
    lookupAll(hostname, { ...options, all: true }, (error, addresses) => {
      const [first] = addresses ?? [];
      if (error !== null || first === undefined) {
        callback(error ?? new Error('no address'), '', 0);
      } else if (!addresses.every(({ address }) => isAllowed(address))) {
        callback(new Error('address not allowed'), '', 0);
      } else if (options.all) {
        callback(null, addresses);
      } else {
        callback(null, first.address, first.family);
      }
    });
  };
}
