import { isOrigin, type LoopbackOption } from '@zusage/protocol/origin';

/** Networks no public service lives in (RFC 6890), as `[address, prefix length]`. */
const PRIVATE_NETWORKS: readonly [string, number][] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 3],
];

const PRIVATE_NAMES = ['localhost', 'local', 'internal', 'lan', 'home', 'home.arpa'];

/**
 * The address of a vault service as a person may choose it: an https origin, no path, not a private
 * address; in development http on loopback too. A name may still lead to a private address; the browser decides that.
 * @returns the origin, with a trailing slash of the typed text forgiven; null when it is not one
 */
export function serviceAddress(typed: string, options: LoopbackOption = {}): string | null {
  const origin = typed.trim().replace(/\/$/, '');
  if (!isOrigin(origin, options)) return null;
  const url = new URL(origin);
  return url.protocol === 'http:' || !isPrivateHost(url.hostname) ? origin : null;
}

function isPrivateHost(hostname: string): boolean {
  // Every IPv6 literal is refused: none is easier to recognise than the private ones among them.
  if (hostname.startsWith('[')) return true;
  const host = hostname.replace(/\.$/, '');
  if (!host.includes('.')) return true;
  if (/^[0-9.]+$/.test(host)) {
    return PRIVATE_NETWORKS.some(([network, length]) => {
      const size = 2 ** (32 - length);
      return Math.floor(number(host) / size) === Math.floor(number(network) / size);
    });
  }
  return PRIVATE_NAMES.some((name) => host.endsWith(`.${name}`));
}

function number(address: string): number {
  return address.split('.').reduce((sum, byte) => sum * 256 + Number(byte), 0);
}
