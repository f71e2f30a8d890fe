import { Manifest } from '@zusage/protocol/brand-document';
import { AuthorizationDetails } from '@zusage/protocol/grant';
import { Hash, NumericDate, UuidUrn } from '@zusage/protocol/shape';
import * as z from 'zod';

// Shapes of what the service answers, for readers and for the test that holds the answers against them.

export const Compact = z.string().regex(/^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/);

export const Html = z.string();

export const Brand = z.strictObject({
  did: z.string(),
  manifest: Manifest,
  enrolled_at: NumericDate,
  frozen: z.boolean(),
});

export const Brands = z.strictObject({ brands: z.array(Brand) });

export const Registered = z.strictObject({ receipt: Compact });

export const GrantState = z.enum(['active', 'suspended', 'ended', 'not-yet', 'expired']);

export const EventAnswer = z.strictObject({
  state: GrantState,
  seq: z.int().nonnegative(),
  undo_until: z.optional(NumericDate),
  receipt: Compact,
});

export const Proofs = z.strictObject({
  proofs: z.array(
    z.strictObject({
      seq: z.int().nonnegative(),
      event: z.string(),
      proof: z.string().startsWith('c2sp.org/tlog-proof@v1\n'),
    }),
  ),
});

/** A signed note: text, empty line, signature lines. */
export const SignedNote = z
  .string()
  .regex(/^[^\n]+\n[0-9]+\n[A-Za-z0-9+/]{43}=\n\n(?:— \S+ \S+\n)+$/);
export const Bytes = z.string();

export const Stopped = z.strictObject({ known: z.boolean() });

export const Token = z.strictObject({
  access_token: Hash,
  token_type: z.literal('Bearer'),
  expires_in: z.int().positive(),
});

export const Reason = z.enum([
  'brand-frozen',
  'withdrawn',
  'suspended',
  'not-yet',
  'expired',
  'purpose',
  'attribute',
  'frequency',
]);

export const Introspection = z.union([
  z.strictObject({
    active: z.literal(true),
    iss: z.string(),
    sub: Hash,
    aud: z.string(),
    jti: UuidUrn,
    nbf: NumericDate,
    exp: NumericDate,
    authorization_details: z.array(AuthorizationDetails),
    valid_for: z.int().min(0).max(300).optional(),
  }),
  z.strictObject({ active: z.literal(false), reason: Reason.optional() }),
]);

/** AuthZEN 1.0: `context` carries reason, valid_for and grant, to the audience only. */
export const Decision = z.looseObject({
  decision: z.boolean(),
  context: z
    .looseObject({
      reason: Reason.optional(),
      valid_for: z.int().min(0).max(300).optional(),
      grant: z.optional(UuidUrn),
    })
    .optional(),
});

export const GrantView = z.looseObject({
  jti: UuidUrn,
  subject: z.nullable(z.string()),
  state: z.enum(['active', 'suspended', 'ended', 'not-yet', 'expired']),
  nbf: z.int(),
  exp: z.int(),
  registered_at: z.int(),
  returned: z.boolean(),
  grant_hash: Hash,
  status: z.object({ uri: z.string(), idx: z.int().min(0) }),
  authorization_details: z.array(z.looseObject({})),
});
export const GrantPage = z.object({
  page: z.object({ next_token: z.string(), count: z.int().min(0) }),
  grants: z.array(GrantView),
});

export const Metadata = z.looseObject({
  issuer: z.string(),
  jwks_uri: z.string(),
  token_endpoint: z.string(),
  introspection_endpoint: z.string(),
  revocation_endpoint: z.string(),
  log_vkey: z.string(),
});

export const Keys = z.strictObject({
  keys: z.array(
    z.strictObject({
      kty: z.literal('EC'),
      crv: z.literal('P-256'),
      x: Hash,
      y: Hash,
      kid: Hash,
      use: z.literal('sig'),
      alg: z.literal('ES256'),
    }),
  ),
});

export const AuthzenMetadata = z.looseObject({
  policy_decision_point: z.string(),
  access_evaluation_endpoint: z.string(),
  access_evaluations_endpoint: z.string(),
  search_subject_endpoint: z.string(),
  search_resource_endpoint: z.string(),
  search_action_endpoint: z.string(),
});

export const Fine = z.strictObject({ status: z.literal('ok') });
export const Ready = z.strictObject({ status: z.enum(['ok', 'quarantine']) });
