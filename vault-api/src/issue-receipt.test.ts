import { generateKeyPairSync, verify } from 'node:crypto';
import { expect, test } from 'vitest';
import { receiptSigner } from './issue-receipt.ts';

test('every signature has the form of JWS, also those whose numbers are short', {
  timeout: 60_000,
}, () => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const sign = receiptSigner({ kid: 'kid', object: privateKey });
  const key = { key: publicKey, dsaEncoding: 'ieee-p1363' } as const;
  let short = 0;
  // One of 128 has a number that begins with a zero.
  for (let n = 0; n < 1500; n++) {
    const [header, payload, signature] = sign({ n }).split('.') as [string, string, string];
    const bytes = Buffer.from(signature, 'base64url');
    expect(bytes).toHaveLength(64);
    expect(verify('sha256', Buffer.from(`${header}.${payload}`), key, bytes)).toBe(true);
    if (bytes[0] === 0 || bytes[32] === 0) short++;
  }
  expect(short).toBeGreaterThan(0);
});
