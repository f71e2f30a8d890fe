import { FormatError } from './errors.ts';
import { allowLoopback, isLoopbackHost, type LoopbackOption } from './origin.ts';

/** A brand's identity: `did:web:` and a lower-case ASCII host; no path, port or percent-encoding (SPEC §2). */
export type DidWeb = {
  readonly did: string;
  /** As `URL.host` writes it; with a port on loopback in development only. */
  readonly host: string;
  /** Where the brand document lives. */
  readonly documentUrl: string;
};

const LABEL = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';
// At least two labels, and the last one begins with a letter, as every top-level domain does. URL parsers read a host
// whose last label is a number, decimal or `0x…`, as an IPv4 address, which no name lookup would ever check.
const HOST = new RegExp(`^(?:${LABEL}\\.)+(?=[a-z])${LABEL}$`);
const LOOPBACK = /^did:web:(localhost|127\.0\.0\.1)(?:%3A([1-9][0-9]{0,4}))?$/;

/** @throws FormatError `did/syntax` */
export function parseDidWeb(did: string, options: LoopbackOption = {}): DidWeb {
  const loopback = options[allowLoopback] === true ? LOOPBACK.exec(did) : null;
  if (loopback !== null) {
    const host =
      loopback[2] === undefined ? (loopback[1] as string) : `${loopback[1]}:${loopback[2]}`;
    return { did, host, documentUrl: documentUrl('http', host) };
  }
  const host = did.startsWith('did:web:') ? did.slice('did:web:'.length) : '';
  if (host.length > 253 || !HOST.test(host)) throw new FormatError('did/syntax');
  return { did, host, documentUrl: documentUrl('https', host) };
}

/** Names exactly this host: neither a port nor a punycode label that URL parsers refuse or write differently. */
function documentUrl(scheme: string, host: string): string {
  const url = `${scheme}://${host}/.well-known/did.json`;
  if (!URL.canParse(url) || new URL(url).host !== host) throw new FormatError('did/syntax');
  return url;
}

/**
 * The suffix part of the host rule, applied before anything is fetched, so that only the page's own host or a parent
 * of it is ever contacted. A `child` must also be listed in the document's `origins`.
 */
export function hostRelation({ host }: DidWeb, origin: string): 'same' | 'child' | null {
  const page = new URL(origin);
  if (isLoopbackHost(host) !== (page.protocol === 'http:')) return null;
  if (page.host === host) return 'same';
  return page.host.endsWith(`.${host}`) && !isLoopbackHost(host) ? 'child' : null;
}
