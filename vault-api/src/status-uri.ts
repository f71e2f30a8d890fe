import { FormatError, PolicyError } from '@zusage/protocol/errors';
import { vaultOfStatusUri } from '@zusage/protocol/status-list';

/** The address of a status list of this vault. */
export function statusUri(issuer: string, list: number): string {
  return `${issuer}/status/${list}`;
}

/** @throws FormatError `status/shape`; PolicyError `grant/vault` for a list of another vault */
export function listOfStatusUri(issuer: string, uri: string): number {
  if (vaultOfStatusUri(uri) !== issuer) throw new PolicyError('grant/vault');
  const list = Number(uri.slice(`${issuer}/status/`.length));
  if (!Number.isSafeInteger(list)) throw new FormatError('status/shape');
  return list;
}
