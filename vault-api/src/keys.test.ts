import { createPublicKey } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadKeys, logVkey } from './keys.ts';

let folder: string;
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'zusage-keys-')), 'data');
});
afterEach(() => rmSync(join(folder, '..'), { recursive: true }));

test('are made once, for their owner only, and stay the same', async () => {
  const first = await loadKeys(folder);
  const again = await loadKeys(folder);
  expect(again.signing.kid).toBe(first.signing.kid);
  expect(logVkey('https://vault.example', again, 1)).toBe(
    logVkey('https://vault.example', first, 1),
  );
  for (const file of ['signing-key.json', 'log-key.json']) {
    expect(statSync(join(folder, file)).mode & 0o777).toBe(0o600);
  }
});

test('are refused when others can read them or they are none', async () => {
  await loadKeys(folder);
  const file = join(folder, 'log-key.json');
  chmodSync(file, 0o640);
  await expect(loadKeys(folder)).rejects.toThrow(/can be read by others/);
  chmodSync(file, 0o600);
  writeFileSync(file, '{"kty":"OKP"}');
  await expect(loadKeys(folder)).rejects.toThrow(/does not hold the key/);
  writeFileSync(file, '{');
  await expect(loadKeys(folder)).rejects.toThrow(/is not a key file/);
});

test('the verifier key is the one of C2SP signed-note, and each log has a name of its own', async () => {
  // Example key of golang.org/x/mod/sumdb/note.
  const x = Buffer.from('ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW', 'base64').subarray(1);
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: x.toString('base64url') };
  const log = createPublicKey({ key: jwk, format: 'jwk' });
  expect(logVkey('https://vault.example', { log }, 1)).toMatch(
    /^vault\.example\/log\+[0-9a-f]{8}\+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq\/LDE4izWy10TW$/,
  );
  expect(logVkey('https://vault.example', { log }, 2)).toMatch(/^vault\.example\/log-2\+/);
});
