/** SPEC §1 and §2: bytes, JSON, keys, JWS, identity. */
import { encodeBase64url, encodeUtf8 } from '../src/bytes.ts';
import * as f from './fixture.ts';
import type { Vector } from './generate.ts';

const json = (
  about: string,
  source: string | Uint8Array,
  error?: string,
  output?: unknown,
): Vector => {
  const base64url = encodeBase64url(typeof source === 'string' ? encodeUtf8(source) : source);
  return { about, check: 'json', input: { base64url }, ...(error ? { error } : { output }) };
};
const jwk = (about: string, key: object, error: string): Vector => ({
  about,
  check: 'jwk',
  input: { jwk: key },
  error,
});

const payload = { hello: 'world' };
const good = f.jws({ alg: 'ES256', typ: 'test+jwt', kid: 'k' }, payload, f.keys.person);
const jws = (about: string, compact: string, error: string): Vector => ({
  about,
  check: 'jws',
  input: { jws: compact, typ: 'test+jwt', key: ['kid'], jwk: f.person },
  error,
});
const header = (set: object) =>
  f.jws({ alg: 'ES256', typ: 'test+jwt', kid: 'k', ...set }, payload, f.keys.person);

const did = (about: string, value: string): Vector => ({
  about,
  check: 'did-web',
  input: { did: value, origin: f.ORIGIN },
  error: 'did/syntax',
});
const relation = (about: string, origin: string, output: string | null): Vector => ({
  about,
  check: 'did-web',
  input: { did: f.DID, origin },
  output: { host: 'shop.example', relation: output },
});
const document = (about: string, change: object, error: string): Vector => ({
  about,
  check: 'brand-document',
  input: { did: f.DID, document: JSON.stringify({ ...f.document, ...change }) },
  error,
});
const manifest = (about: string, change: object, error = 'brand/document') =>
  document(
    about,
    { service: [{ ...f.document.service[0], serviceEndpoint: { ...f.manifest, ...change } }] },
    error,
  );

