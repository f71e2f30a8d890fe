import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';

/** Bytes, 1 KB = 1,000, of the production build as it is on disk. */
export const BUDGETS = {
  provider: 2_500,
  relay: 3_000,
  background: 790_000,
  popup: 60_000,
  approval: 60_000,
  app: 150_000,
  /** Opened once in a while and never from a shop's page; the word list for passphrases is most of it. */
  welcome: 200_000,
  /** The prompt again, around a shop that does not exist. */
  practice: 65_000,
  zip: 400_000,
} as const;

export type Part = keyof typeof BUDGETS;
export type Size = { part: Part; bytes: number; budget: number };

/** What may never be in a chunk that a page loads: zod's own words, and the tables of the vocabulary. */
const ZOD = /\bZodError\b|\$ZodType|invalid_union|unrecognized_keys/;
const ATTRIBUTE_IDS = /["'`](?:preference|interest|size|intent|contact|mood)\.[a-z-]+["'`]/g;
/** A page may name a few attributes; the vocabulary has more than thirty. */
const MOST_ATTRIBUTES = 5;

/**
 * Every file a page loads: itself, its style sheets, its scripts, and what those import, now or later.
 * @param page file name within the build, such as `popup.html`
 * @returns file names with `/`
 */
export function filesOf(build: string, page: string): string[] {
  const files = new Set<string>();
  const visit = (file: string) => {
    if (files.has(file)) return;
    files.add(file);
    const text = readFileSync(join(build, file), 'utf8');
    for (const link of linksIn(file, text)) {
      const target = link.startsWith('/') ? link.slice(1) : posix.join(posix.dirname(file), link);
      if (existsSync(join(build, target))) visit(target);
    }
  };
  visit(page);
  return [...files];
}

function linksIn(file: string, text: string): string[] {
  const pattern = file.endsWith('.html')
    ? /(?:src|href)="([^"]+\.(?:js|css))"/g
    : /["'`]((?:\.{1,2}\/|\/)[^"'`]*?\.(?:js|css))["'`]/g;
  if (file.endsWith('.css')) return [];
  return [...text.matchAll(pattern)].map((match) => match[1] as string);
}

/** @param build the production folder; the zip lies beside it */
export function measure(build: string): Size[] {
  const bytesOf = (...files: string[]) =>
    files.reduce((sum, file) => sum + statSync(join(build, file)).size, 0);
  const zips = readdirSync(dirname(build)).filter((name) => name.endsWith('-chrome.zip'));
  const bytes: Record<Part, number> = {
    provider: bytesOf('provider.js'),
    relay: bytesOf('relay.js'),
    background: bytesOf('background.js'),
    popup: bytesOf(...filesOf(build, 'popup.html')),
    approval: bytesOf(...filesOf(build, 'approval.html')),
    app: bytesOf(...filesOf(build, 'app.html')),
    practice: bytesOf(...filesOf(build, 'practice.html')),
    welcome: bytesOf(...filesOf(build, 'welcome.html')),
    zip: Math.max(0, ...zips.map((name) => statSync(join(dirname(build), name)).size)),
  };
  return (Object.keys(BUDGETS) as Part[]).map((part) => ({
    part,
    bytes: bytes[part],
    budget: BUDGETS[part],
  }));
}

/** One sentence for each budget that does not hold, and for each page that carries what it must not. */
export function faultsOf(build: string, sizes: readonly Size[] = measure(build)): string[] {
  const over = sizes
    .filter(({ bytes, budget }) => bytes > budget)
    .map(({ part, bytes, budget }) => `${part} has ${bytes} bytes, ${bytes - budget} too many.`);
  const missing = sizes.filter(({ bytes }) => bytes === 0).map(({ part }) => `${part} is missing.`);
  const pages = readdirSync(build).filter((name) => name.endsWith('.html'));
  const carried = pages.flatMap((page) =>
    filesOf(build, page).flatMap((file) => {
      const text = readFileSync(join(build, file), 'utf8');
      return [
        ...(ZOD.test(text) ? [`${page} loads zod in ${file}.`] : []),
        ...(new Set(text.match(ATTRIBUTE_IDS)).size > MOST_ATTRIBUTES
          ? [`${page} loads the vocabulary in ${file}.`]
          : []),
      ];
    }),
  );
  return [...over, ...missing, ...new Set(carried)];
}

/** A table for people. */
export function tableOf(sizes: readonly Size[]): string {
  const kilobytes = (bytes: number) => (bytes / 1000).toFixed(1).padStart(9);
  const rows = sizes.map(
    ({ part, bytes, budget }) => `  ${part.padEnd(12)}${kilobytes(bytes)} of ${kilobytes(budget)}`,
  );
  return ['  part               KB           KB', ...rows].join('\n');
}
