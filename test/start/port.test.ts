import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { assertPortFree } from './port.ts';

test('a port in use is one sentence that says whose port it is', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await expect(assertPortFree(port, '127.0.0.1', 'The demo shop')).rejects.toThrow(
    `The demo shop needs port ${port}, which another program is using: stop that program, then try again.`,
  );
  server.close();
  await once(server, 'close');
  await assertPortFree(port, '127.0.0.1', 'The demo shop');
});
