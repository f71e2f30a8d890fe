import { createHash, createHmac } from 'node:crypto';
import { type Decision, type Item, type Once, type Reason, refusalOf, validFor } from './decide.ts';
import { ApiError } from './errors.ts';
import type { GrantTerms } from './store/port.ts';

/** An RFC 8941 string of 1–128 characters without escapes. */
const KEY = /^"([ !#-[\]-~]{1,128})"$/;

/** One item as it is kept: decision, reason, and which grant decided; null for what was no question. */
type Kept = readonly [decision: boolean, reason: Reason | null, grant: string | null] | null;

/**
 * `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header): a request that counts a use counts it once, however
 * often it is sent. What is kept names nobody: the key stands there as its hash, request and grant as HMACs under it.
 * @param header as it came, if it did
 * @param request what must be the same each time; JSON
 * @returns undefined without the header
 * @throws ApiError `http/malformed`
 */
export function onceOf(
  brand: string,
  { header, request }: { header: string | string[] | undefined; request: unknown },
): Once | undefined {
  if (header === undefined) return undefined;
  const [, key] = KEY.exec(String(header)) ?? [];
  if (key === undefined) {
    const detail = 'Idempotency-Key must be 1 to 128 characters in double quotes.';
    throw new ApiError('http/malformed', { detail });
  }
  const under = (text: string) => createHmac('sha256', key).update(text).digest('base64url');
  const hash = createHash('sha256').update(key).digest('base64url');
  const requestHash = under(JSON.stringify(request));
  const grantTag = (jti: string) => under(jti).slice(0, 22);
  return {
    key: hash,
    earlier: (known, now, items) => {
      if (known === null) return null;
      if (known.request !== requestHash) throw new ApiError('idempotency/mismatch');
      const kept: readonly Kept[] = JSON.parse(known.answers);
      return kept.map((answer, place) => {
        const item = items[place];
        if (answer === null || item === null || item === undefined) return null;
        const [decision, reason, tag] = answer;
        if (!decision) return { decision, reason };
        const grant = item.grants.find(({ jti }) => grantTag(jti) === tag);
        return allowedStill(item, grant, { at: known.at, now });
      });
    },
    told: (at, answers) => {
      const kept = answers.map<Kept>((answer) => {
        if (answer === null) return null;
        if (!answer.decision) return [false, answer.reason, null];
        return [true, null, grantTag(answer.grant.jti)];
      });
      return { brand, key: hash, request: requestHash, at, answers: JSON.stringify(kept) };
    },
  };
}

/**
 * What was allowed is allowed again, as the same use, but only while everything else about the grant still holds: a
 * repetition never outlives a withdrawal, nor the time for which the first answer could be kept.
 */
function allowedStill(
  { asked }: Item,
  grant: GrantTerms | undefined,
  { at, now }: { at: number; now: number },
): Decision {
  if (grant === undefined || refusalOf(grant, asked, now) !== null) {
    throw new ApiError('idempotency/outdated');
  }
  return {
    decision: true,
    grant,
    validFor: Math.max(0, validFor(grant, at) - Math.max(0, now - at)),
  };
}
