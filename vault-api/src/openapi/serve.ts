import { readFileSync } from 'node:fs';
import swagger, { type StaticDocumentSpec } from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';

/** Everything the page needs lies beside it; it talks to this service alone and runs no inline script. The page's own graphics carry inline styles. */
const POLICY = {
  'default-src': "'none'",
  'script-src': "'self'",
  'style-src': "'self' 'unsafe-inline'",
  'img-src': "'self' data:",
  'connect-src': "'self'",
  'base-uri': "'none'",
  'form-action': "'none'",
  'frame-ancestors': "'none'",
};

/** The page has dark colours and waits for somebody to switch them on. */
const SCHEME = `const dark = matchMedia('(prefers-color-scheme: dark)');
const follow = () => document.documentElement.classList.toggle('dark-mode', dark.matches);
dark.addEventListener('change', follow);
follow();
`;

/** Written by `npm run openapi` from the schemas; a test holds it against them. Making it anew at each start takes longer than all the rest. */
const DOCUMENT = new URL('../../openapi.json', import.meta.url);

/** `/openapi.json`, and a page to browse it at `/docs`. */
export async function serveDocumentation(app: FastifyInstance): Promise<void> {
  const document = JSON.parse(readFileSync(DOCUMENT, 'utf8')) as object;
  // The plugin's types know 3.0 documents only; it serves what it is given.
  const specification = { document } as unknown as StaticDocumentSpec;
  await app.register(swagger, { mode: 'static', specification });
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    staticCSP: POLICY,
    theme: { title: 'Zusage vault API', js: [{ filename: 'scheme.js', content: SCHEME }] },
    // Without the bar of another product, which asks for the address of another document.
    uiConfig: { layout: 'BaseLayout', deepLinking: false, supportedSubmitMethods: ['get', 'post'] },
  });
  app.get('/openapi.json', async () => document);
}
