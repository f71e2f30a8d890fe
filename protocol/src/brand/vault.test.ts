import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { generateKey } from '../crypto.ts';
import { publicOf } from '../jwk.ts';
import { allowLoopback } from '../origin.ts';
import { loopbackVault } from './loopback.fixture.ts';
import { vaultKeys, vaultMetadata } from './vault.ts';

const NOW = 1_800_000_000;
const options = { [allowLoopback]: true };

let vault: Awaited<ReturnType<typeof loopbackVault>>;
beforeEach(async () => {
  vault = await loopbackVault();
});
afterEach(() => vault.close());
const readings = () => vault.seen.filter(({ path }) => path === '/jwks.json').length;

describe('a vault\u2019s keys', () => {
  test('are read once an hour', async () => {
    await vaultKeys(vault.url, 'v1', NOW, options);
    await vaultKeys(vault.url, 'v1', NOW + 3599, options);
    expect(readings()).toBe(1);
    await vaultKeys(vault.url, 'v1', NOW + 3600, options);
    expect(readings()).toBe(2);
  });

  test('are read again for an unknown kid, at most once a minute', async () => {
    await vaultKeys(vault.url, 'v1', NOW, options);
    const next = publicOf(await generateKey());
    vault.replies.set('/jwks.json', () => ({ body: { keys: [{ ...next, kid: 'v2' }] } }));
    expect((await vaultKeys(vault.url, 'v2', NOW + 1, options)).map(({ kid }) => kid)).toEqual([
      'v2',
    ]);
    await vaultKeys(vault.url, 'v3', NOW + 30, options);
    expect(readings()).toBe(2);
    await vaultKeys(vault.url, 'v3', NOW + 61, options);
    expect(readings()).toBe(3);
  });

  test('a failure is not remembered', async () => {
    const original = vault.replies.get('/jwks.json');
    vault.replies.set('/jwks.json', () => ({ status: 503, body: {} }));
    await expect(vaultMetadata(vault.url, NOW, options)).rejects.toMatchObject({
      code: 'vault/refused',
    });
    if (original) vault.replies.set('/jwks.json', original);
    expect((await vaultMetadata(vault.url, NOW, options)).issuer).toBe(vault.url);
  });

  test('metadata that names another service is refused', async () => {
    const other = `http://localhost:${new URL(vault.url).port}`;
    await expect(vaultMetadata(other, NOW, options)).rejects.toMatchObject({
      code: 'metadata/mismatch',
    });
  });
});
