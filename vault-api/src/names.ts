import * as z from 'zod';

export const PURPOSE = /^[\x21-\x7e]{1,200}$/;
export const ATTRIBUTE = /^[\x21-\x7e]{1,64}$/;

/** A purpose by its IRI. */
export const Purpose = z.string().regex(PURPOSE);
/** An attribute id. */
export const Attribute = z.string().regex(ATTRIBUTE);
