import { hash, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { packJws, unpackJws } from './jws.ts';
import { GRANT_PHRASES, RECEIPT_PHRASES } from './jws-phrases.ts';

const part = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url');

const PHRASES = { grant: GRANT_PHRASES, receipt: RECEIPT_PHRASES };

test('a JWS comes back byte for byte', () => {
  fc.assert(
    fc.property(fc.uint8Array(), fc.uint8Array({ maxLength: 3000 }), (header, payload) => {
      const compact = `${part(header)}.${part(payload)}.${part(randomBytes(64))}`;
      expect(unpackJws(packJws(compact))).toBe(compact);
    }),
  );
});

test.each(Object.entries(PHRASES))(
  'so does one with the phrases of a %s, in whatever order and with whatever between them',
  (_, phrases) => {
    const text = fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom(...phrases) },
      fc.string({ unit: 'binary', maxLength: 5 }),
      fc.constantFrom('again', 'ag', '', 'ä', '\x1f!', '\x00', '\n'),
    );
    fc.assert(
      fc.property(fc.array(text), fc.array(text), fc.boolean(), (header, payload, isKnown) => {
        const [one, other] = [header, payload].map((texts) => Buffer.from(texts.join('')));
        const head = isKnown
          ? Buffer.concat([Buffer.from(phrases[0] as string), one as Buffer])
          : one;
        const compact = `${part(head as Buffer)}.${part(other as Buffer)}.${part(randomBytes(64))}`;
        expect(unpackJws(packJws(compact))).toBe(compact);
      }),
      { numRuns: 1000 },
    );
  },
);

test('no more phrases than there are control characters for them', () => {
  for (const phrases of Object.values(PHRASES)) expect(phrases.length).toBeLessThanOrEqual(31);
});

test('what is none, or is written in another way, comes back byte for byte, too', () => {
  const signature = part(randomBytes(64));
  const other = ['', 'a', 'a.b', 'e30.e30', `e30.e31.${signature}`, `e30=.e30.${signature}`];
  for (const text of [...other, `e30.e30.${part(randomBytes(63))}`, `e30.e30.${signature}.e30`]) {
    expect(unpackJws(packJws(text))).toBe(text);
  }
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(unpackJws(packJws(text))).toBe(text.toWellFormed());
    }),
  );
});

const SIGNATURE = Buffer.alloc(64, 7);
const PACKED: [header: string, payload: string, packed: string][] = [
  [
    '{"alg":"ES256","typ":"consent-receipt+jwt","kid":"k"}',
    '{"iss":"https://v.example","aud":"person","grant":"urn:uuid:1","event":"registered","seq":0,"record":{"@id":"person"}}',
    'BAA1AGsBczovL3YuZXhhbXBsZQJwZXJzb24iBTEIcmVnaXN0ZXJlZAkwLCJyZWNvcmQiOnsiQGlkIjoicGVyc29uHX0',
  ],
  [
    '{"alg":"ES256","typ":"dc+sd-jwt","kid":"did:jwk:key#0","jwk":{"kty":"EC","crv":"P-256","x":"abc","y":"abc"}}',
    '{"iss":"did:jwk:key","vct":"urn:zusage:grant:1","jti":"urn:uuid:1"}',
    'AwBsAGtleQFhYmMCHyIDHyEEMSJ9',
  ],
  ['{ }', '{}', 'AgADeyB9e30'],
];

test('what was packed once can be unpacked for good', () => {
  expect(hash('sha256', JSON.stringify([GRANT_PHRASES, RECEIPT_PHRASES]))).toBe(
    'fe5390c8cb53386a100e5521da3c3fa0c93d5cd0930f9964df14146dd55d5837',
  );
  for (const [header, payload, packed] of PACKED) {
    const compact = [Buffer.from(header), Buffer.from(payload), SIGNATURE].map(part).join('.');
    const bytes = Buffer.concat([Buffer.from(packed, 'base64url'), SIGNATURE]);
    expect(unpackJws(bytes)).toBe(compact);
    expect(packJws(compact)).toEqual(bytes);
  }
});
