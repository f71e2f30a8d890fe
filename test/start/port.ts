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
  if (code === 'EADDRINUSE') {
    throw new StartError(
      `${what} needs port ${port}, which another program is using: stop that program, then try again.`,
    );
  }
  if (code === 'EACCES') {
    throw new StartError(`${what} needs port ${port}, which this account may not use.`);
  }
}
