import { z } from '@zusage/protocol/shape';
import { CommandFailure } from '../sharing/failure.ts';

/** Messages come from our own pages; still a door. @throws CommandFailure `malformed` */
export function argsOf<S extends z.core.$ZodType>(schema: S, args: unknown): z.output<S> {
  const parsed = z.safeParse(schema, args);
  if (!parsed.success) throw new CommandFailure('malformed');
  return parsed.data;
}

export const NoArgs = z.strictObject({});

/** A calendar day, `YYYY-MM-DD`; whether it exists is the vocabulary's matter. */
export const DayArg = z.string().check(z.regex(/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/));

/** Any value the vocabulary could know; whether it fits its attribute is checked there. */
export const ValueArg = z.union([
  z.string().check(z.maxLength(2000)),
  z.number(),
  z.boolean(),
  z.array(z.string().check(z.maxLength(200))).check(z.maxLength(64)),
]);

/** An attribute id, or the key of a brand's own question: `custom.…@did:web:…` */
export const AttributeKey = z.string().check(z.minLength(1), z.maxLength(400));

/** What a page showed when the person decided; null: that there was none. */
export const SeenArg = z.nullable(z.strictObject({ value: ValueArg, until: z.optional(DayArg) }));