export function vectors(): Record<string, Vector> {
  const [head, body, signature] = good.split('.') as [string, string, string];
  const method = f.document.verificationMethod[0] as object;
  return {
    'json-plain': json(
      'Every kind of value.',
      '{"a":[1,-2,true,false,null,"ü\\u00fc\\n"],"b":{}}',
      undefined,
      {
        a: [1, -2, true, false, null, 'üü\n'],
        b: {},
      },
    ),
    'json-depth-16': json(
      'Sixteen levels are the most.',
      '['.repeat(16) + ']'.repeat(16),
      undefined,
      JSON.parse('['.repeat(16) + ']'.repeat(16)),
    ),
    'json-duplicate-member': json('A member twice.', '{"a":1,"a":2}', 'json/duplicate-member'),
    'json-duplicate-member-escaped': json(
      'The same member in two spellings.',
      '{"a":1,"\\u0061":2}',
      'json/duplicate-member',
    ),
    'json-lone-surrogate': json('Half a character.', '{"a":"\\ud83d"}', 'json/lone-surrogate'),
    'json-proto': json('A member named __proto__.', '{"__proto__":{}}', 'json/proto'),
    'json-depth-17': json('Seventeen levels.', '['.repeat(17) + ']'.repeat(17), 'json/depth'),
    'json-fraction': json('A number that is no integer.', '{"a":1.5}', 'json/number'),
    'json-exponent': json('An integer in another spelling.', '{"a":1e3}', 'json/number'),
    'json-negative-zero': json('Minus zero.', '-0', 'json/number'),
    'json-unsafe-integer': json('Two to the fifty-third.', '9007199254740992', 'json/number'),
    'json-trailing-comma': json('A trailing comma.', '{"a":1,}', 'json/syntax'),
    'json-two-documents': json('Something after the document.', '{} {}', 'json/syntax'),
    'json-control-character': json('A raw line feed in a string.', '"a\nb"', 'json/syntax'),
    'json-byte-order-mark': json('A byte order mark.', '\uFEFF{}', 'bytes/utf8'),
    'json-invalid-utf8': json(
      'A lone continuation byte.',
      new Uint8Array([0x22, 0x80, 0x22]),
      'bytes/utf8',
    ),
    'json-overlong-utf8': json(
      'A quote in two bytes.',
      new Uint8Array([0x22, 0xc0, 0xa2, 0x22]),
      'bytes/utf8',
    ),

    'jwk-person': {
      about: 'A key, its thumbprint and its did:jwk.',
      check: 'jwk',
      input: { jwk: f.person },
      output: { thumbprint: f.pseudonym, did: f.did },
    },
    'jwk-private': jwk('A private key where a public one belongs.', f.keys.person, 'jwk/private'),
    'jwk-extra-member': jwk(
      'A member too many.',
      { ...f.person, use: 'sig' },
      'jwk/unknown-member',
    ),
    'jwk-other-curve': jwk('P-384.', { ...f.person, crv: 'P-384' }, 'jwk/shape'),
    'jwk-short-coordinate': jwk(
      'A coordinate of 31 bytes.',
      { ...f.person, x: f.text('x', 31) },
      'jwk/coordinates',
    ),
    'jwk-padded-coordinate': jwk(
      'A coordinate with padding.',
      { ...f.person, x: `${f.person.x}=` },
      'jwk/coordinates',
    ),
    'jwk-off-curve': jwk(
      'A point off the curve.',
      { ...f.person, x: f.text('not on the curve') },
      'jwk/not-on-curve',
    ),

    'did-jwk-plain': {
      about: 'The key a did:jwk names.',
      check: 'did-jwk',
      input: { did: f.did },
      output: f.person,
    },
    'did-jwk-other-spelling': {
      about: 'The same key with its members in another order.',
      check: 'did-jwk',
      input: {
        did: `did:jwk:${f.json64({ kty: 'EC', crv: 'P-256', x: f.person.x, y: f.person.y })}`,
      },
      error: 'jwk/did',
    },
    'did-jwk-other-method': {
      about: 'Another method.',
      check: 'did-jwk',
      input: { did: f.DID },
      error: 'jwk/did',
    },
    'jws-plain': {
      about: 'A signature that holds.',
      check: 'jws',
      input: { jws: good, typ: 'test+jwt', key: ['kid'], jwk: f.person },
      output: payload,
    },
    'jws-two-parts': jws('No signature part.', `${head}.${body}`, 'jws/parts'),
    'jws-padding': jws('Base64 with padding.', `${head}.${body}.${signature}==`, 'jws/parts'),
    'jws-non-canonical': jws(
      'Left-over bits in the last character.',
      `${head}.${body}.${signature.slice(0, -1)}${signature.endsWith('B') ? 'C' : 'B'}`,
      'bytes/base64url',
    ),
    'jws-short-signature': jws(
      'A signature of 63 bytes.',
      `${head}.${body}.${f.text('sig').repeat(2).slice(0, 84)}`,
      'jws/signature-length',
    ),
    'jws-altered-signature': jws(
      'Another signature.',
      `${head}.${body}.${f.jws({ a: 1 }, {}, f.keys.person).split('.')[2]}`,
      'jws/signature',
    ),
    'jws-alg-none': jws('alg none.', header({ alg: 'none' }), 'jws/alg'),
    'jws-alg-rs256': jws('alg RS256.', header({ alg: 'RS256' }), 'jws/alg'),
    'jws-other-typ': jws('The typ of another message.', header({ typ: 'other+jwt' }), 'jws/typ'),
    'jws-crit': jws('crit.', header({ crit: ['b64'] }), 'jws/header'),
    'jws-b64': jws('b64.', header({ b64: false }), 'jws/header'),
    'jws-jku': jws('jku.', header({ jku: 'https://evil.example' }), 'jws/header'),
    'jws-x5u': jws('x5u.', header({ x5u: 'https://evil.example' }), 'jws/header'),
    'jws-x5c': jws('x5c.', header({ x5c: [] }), 'jws/header'),
    'jws-jwk': jws(
      'A jwk where the text does not allow one.',
      header({ jwk: f.person }),
      'jws/header',
    ),
    'jws-payload-array': jws(
      'A payload that is no object.',
      f.jws({ alg: 'ES256', typ: 'test+jwt', kid: 'k' }, [], f.keys.person),
      'jws/payload',
    ),

    'host-same': relation('The page on the brand’s own host.', f.ORIGIN, 'same'),
    'host-child': relation('The page on a host below it.', 'https://de.shop.example', 'child'),
    'host-sibling': relation(
      'A host that merely ends in the same letters.',
      'https://evilshop.example',
      null,
    ),
    'host-parent': relation('A host above it.', 'https://example', null),
    'host-other-port': relation(
      'The same name on another port.',
      'https://shop.example:8443',
      null,
    ),
    'host-http': relation('The same host without TLS.', 'http://shop.example', null),
    'did-path': did('A path.', 'did:web:shop.example:brand'),
    'did-port': did('A port.', 'did:web:shop.example%3A8443'),
    'did-percent': did('Percent-encoding.', 'did:web:sh%6Fp.example'),
    'did-upper-case': did('Upper case.', 'did:web:Shop.example'),
    'did-single-label': did('One label.', 'did:web:localhost'),
    'did-address': did('An IPv4 address.', 'did:web:127.0.0.1'),
    'did-hex-address': did(
      'An IPv4 address whose last part is hexadecimal.',
      'did:web:127.0.0.0x1',
    ),
    'did-hex-short': did('An IPv4 address of two hexadecimal parts.', 'did:web:0xa9.0xfea9fe'),
    'did-hex-empty': did(
      'A last label that URL parsers read as no number at all.',
      'did:web:shop.0x',
    ),
    'did-other-method': did('Another method.', 'did:key:z6Mk'),

    'document-plain': {
      about: 'A brand document.',
      check: 'brand-document',
      input: { did: f.DID, document: JSON.stringify(f.document) },
      output: {
        keys: [
          f.hash(`{"crv":"P-256","kty":"EC","x":"${f.keys.brand.x}","y":"${f.keys.brand.y}"}`),
        ],
        manifest: f.manifest,
      },
    },
    'document-other-id': document(
      'The document of somebody else.',
      { id: 'did:web:other.example' },
      'brand/document',
    ),
    'document-no-authentication': document(
      'No key may authenticate.',
      { authentication: [] },
      'brand/no-keys',
    ),
    'document-foreign-method': document(
      'A method under another DID.',
      {
        verificationMethod: [{ ...method, id: 'did:web:other.example#k' }],
        authentication: ['did:web:other.example#k'],
      },
      'brand/document',
    ),
    'document-no-manifest': document('No Zusage service.', { service: [] }, 'brand/document'),
    'manifest-unknown-member': manifest('An unknown member.', { extra: true }),
    'manifest-custom-class': manifest('A custom attribute of a built-in class.', {
      custom: [{ id: 'size.hut', label: { en: 'Hut', de: 'Hütte' } }],
    }),
    'manifest-origin-http': manifest('A listed origin without TLS.', {
      origins: ['http://de.shop.example'],
    }),
    'manifest-period-months': manifest('A period in months.', { period: 'P12M' }),
  };
}
