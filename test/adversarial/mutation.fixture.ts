/** What can be done to a message without holding its key. */
import { fc } from '@fast-check/vitest';

const BASE64URL = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** Any text: printable, binary, base64url, with the separators of the formats, and JSON. */
export const anyText = fc.oneof(
  fc.string({ maxLength: 200 }),
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.string({ unit: fc.constantFrom(...BASE64URL, '.', '~', '='), maxLength: 400 }),
  fc.json({ maxDepth: 4 }),
);

/** A JSON value the protocol could meet anywhere. */
export const anyValue: fc.Arbitrary<unknown> = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom(0, -1, 2 ** 53, '', '__proto__', 'urn:zusage:grant:1', [], {}, null),
);

type Change<T> = (before: T) => T;
export type Mutation = Change<string>;

/** A change that depends on some arbitrary values; a counterexample names it and them. */
function change<T, A extends unknown[]>(
  name: string,
  values: { [I in keyof A]: fc.Arbitrary<A[I]> },
  apply: (before: T, ...given: A) => T,
): fc.Arbitrary<Change<T>> {
  return fc.tuple<A>(...values).map((given) =>
    Object.assign((before: T) => apply(before, ...given), {
      [fc.toStringMethod]: () => `${name} ${fc.stringify(given)}`,
    }),
  );
}

/** A share of a length, so that one place fits texts of all lengths. */
const place = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const at = (share: number, { length }: { length: number }) => Math.floor(share * length);

const flipBit = change(
  'flip bit',
  [place, fc.integer({ min: 0, max: 6 })],
  (text: string, share, bit) => {
    const index = at(share, text);
    const flipped = String.fromCharCode(text.charCodeAt(index) ^ (1 << bit));
    return text.slice(0, index) + flipped + text.slice(index + 1);
  },
);

const otherCharacter = change(
  'other character',
  [place, fc.constantFrom(...BASE64URL)],
  (text: string, share, character) => {
    const index = at(share, text);
    return text.slice(0, index) + character + text.slice(index + 1);
  },
);

const truncate = change('truncate', [place, fc.boolean()], (text: string, share, front) =>
  front ? text.slice(at(share, text)) : text.slice(0, at(share, text)),
);

const cut = change(
  'cut out',
  [place, fc.integer({ min: 1, max: 64 })],
  (text: string, share, length) =>
    text.slice(0, at(share, text)) + text.slice(at(share, text) + length),
);

const insert = change(
  'insert',
  [place, anyText],
  (text: string, share, other) =>
    text.slice(0, at(share, text)) + other + text.slice(at(share, text)),
);

const swapParts = change(
  'swap parts',
  [fc.constantFrom('.', '~'), place, place],
  (text: string, separator, one, two) => {
    const parts = text.split(separator);
    const [from, to] = [at(one, parts), at(two, parts)];
    const [moved, other] = [parts[from] as string, parts[to] as string];
    return parts.with(from, other).with(to, moved).join(separator);
  },
);

const repeatPart = change(
  'repeat part',
  [fc.constantFrom('.', '~'), place, place],
  (text: string, separator, one, two) => {
    const parts = text.split(separator);
    return parts.toSpliced(at(two, parts), 0, parts[at(one, parts)] as string).join(separator);
  },
);

type Members = Record<string, unknown>;

/** Follows one share after another into an object or array, as deep as it goes. */
function memberAt(whole: unknown, path: number[]): { holder: Members; name: string } {
  let holder = whole as Members;
  for (const [depth, share] of path.entries()) {
    const names = Object.keys(holder);
    const name = names[at(share, names)] ?? 'x';
    const inner = holder[name];
    const isLeaf = typeof inner !== 'object' || inner === null || Object.keys(inner).length === 0;
    if (isLeaf || depth === path.length - 1) return { holder, name };
    holder = inner as Members;
  }
  throw new RangeError('an empty path');
}

/** A member of a JSON object, at any depth, goes, changes its value, changes places or comes in addition. */
export const mutateJson = change(
  'change member',
  [
    fc.constantFrom('remove', 'replace', 'swap', 'add'),
    fc.array(place, { minLength: 1, maxLength: 4 }),
    place,
    anyValue,
  ],
  (before: unknown, kind, path, second, other) => {
    const after = structuredClone(before);
    const { holder, name } = memberAt(after, path);
    const names = Object.keys(holder);
    const partner = names[at(second, names)] ?? name;
    if (kind === 'remove') delete holder[name];
    else if (kind === 'replace') holder[name] = other;
    else if (kind === 'add') holder[`${name}x`] = other;
    else [holder[name], holder[partner]] = [holder[partner], holder[name]];
    return after;
  },
);

/** The same inside one base64url JSON part of a compact message; the signature stays as it was. */
const mutatePart = change('in a part:', [place, mutateJson], (text: string, share, mutate) => {
  const parts = text.split(/([.~])/);
  const index = at(share, parts);
  try {
    const value = JSON.parse(Buffer.from(parts[index] as string, 'base64url').toString());
    const after = Buffer.from(JSON.stringify(mutate(value))).toString('base64url');
    return parts.with(index, after).join('');
  } catch {
    return text;
  }
});

export const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  flipBit,
  otherCharacter,
  truncate,
  cut,
  insert,
  swapParts,
  repeatPart,
  { arbitrary: mutatePart, weight: 3 },
);
