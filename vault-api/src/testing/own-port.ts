import { createServer } from 'node:net';

/** Below what systems give to whoever asks for any port: Linux from 32768, others from 49152 (RFC 6335 §6). */
const FIRST = 10_240;
const EACH = 50;
const PROCESSES = 400;

let next = 0;

/**
 * A free port of this process's own. Nobody else gets it by chance while it is not listened on: between a stop and the
 * next start, or before the program starts that it is meant for.
 */
export async function ownPort(): Promise<number> {
  for (;;) {
    const port = FIRST + (process.pid % PROCESSES) * EACH + (next++ % EACH);
    if (await isFree(port)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
