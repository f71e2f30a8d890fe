import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's folder, with no separator at its end. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '');

/** What `npm start` and the browser installed for tests keep; ignored by git. */
export const DATA = join(ROOT, '.data');
