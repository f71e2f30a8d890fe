/**
 * What grants and receipts have in common, the most frequent last (RFC 1951 finds what is near in fewer bits). Nothing in
 * it may ever change: whatever was packed with it is unpacked with it. Another one would get another first byte.
 */
export const JWS_DICTIONARY = Buffer.from(
  [
    '"frequency":{"uses":1,"per":"P1D"},"replaces":"urn:uuid:","decided_by":"rule",',
    '"event":"withdrawn","event":"suspended","event":"resumed","event":"restored","event":"replaced","event":"expired",',
    '"dpv:hasConsentStatus":"dpv:ConsentWithdrawn","dpv:ConsentExpired","dpv:RenewedConsentGiven",',
    '{"alg":"ES256","typ":"consent-receipt+jwt","kid":"',
    '"}{"iss":"https://","aud":"","jti":"urn:uuid:","iat":179,"grant":"urn:uuid:","grant_hash":"","request_hash":"',
    '","event":"registered","seq":0,"status_list":{"uri":"https:///status/0","idx":},"record":{"@context":',
    '{"dpv":"https://w3id.org/dpv#","pd":"https://w3id.org/dpv/pd#","dct":"http://purl.org/dc/terms/"},"@id":"urn:uuid:',
    '","@type":"dpv:ConsentReceipt","dct:conformsTo":"https://w3id.org/dpv/guides/consent-27560","dpv:hasDataSubject":"',
    '","dpv:hasDataController":"did:web:","dpv:hasPurpose":["https://w3id.org/dpv#"],"dpv:hasPersonalData":',
    '["https://w3id.org/dpv/pd#"],"dpv:hasData":["size."],"dpv:hasLegalBasis":"https://w3id.org/dpv#Consent",',
    '"dpv:hasRecipient":[],"dpv:hasStorageCondition":{"dpv:hasDuration":"P90D"},"dpv:hasNotice":"https://',
    '","dpv:hasConsentControl":["dpv:ProvideConsent","dpv:WithdrawConsent"],"dpv:hasConsentStatus":"dpv:ConsentGiven",',
    '"dpv:isIndicatedAtTime":"2026-11-22T00:00:00.000Z","dct:valid":{"start":"2026-11-22T00:00:00.000Z","end":"2027-',
    'T00:00:00.000Z"}},"log":{"origin":"/log","index":,"leaf":""},"stream":""}',
    '{"alg":"ES256","typ":"dc+sd-jwt","kid":"did:jwk:eyJjcnYiOiJQLTI1NiIsImt0eSI6IkVDIiwieCI6I',
    '#0","jwk":{"kty":"EC","crv":"P-256","x":"","y":""}}{"iss":"did:jwk:eyJjcnYiOiJQLTI1NiIsImt0eSI6IkVDIiwieCI6I',
    '","vct":"urn:zusage:grant:1","jti":"urn:uuid:","iat":179,"nbf":179,"exp":180,"aud":"did:web:',
    '","cnf":{"jwk":{"kty":"EC","crv":"P-256","x":"","y":""}},"status":{"status_list":{"uri":"https:///status/0","idx":}},',
    '"authorization_details":[{"type":"urn:zusage:data-share:1","actions":["read"],"locations":["https://"],"datatypes":',
    '["size."],"personal_data":["https://w3id.org/dpv/pd#PhysicalCharacteristic"],"purpose":["https://w3id.org/dpv#',
    'ProvideProductRecommendations"],"dpv":"2.3","legal_basis":"https://w3id.org/dpv#Consent","retention":"P90D",',
    '"recipients":[],"notice":{"uri":"https://","hash#sha-256":""}}],"request_hash":"","terms_hash":"","decided_by":',
    '"person","shown":{"lang":"en","wording":"1"},"stop":"","_sd_alg":"sha-256","data":{"_sd":["","","",""]}}',
  ].join(''),
);
