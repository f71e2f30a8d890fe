import { FormatError } from './errors.ts';

/**
 * Weakens safety for development only: http on loopback is accepted wherever https is demanded (SPEC §2).
 * A symbol, so that it can be searched for and can never arrive in JSON.
 */
export const allowLoopback: unique symbol = Symbol('zusage.allowLoopback');
export type LoopbackOption = { readonly [allowLoopback]?: boolean };

const LOOPBACK_HOSTS = ['localhost', '127.0.0.1'];

export function isLoopbackHost(host: string): boolean {
  return LOOPBACK_HOSTS.includes(host.replace(/:[0-9]+$/, ''));
}

function parseUrl(text: string): URL | null {
  return URL.canParse(text) ? new URL(text) : null;
}

function isSecure(url: URL, options: LoopbackOption): boolean {
  if (url.protocol === 'https:') return true;
  return options[allowLoopback] === true && url.protocol === 'http:' && isLoopbackHost(url.host);
}

/** A serialised origin (RFC 6454): scheme and host, no path, lower case as the browser writes it. */
export function isOrigin(text: string, options: LoopbackOption = {}): boolean {
  const url = parseUrl(text);
  return url !== null && url.origin === text && isSecure(url, options);
}

/** @throws FormatError `origin/syntax` */
export function assertOrigin(text: string, options: LoopbackOption = {}): void {
  if (!isOrigin(text, options)) throw new FormatError('origin/syntax');
}

/**
 * `https:` without user info, or `mailto:` with one address and no query. Links are shown and opened by the person,
 * never fetched.
 * @throws FormatError `link/syntax`
 */
export function assertLink(text: string, options: LoopbackOption = {}): void {
  const url = parseUrl(text);
  // The parser forgives white space and control characters; a link that needs forgiving is refused.
  if (url === null || text.length > 2048 || !/^[\x21-\x7e]+$/.test(text)) {
    throw new FormatError('link/syntax');
  }
  if (url.protocol === 'mailto:') {
    if (!/^mailto:[^@,?#%]+@[a-z0-9.-]+$/i.test(text)) throw new FormatError('link/syntax');
    return;
  }
  if (!isSecure(url, options) || url.username !== '' || url.password !== '') {
    throw new FormatError('link/syntax');
  }
}
