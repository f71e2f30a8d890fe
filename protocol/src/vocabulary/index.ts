// The vocabulary of SPEC §13. Importing this file brings all of it; pages of the extension import
// the single files that hold no tables: attribute, classes, intent, value, show, freshness.
export * from './attribute.ts';
export * from './attributes.ts';
export * from './category.ts';
export * from './classes.ts';
export * from './custom.ts';
export * from './dpv.ts';
export * from './find.ts';
export * from './freshness.ts';
export * from './intent.ts';
export * from './purposes.ts';
export * from './show.ts';
export * from './value.ts';
