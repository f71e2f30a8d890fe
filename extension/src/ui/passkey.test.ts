import { afterEach, expect, test, vi } from 'vitest';
import './browser-in-node.ts';
import { passkeysPossible } from './passkey.ts';

afterEach(() => vi.unstubAllGlobals());

/** A page at `protocol` in a browser that says of itself what `capabilities` answers. */
function browserWith(protocol: string, capabilities: (() => Promise<object>) | null): void {
  const credential = capabilities && { getClientCapabilities: capabilities };
  vi.stubGlobal('location', { protocol });
  vi.stubGlobal('window', credential ? { PublicKeyCredential: credential } : {});
  vi.stubGlobal('PublicKeyCredential', credential);
}

const CHROME = 'chrome-extension:';

test.each([
  ['a Chromium whose passkeys have a PRF', CHROME, async () => ({ 'extension:prf': true }), true],
  ['one whose passkeys have none', CHROME, async () => ({ 'extension:prf': false }), false],
  ['one that does not say', CHROME, async () => ({}), false],
  ['one that fails to say', CHROME, () => Promise.reject(new Error('no')), false],
  ['a browser without passkeys', CHROME, null, false],
  ['Firefox', 'moz-extension:', async () => ({ 'extension:prf': true }), false],
] as const)('passkeys in %s', async (_, protocol, capabilities, possible) => {
  browserWith(protocol, capabilities);
  expect(await passkeysPossible()).toBe(possible);
});
