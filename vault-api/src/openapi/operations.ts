import { ReadAnswer } from '@zusage/protocol/read';
import { SlotAnswer } from '@zusage/protocol/slot';
import type * as z from 'zod';
import { CompactBody } from '../body.ts';
import { GrantQuery } from '../list-grants.ts';
import { GrantBody, SlotBody, StopBody } from '../routes/grants.ts';
import { IntrospectionForm, OneTokenForm, TokenForm } from '../routes/oauth.ts';
import { accessOperations, onceOnly } from './access.ts';
import * as answers from './answers.ts';
import * as examples from './examples.ts';
import type { Codes, Operation } from './operation.ts';

/** An answer in JSON. */
const json = (shape: z.core.$ZodType, says: string) => ({
  says,
  bodies: { 'application/json': shape },
});
const FORM = 'application/x-www-form-urlencoded' as const;
/** What may be wrong with the bytes of a request and of what stands around it. */
const SIGNED_REQUEST: Codes[] = [
  'bytes/*',
  'json/*',
  'jwk/*',
  'jws/*',
  'did/*',
  'origin/*',
  'link/*',
  'text/*',
  'duration/*',
  'brand/*',
  'request/*',
  'terms/*',
  'slot/shape',
];
const GRANT_ID = { jti: 'The grant, `urn:uuid:…`' };

const publicOperations: Operation[] = [
  {
    method: 'get',
    path: '/livez',
    tag: 'Operation',
    summary: 'The process answers',
    limited: false,
    answers: { 200: json(answers.Fine, 'It does') },
  },
  {
    method: 'get',
    path: '/readyz',
    tag: 'Operation',
    summary: 'The store can be read and written, too',
    limited: false,
    answers: { 200: json(answers.Ready, 'It does; in quarantine, for ends only') },
    problems: { 503: ['service/not-writable'] },
  },
  {
    method: 'get',
    path: '/.well-known/oauth-authorization-server',
    tag: 'Metadata',
    summary: 'Endpoints and the key of the log (RFC 8414)',
    answers: { 200: json(answers.Metadata, 'What brands and extensions pin') },
  },
  {
    method: 'get',
    path: '/jwks.json',
    tag: 'Metadata',
    summary: 'Keys of receipts, status lists and introspection replies (RFC 7517)',
    answers: { 200: json(answers.Keys, 'The present key first, earlier ones after it') },
  },
  {
    method: 'get',
    path: '/status/:n',
    tag: 'Status',
    summary: 'A token status list, two bits an entry',
    description: '0 active, 1 ended, 2 suspended, 3 not registered.',
    params: { n: 'Number of the list' },
    headers: { 'if-none-match': 'The ETag of what is already there' },
    answers: {
      200: {
        says: 'The signed list',
        bodies: { 'application/statuslist+jwt': answers.Compact },
        headers: { etag: 'Changes with the list' },
      },
      304: { says: 'Nothing has changed' },
    },
  },
];

const TEXT = 'text/plain; charset=utf-8';
const BYTES = 'application/octet-stream';

const logOperations: Operation[] = [
  {
    method: 'get',
    path: '/log/checkpoint',
    tag: 'Log',
    summary: 'The latest published checkpoint (C2SP tlog-checkpoint)',
    limited: false,
    answers: { 200: { says: 'A signed note', bodies: { [TEXT]: answers.SignedNote } } },
    problems: { 404: ['http/not-found'] },
  },
  {
    method: 'get',
    path: '/log/key',
    tag: 'Log',
    summary: 'The verifier key of the log, one line (C2SP signed-note)',
    limited: false,
    answers: { 200: { says: 'As `log_vkey` of the metadata', bodies: { [TEXT]: answers.Bytes } } },
  },
  {
    method: 'get',
    path: '/log/note/:size',
    tag: 'Log',
    summary: 'Any checkpoint that was ever published',
    limited: false,
    params: { size: 'Its size' },
    answers: { 200: { says: 'A signed note', bodies: { [TEXT]: answers.SignedNote } } },
    problems: { 404: ['http/not-found'] },
  },
  {
    method: 'get',
    path: '/log/tile/:level/*',
    tag: 'Log',
    summary: 'A tile of hashes, or with the level entries a bundle of entries (C2SP tlog-tiles)',
    limited: false,
    params: { level: 'Level, or `entries`', number: 'Number, and `.p/<width>` of a partial one' },
    answers: { 200: { says: 'Never changes', bodies: { [BYTES]: answers.Bytes } } },
    problems: { 404: ['http/not-found'] },
  },
];

