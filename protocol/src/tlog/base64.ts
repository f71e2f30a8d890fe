import type { Bytes } from '../bytes.ts';
import { TlogError } from './errors.ts';

/** RFC 4648 §4 with padding, as C2SP's formats use it. */
export function encodeBase64(bytes: Uint8Array): string {
  let binary = '';
  for (let i = 0; i < bytes.length; i += 0x8000) {
    binary += String.fromCharCode(...bytes.subarray(i, i + 0x8000));
  }
  return btoa(binary);
}

/** Accepts only the spelling that `encodeBase64` writes. @throws TlogError `base64/format` */
export function decodeBase64(text: string): Bytes {
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text)) {
    throw new TlogError('base64/format');
  }
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  if (text.endsWith('=') && encodeBase64(bytes) !== text) throw new TlogError('base64/format');
  return bytes;
}
