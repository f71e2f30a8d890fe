import { decodeUtf8 } from '@zusage/protocol/bytes';
import { isLoopbackHost } from '@zusage/protocol/origin';
import { askFrame } from './frame.ts';

/** Milliseconds until an answer must be complete. */
const TIME_LIMIT = 5000;
/** 64 KB: hardly an answer that the extension needs is larger. */
const SIZE_LIMIT = 65_536;

/**
 * - `network/address` – neither https nor, in development, http on loopback; nothing was sent
 * - `network/unreachable` – no connection, a redirect, no permission (CORS): fetch does not say which
 * - `network/timeout` – not complete after 5 s
 * - `network/too-large` – more than 64 KB, or than the asker can take
 * - `network/encoding` – not UTF-8
 */
export type NetworkCode =
  | 'network/address'
  | 'network/unreachable'
  | 'network/timeout'
  | 'network/too-large'
  | 'network/encoding';

export class NetworkError extends Error {
  override readonly name = 'NetworkError';
  readonly code: NetworkCode;
  constructor(code: NetworkCode) {
    super(code);
    this.code = code;
  }
}

export type Answer = { readonly status: number; readonly body: string };

export type Body = {
  readonly type: 'application/json' | 'application/jwt';
  readonly text: string;
};

/** What the asker can take. */
export type Expecting = {
  /** Bytes, instead of 64 KB. */
  readonly limit?: number;
  /** Not text: each character of the answer's `body` is one byte. */
  readonly binary?: boolean;
};

/** GET, or POST when there is a body. @throws NetworkError */
export type Door = (url: string, body?: Body, expecting?: Expecting) => Promise<Answer>;

/**
 * The one door to the network: no cookies, no referrer, no cache, no redirects, 5 s, 64 KB unless more is expected. In Firefox
 * it leads through a frame that has no origin.
 *
 * @param loopback http on loopback is allowed (builds for development and tests)
 */
export function openDoor(loopback: boolean, send?: typeof fetch): Door {
  return import.meta.env.FIREFOX ? framedDoor : fetchDoor(loopback, send);
}

const framedDoor: Door = async (url, body, expecting) => {
  const reply = await askFrame({ url, body, expecting }, AbortSignal.timeout(TIME_LIMIT));
  if (typeof reply === 'string') throw new NetworkError(reply);
  return reply;
};

/** Fetches where it is called: every request names the origin of that page. @param loopback as for `openDoor` */
export function fetchDoor(
  loopback: boolean,
  send: typeof fetch = (...args) => fetch(...args),
): Door {
  return async (url, body, { limit = SIZE_LIMIT, binary = false } = {}) => {
    assertAddress(url, loopback);
    const signal = AbortSignal.timeout(TIME_LIMIT);
    try {
      const response = await send(url, {
        ...(body && { method: 'POST', body: body.text, headers: { 'content-type': body.type } }),
        credentials: 'omit',
        referrerPolicy: 'no-referrer',
        cache: 'no-store',
        redirect: 'error',
        signal,
      });
      const bytes = await readBytes(response, limit);
      return { status: response.status, body: binary ? characters(bytes) : textOf(bytes) };
    } catch (error) {
      if (error instanceof NetworkError) throw error;
      throw new NetworkError(signal.aborted ? 'network/timeout' : 'network/unreachable');
    }
  };
}

function assertAddress(text: string, loopback: boolean): void {
  const url = URL.canParse(text) ? new URL(text) : null;
  const secure =
    url?.protocol === 'https:' ||
    (loopback && url?.protocol === 'http:' && isLoopbackHost(url.host));
  if (!secure || url.username !== '' || url.password !== '') {
    throw new NetworkError('network/address');
  }
}

/** Stops reading at the limit, whatever `content-length` says. */
async function readBytes(response: Response, limit: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = response.body?.getReader();
  while (reader !== undefined) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.length;
    if (size > limit) {
      await reader.cancel();
      throw new NetworkError('network/too-large');
    }
    chunks.push(value);
  }
  const bytes = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.length;
  }
  return bytes;
}

function characters(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += 0x8000) {
    text += String.fromCharCode(...bytes.subarray(i, i + 0x8000));
  }
  return text;
}

function textOf(bytes: Uint8Array): string {
  try {
    return decodeUtf8(bytes);
  } catch {
    throw new NetworkError('network/encoding');
  }
}
