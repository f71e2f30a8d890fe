import { writeFileSync } from 'node:fs';
import { openApiDocument } from './document.ts';

// npm run openapi -w vault-api: brings the committed document to what the routes say. `npm run format` lays it out.
const path = new URL('../../openapi.json', import.meta.url);
writeFileSync(path, `${JSON.stringify(openApiDocument(), null, 2)}\n`);
