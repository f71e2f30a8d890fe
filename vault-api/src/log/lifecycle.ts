import { type Field, R_SIZE, SALT_SIZE } from './commitment.ts';

/** The fields of every lifecycle entry, in their order; absent is null. */
export const LIFECYCLE_FIELDS = [
  'type',
  'brand',
  'brand_seq',
  'brand_prev',
  'brand_key_id',
  'grant',
  'grant_seq',
  'subject',
  'scope',
  'at',
  'grant_hash',
  'request_hash',
  'terms_hash',
  'actor_sig',
] as const;
export type LifecycleField = (typeof LIFECYCLE_FIELDS)[number];
export type LifecycleValues = Readonly<Record<LifecycleField, unknown>>;

/** The person's own among them: gone after erasure. */
export const PERSON_FIELDS: readonly LifecycleField[] = ['subject', 'scope', 'actor_sig'];

/** Bytes of the salts of one entry. */
export const SALTS_SIZE = LIFECYCLE_FIELDS.length * SALT_SIZE;
/** Random bytes one entry needs: `r`, then its salts. */
export const RANDOM_SIZE = R_SIZE + SALTS_SIZE;

export function fieldsOf(values: LifecycleValues): Field[] {
  return LIFECYCLE_FIELDS.map((name) => [name, values[name]]);
}

/** What stands for nothing and looks like any other entry. */
export const PAD: LifecycleValues = {
  ...(Object.fromEntries(LIFECYCLE_FIELDS.map((name) => [name, null])) as LifecycleValues),
  type: 'pad',
};
