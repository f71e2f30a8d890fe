import type { AuthorizationDetails, GrantClaims } from './grant.ts';

/** States of a consent record, DPV 2.3. */
export type ConsentState =
  | 'ConsentGiven'
  | 'ConsentRefused'
  | 'ConsentWithdrawn'
  | 'ConsentExpired'
  | 'RenewedConsentGiven';

/** As much of a grant as its record says: a service that keeps no JWT can still write one. */
export type RecordedGrant = {
  readonly claims: Pick<GrantClaims, 'jti' | 'aud' | 'nbf' | 'exp'>;
  readonly details: AuthorizationDetails;
  readonly pseudonym: string;
};

/**
 * ISO/IEC TS 27560 consent record as JSON-LD, after the W3C DPV guide for it (SPEC §10). Says what the grant says
 * and nothing more: attribute names and DPV categories, never values.
 * @param at NumericDate of the state
 */
export function consentRecord(
  { claims, details, pseudonym }: RecordedGrant,
  state: ConsentState,
  at: number,
) {
  return {
    '@context': {
      dpv: 'https://w3id.org/dpv#',
      pd: 'https://w3id.org/dpv/pd#',
      dct: 'http://purl.org/dc/terms/',
    },
    '@id': claims.jti,
    '@type': 'dpv:ConsentReceipt',
    'dct:conformsTo': 'https://w3id.org/dpv/guides/consent-27560',
    'dpv:hasDataSubject': pseudonym,
    'dpv:hasDataController': claims.aud,
    'dpv:hasPurpose': details.purpose,
    'dpv:hasPersonalData': details.personal_data,
    'dpv:hasData': details.datatypes,
    'dpv:hasLegalBasis': details.legal_basis,
    'dpv:hasRecipient': details.recipients,
    'dpv:hasStorageCondition': { 'dpv:hasDuration': details.retention },
    'dpv:hasNotice': details.notice.uri,
    'dpv:hasConsentControl': ['dpv:ProvideConsent', 'dpv:WithdrawConsent'],
    'dpv:hasConsentStatus': `dpv:${state}`,
    'dpv:isIndicatedAtTime': new Date(at * 1000).toISOString(),
    'dct:valid': {
      start: new Date(claims.nbf * 1000).toISOString(),
      end: new Date(claims.exp * 1000).toISOString(),
    },
  };
}
export type ConsentRecord = ReturnType<typeof consentRecord>;
