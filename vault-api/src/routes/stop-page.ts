import type { FastifyInstance } from 'fastify';
import { stopPage } from '../stop-page.ts';

/** The page for whoever has a stop sheet and nothing else; served in quarantine, too, when ending is all there is. */
export function stopPageRoutes(app: FastifyInstance): void {
  let page: ReturnType<typeof stopPage> | undefined;
  app.get('/stop', { config: { inQuarantine: true } as const }, async (_, reply) => {
    page ??= stopPage();
    return reply.headers(page.headers).send(page.html);
  });
}
