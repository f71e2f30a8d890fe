import type { Context } from './context.ts';
import { enrolledBrand, loggedDocument } from './enrol-brand.ts';
import { brandEntry } from './log-entry.ts';

/**
 * The operator's act for a brand whose document lost all its earlier keys: it is the same brand, and its present
 * document counts from now on.
 * @throws PolicyError `brand/not-enrolled`; FormatError `brand/*`; ApiError `brand/unreachable`
 */
export async function readmitBrand(
  context: Pick<Context, 'store' | 'clock' | 'resolveBrand'>,
  did: string,
): Promise<void> {
  const brand = await enrolledBrand(context, did);
  const document = await context.resolveBrand(did);
  const now = context.clock();
  const log = brandEntry('brand-enrolled', loggedDocument(document), now);
  await context.store.readmitBrand({ ...brand, document, readAt: now, frozenAt: null }, log);
}
