import * as z from 'zod';

/** A purpose by its IRI. */
export const Purpose = z.string().regex(/^[\x21-\x7e]{1,200}$/);
/** An attribute id. */
export const Attribute = z.string().regex(/^[\x21-\x7e]{1,64}$/);
