import { readFileSync } from 'node:fs';
import type { Plugin } from 'vite';
import { strip } from './wasm-strip.ts';

/** Added to each byte: what comes out are no control characters, and hardly one that must be escaped. */
const SHIFT = 35;
/** libsodium's own decoder, called with its own WebAssembly in base64. */
const EMBEDDED = /\(A=>\{for\([^;]*Q=\d+,[^;]*;[^{}]*return E\}\)\("(AGFzb[\w+/=]+)"\)/;
/** Where its glue gives an export of the WebAssembly its name. */
const NAMED = /,g\.(_\w+)=A\.([\w$]+)/g;
/** The one file that calls it. */
const CALLER = new URL('src/vault/sodium.ts', import.meta.url);

/**
 * libsodium as the vault needs it: without the functions it never calls, and with its WebAssembly as a text of one
 * character for each byte, because base64 cannot be compressed well. It stays a text in the script, because the policy
 * of extension pages lets nothing be fetched from the extension itself.
 *
 * @throws Error when libsodium is built in another way than this file knows
 */
export function slimLibsodium(code: string): string {
  const [call, base64] = code.match(EMBEDDED) ?? [];
  if (call === undefined || base64 === undefined) {
    throw new Error('libsodium embeds its WebAssembly in another way now: look at libsodium.ts.');
  }
  const called = new Set(readFileSync(CALLER, 'utf8').match(/(?<=\.)_[a-z]\w+/g));
  const unused = new Map(
    [...code.matchAll(NAMED)].flatMap(([, name = '', short = '']) =>
      called.has(name) ? [] : [[short, name]],
    ),
  );
  const module = strip(Buffer.from(base64, 'base64'), (short) => !unused.has(short));
  const text = [...module].map((byte) => String.fromCharCode(byte + SHIFT)).join('');
  const decode = `(t=>{const b=new Uint8Array(t.length);for(let i=0;i<b.length;i++)b[i]=t.charCodeAt(i)-${SHIFT};return b})`;
  return code
    .replace(call, () => `${decode}(${JSON.stringify(text)})`)
    .replace(NAMED, (assignment, name) => (called.has(name) ? assignment : ''));
}

export function libsodiumPlugin(): Plugin {
  return {
    name: 'libsodium',
    transform: (code, id) =>
      id.endsWith('/libsodium-sumo.mjs') ? { code: slimLibsodium(code), map: null } : null,
  };
}