const brandOperations: Operation[] = [
  {
    method: 'post',
    path: '/brands',
    tag: 'Brands',
    summary: 'Enrol a brand, or have its document read anew',
    description:
      'The body is a `brand-enrolment+jwt` by a key of the brand document, which is fetched. Its nonce is single use.',
    body: { type: 'application/jwt', shape: CompactBody },
    answers: { 201: json(answers.Brand, 'Enrolled, with the bounds that count') },
    problems: {
      400: ['enrolment/shape', 'jws/*', 'jwk/*', 'did/syntax', 'brand/*', 'json/*', 'text/*'],
      403: ['brand/frozen'],
      409: ['enrolment/stale', 'once/used'],
      422: ['enrolment/mismatch', 'jws/signature'],
      502: ['brand/unreachable'],
    },
  },
  {
    method: 'get',
    path: '/brands',
    tag: 'Brands',
    summary: 'All enrolled brands',
    answers: { 200: json(answers.Brands, 'Names and bounds') },
  },
  {
    method: 'get',
    path: '/brands/:did',
    tag: 'Brands',
    summary: 'One brand',
    params: { did: 'Its did:web' },
    answers: { 200: json(answers.Brand, 'Name and bounds') },
  },
];

const grantOperations: Operation[] = [
  {
    method: 'post',
    path: '/grants/slots',
    tag: 'Grants',
    summary: 'A place in a status list, before a grant is signed',
    description:
      'The same request and pseudonym get the same slot while it lives. No brand has more than its quota open.',
    body: { type: 'application/json', shape: SlotBody },
    answers: { 200: json(SlotAnswer, "The place, and the vault's clock") },
    problems: {
      400: SIGNED_REQUEST,
      403: ['brand/*', 'request/*'],
      409: ['slot/stale', 'request/replayed'],
      422: ['slot/*', 'request/*', 'jws/signature'],
      429: ['slot/limit'],
    },
  },
  {
    method: 'post',
    path: '/grants',
    tag: 'Grants',
    summary: 'Register a grant',
    description: 'Verified here, once. The same bytes again give the same receipt.',
    body: { type: 'application/json', shape: GrantBody },
    answers: {
      201: json(answers.Registered, 'Registered, durably and in the log'),
      202: json(answers.Registered, 'Registered, durably, but not in the log yet: post it again'),
    },
    problems: {
      400: ['grant/*', 'status/shape', 'disclosure/*', ...SIGNED_REQUEST],
      403: ['narrow/*', 'brand/*', 'request/*', 'grant/*'],
      409: ['slot/none', 'grant/conflict', 'request/replayed'],
      422: ['grant/*', 'jws/signature', 'request/*', 'slot/mismatch', 'jwk/*'],
    },
  },
  {
    method: 'get',
    path: '/grants',
    tag: 'Grants',
    summary: "The caller's grants, page by page",
    description:
      'In any state, not erased, and at least a minute old. A status query: no use and no record.',
    auth: 'token',
    query: GrantQuery,
    answers: { 200: json(answers.GrantPage, 'One page') },
    problems: { 401: ['auth/required'] },
  },
  {
    method: 'get',
    path: '/grants/:jti',
    tag: 'Grants',
    summary: 'One grant of the caller',
    auth: 'token',
    params: GRANT_ID,
    answers: { 200: json(answers.GrantView, 'What was given, and whether it counts') },
    problems: { 401: ['auth/required'], 404: ['grant/unknown'] },
  },
  {
    method: 'post',
    path: '/grants/:jti/events',
    tag: 'Grants',
    summary: 'Withdraw, restore, suspend, resume, erase',
    description:
      "The body is a `grant-event+jwt` by the grant's key. The same event again gives the same answer; a withdrawal is idempotent and never refused for load.",
    params: GRANT_ID,
    body: { type: 'application/jwt', shape: CompactBody },
    limited: false,
    answers: {
      200: json(answers.EventAnswer, 'The state after it'),
      202: json(answers.EventAnswer, 'Done, but not in the log yet: post it again'),
    },
    problems: {
      400: ['event/*', 'jws/*', 'json/*'],
      403: ['event/aud'],
      404: ['grant/unknown'],
      409: ['event/stale', 'event/state', 'once/used'],
      429: ['event/limit'],
    },
  },
  {
    method: 'post',
    path: '/grants/:jti/read',
    tag: 'Grants',
    summary: 'What became of a grant and who asked about it',
    description: "The body is a `grant-read+jwt` by the grant's key, good once.",
    params: GRANT_ID,
    body: { type: 'application/jwt', shape: CompactBody },
    answers: { 200: json(ReadAnswer, 'State, events and checks') },
    problems: {
      400: ['read/shape', 'jws/*', 'json/*'],
      404: ['grant/unknown'],
      409: ['read/stale', 'once/used'],
    },
  },
  {
    method: 'post',
    path: '/grants/:jti/proofs',
    tag: 'Grants',
    summary: 'The entries of a grant in the log, each with its proof and what opens it',
    description:
      "For the person. The body is a `grant-read+jwt` by the grant's key, good once. What is not published yet is missing.",
    params: GRANT_ID,
    body: { type: 'application/jwt', shape: CompactBody },
    answers: { 200: json(answers.Proofs, 'C2SP tlog-proof texts, by number of the entry') },
    problems: {
      400: ['read/shape', 'jws/*', 'json/*'],
      404: ['grant/unknown'],
      409: ['read/stale', 'once/used'],
    },
  },
  {
    method: 'get',
    path: '/grants/:jti/proofs',
    tag: 'Grants',
    summary: 'The same for the audience, also after erasure',
    auth: 'token',
    params: GRANT_ID,
    answers: { 200: json(answers.Proofs, 'C2SP tlog-proof texts, by number of the entry') },
    problems: { 401: ['auth/required'], 404: ['grant/unknown'] },
  },
  {
    method: 'get',
    path: '/stop',
    tag: 'Grants',
    summary: 'The page that ends all grants of a printed sheet',
    description: 'One file that loads nothing, for a computer that has no vault.',
    answers: { 200: { says: 'In English and German', bodies: { 'text/html': answers.Html } } },
  },
  {
    method: 'post',
    path: '/stop',
    tag: 'Grants',
    summary: 'End a grant for good with a value from a printed sheet',
    body: { type: 'application/json', shape: StopBody },
    limited: false,
    answers: { 200: json(answers.Stopped, 'Whether a grant was ever registered with it') },
    problems: { 400: ['stop/shape', 'bytes/*', 'json/*'] },
  },
];

