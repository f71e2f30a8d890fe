import { createServer } from 'node:net';

/** Something keeps `npm start` from running. The message is one sentence for the person at the terminal. */
export class StartError extends Error {
  override readonly name = 'StartError';
}

/**
 * @param host where it will be listened on; an address this machine does not have is not in use
 * @param what who needs the port, as the subject of a sentence
 * @throws StartError
 */
export async function assertPortFree(port: number, host: string, what: string): Promise<void> {
  const server = createServer();
  const code = await new Promise<string | undefined>((resolve) => {
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code));
    server.listen(port, host, () => server.close(() => resolve(undefined)));
  });
  assertListening(code, port, what);
}

/**
 * The sentence for a server that could not listen: a port that was free a moment ago may be taken by now.
 * @param code of the error, if there was one
 * @throws StartError
 */
export function assertListening(code: string | undefined, port: number, what: string): void {
  if (code === 'EADDRINUSE') {
    throw new StartError(
      `${what} needs port ${port}, which another program is using: stop that program, then try again.`,
    );
  }
  if (code === 'EACCES') {
    throw new StartError(`${what} needs port ${port}, which this account may not use.`);
  }
}
