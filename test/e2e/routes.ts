import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../start/root.ts';

const EXTENSION = join(ROOT, 'extension');

/** Where a page with screens of its own names them, and how. */
const NAMED: Record<string, { file: string; pattern: RegExp }> = {
  app: { file: 'app/app.tsx', pattern: /\{ route: '([a-z-]*)'/g },
  welcome: { file: 'welcome/welcome.tsx', pattern: /^ {2}'?([a-z-]*)'?: \{ Body: /gm },
};

/** The pages of the extension: the folders among its entry points. */
export function pages(): string[] {
  const found = readdirSync(join(EXTENSION, 'entrypoints'), { withFileTypes: true });
  return found.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}

/** The screens of a page, as they stand in its source: what comes after `#/`. */
export function routes(page: string): string[] {
  const named = NAMED[page];
  if (named === undefined) return [''];
  const text = readFileSync(join(EXTENSION, 'src', 'ui', named.file), 'utf8');
  return [...text.matchAll(named.pattern)].map(([, route = '']) => route);
}