const oauthOperations: Operation[] = [
  {
    method: 'post',
    path: '/token',
    tag: 'Brands',
    summary: 'A bearer token for 600 s (RFC 6749 §4.4, RFC 7523)',
    body: { type: FORM, shape: TokenForm, example: examples.token },
    answers: { 200: json(answers.Token, 'Opaque, and gone with the key that got it') },
    problems: {
      400: ['oauth/grant-type', 'bytes/*'],
      401: ['auth/required'],
      429: ['http/brand-rate'],
    },
  },
  {
    method: 'post',
    path: '/introspect',
    tag: 'Checks',
    summary: 'State of one grant (RFC 7662, RFC 9701); with a purpose a use of it',
    auth: 'either',
    limited: false,
    headers: { accept: '`application/token-introspection+jwt` for a signed answer', ...onceOnly },
    body: { type: FORM, shape: IntrospectionForm, example: examples.introspection },
    answers: {
      200: {
        says: 'Active or not',
        bodies: {
          'application/json': answers.Introspection,
          'application/token-introspection+jwt': answers.Compact,
        },
      },
    },
    problems: {
      400: ['grant/*', 'bytes/*'],
      401: ['auth/required'],
      409: ['idempotency/outdated'],
      422: ['idempotency/mismatch'],
    },
  },
  {
    method: 'post',
    path: '/revoke',
    tag: 'Checks',
    summary: 'Hand a grant back: it ends, and its values have been erased (RFC 7009)',
    auth: 'either',
    body: { type: FORM, shape: OneTokenForm, example: examples.revocation },
    answers: { 200: { says: 'Done, or not yours' } },
    problems: { 400: ['grant/*', 'bytes/*'], 401: ['auth/required'] },
  },
];

/** Everything the service answers. */
export const OPERATIONS: readonly Operation[] = [
  ...publicOperations,
  ...logOperations,
  ...brandOperations,
  ...grantOperations,
  ...accessOperations,
  ...oauthOperations,
];
