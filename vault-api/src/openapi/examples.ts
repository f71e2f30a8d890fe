import { CLIENT_ASSERTION_TYPE } from '@zusage/protocol/client-assertion';

// One person, one brand and one grant, as protocol/SPEC.md §12 has them.

const SUBJECT = 'ArezyVuFjechs03W5q13wBmHL39uKcvkeN_qPP1VwPQ';
const PURPOSE = 'https://w3id.org/dpv#ProvideProductRecommendations';
const GRANT = 'urn:uuid:0b1d7a5e-0000-4000-8000-000000000001';

const user = { type: 'user', id: SUBJECT };
const shoe = { type: 'attribute', id: 'size.shoe' };
const action = { name: PURPOSE };
const allowed = { decision: true, context: { grant: GRANT, valid_for: 300 } };
const denied = { decision: false, context: { reason: 'attribute' } };

export const evaluation = { subject: user, action, resource: shoe };
export const decisions = {
  allowed,
  'denied, and why': denied,
  'no grant to this brand': { decision: false },
};

export const evaluations = {
  subject: user,
  action,
  evaluations: [{ resource: shoe }, { resource: { type: 'attribute', id: 'intent.travel' } }],
};
export const batch = { 'one allowed, one denied': { evaluations: [allowed, denied] } };

/** Of each search its question and its answer. */
export const searches = {
  subject: {
    body: { subject: { type: 'user' }, action, resource: shoe, page: { limit: 100 } },
    found: user,
  },
  resource: { body: { subject: user, action, resource: { type: 'attribute' } }, found: shoe },
  action: { body: { subject: user, resource: shoe }, found: action },
} as const;

export const token = {
  grant_type: 'client_credentials',
  client_assertion_type: CLIENT_ASSERTION_TYPE,
  client_assertion: '<JWT by a key of the brand document>',
};
export const introspection = { token: GRANT, purpose: PURPOSE, datatypes: 'size.shoe' };
export const revocation = { token: GRANT };
