import { decodeUtf8 } from '@zusage/protocol/bytes';
import {
  digestOf,
  disclosureOf,
  type Field,
  payloadOf,
  R_SIZE,
  SALT_SIZE,
  saltAt,
} from './commitment.ts';
import { HASH_SIZE } from './hash.ts';
import {
  fieldsOf,
  LIFECYCLE_FIELDS,
  type LifecycleValues,
  PAD,
  PERSON_FIELDS,
  SALTS_SIZE,
} from './lifecycle.ts';

/** What opens a lifecycle entry, as it is stored: the person's part goes alone. */
export type OpeningParts = { readonly kept: Buffer; readonly person: Buffer | null };

/** What opens it, as it is given away. */
export type Opening = {
  readonly r: Buffer;
  readonly payload: string;
  /** In the order of the fields; those that were erased are missing. */
  readonly disclosures: readonly string[];
};

const KEPT = LIFECYCLE_FIELDS.flatMap((name, i) => (PERSON_FIELDS.includes(name) ? [] : [i]));
const PERSON = LIFECYCLE_FIELDS.flatMap((name, i) => (PERSON_FIELDS.includes(name) ? [i] : []));

/**
 * Kept: `r`, the salts of its fields, the digests of the person's, and its values in JSON. Person: salts and values of
 * the person's fields. Where these say nothing, as after an erasure, there is nothing to take away later: their salts
 * stand in the place of the digests, and their values after the others. For a pad only `r` and all salts.
 */
export function partsOf(
  values: LifecycleValues,
  { r, salts, digests }: { r: Buffer; salts: Buffer; digests: readonly string[] },
): OpeningParts {
  if (values === PAD) return { kept: Buffer.concat([r, salts]), person: null };
  const fields = fieldsOf(values);
  const saltsAt = (places: readonly number[]) => places.map((place) => saltAt(salts, place));
  const valuesAt = (places: readonly number[]) =>
    Buffer.from(JSON.stringify(places.map((place) => (fields[place] as Field)[1])));
  if (PERSON.every((place) => (fields[place] as Field)[1] === null)) {
    const room = Buffer.alloc(PERSON.length * HASH_SIZE);
    Buffer.concat(saltsAt(PERSON)).copy(room);
    const all = valuesAt([...KEPT, ...PERSON]);
    return { kept: Buffer.concat([r, ...saltsAt(KEPT), room, all]), person: null };
  }
  const hidden = PERSON.map((place) => Buffer.from(digests[place] as string, 'base64url'));
  return {
    kept: Buffer.concat([r, ...saltsAt(KEPT), ...hidden, valuesAt(KEPT)]),
    person: Buffer.concat([...saltsAt(PERSON), valuesAt(PERSON)]),
  };
}

export function openingOf({ kept, person }: OpeningParts): Opening {
  const r = kept.subarray(0, R_SIZE);
  const rest = kept.subarray(R_SIZE);
  if (rest.length === SALTS_SIZE) {
    const disclosures = fieldsOf(PAD).map((field, i) => disclosureOf(saltAt(rest, i), field));
    return { r, payload: payloadOf(disclosures.map(digestOf)), disclosures };
  }
  const hidden = rest.subarray(KEPT.length * SALT_SIZE);
  const values = valuesIn(hidden.subarray(PERSON.length * HASH_SIZE));
  const disclosures = new Map(disclosed(KEPT, rest, values));
  const add = (salts: Buffer, own: readonly unknown[]) => {
    for (const [place, text] of disclosed(PERSON, salts, own)) disclosures.set(place, text);
  };
  if (values.length > KEPT.length) add(hidden, values.slice(KEPT.length));
  const digests = [...disclosures.values()].map(digestOf);
  if (values.length === KEPT.length) {
    for (let i = 0; i < PERSON.length; i++) {
      digests.push(hidden.subarray(i * HASH_SIZE, (i + 1) * HASH_SIZE).toString('base64url'));
    }
  }
  if (person !== null) add(person, valuesIn(person.subarray(PERSON.length * SALT_SIZE)));
  const inOrder = [...disclosures].sort(([one], [other]) => one - other);
  return { r, payload: payloadOf(digests), disclosures: inOrder.map(([, text]) => text) };
}

function valuesIn(json: Buffer): unknown[] {
  return JSON.parse(decodeUtf8(json)) as unknown[];
}

function disclosed(
  places: readonly number[],
  salts: Buffer,
  values: readonly unknown[],
): [place: number, disclosure: string][] {
  return places.map((place, i) => {
    const name = LIFECYCLE_FIELDS[place] as string;
    return [place, disclosureOf(saltAt(salts, i), [name, values[i]])];
  });
}

/** The JSON that a `.tlog-proof` carries. `act`: a JWS, and `stop` a stop value, that the entry's `actor_sig` or grant answers for. */
export function openingText(
  entry: string,
  { r, payload, disclosures }: Opening,
  evidence: { readonly act?: string; readonly stop?: string },
): Buffer {
  const { act, stop } = evidence;
  return Buffer.from(
    JSON.stringify({
      v: 1,
      entry,
      r: r.toString('base64url'),
      payload,
      disclosures,
      ...(act !== undefined && { act }),
      ...(stop !== undefined && { stop }),
    }),
  );
}
