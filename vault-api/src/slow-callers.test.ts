import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startWorld, type World } from './testing/world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld({ enrolled: false });
});
afterAll(() => world.close());

/** What is said to a caller that stops in the middle, and the seconds until then. */
function stopsAfter(text: string): Promise<{ said: string; seconds: number }> {
  const { port } = new URL(world.vault.url);
  const began = performance.now();
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), '127.0.0.1', () => socket.write(text));
    let said = '';
    socket.on('data', (chunk) => {
      said += chunk;
    });
    socket.on('error', reject);
    socket.on('close', () => resolve({ said, seconds: (performance.now() - began) / 1000 }));
  });
}

// OPERATIONS.md, Limits. Node's own answer and no timer of the test's: it takes as long as the limits are.
test('a caller has ten seconds for the headers and fifteen for the whole request, and is told so', async () => {
  const head = 'POST /stop HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n';
  const [headers, body] = await Promise.all([
    stopsAfter(head),
    stopsAfter(`${head}Content-Length: 9\r\n\r\n{`),
  ]);
  for (const { said } of [headers, body]) {
    expect(said).toBe('HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n');
  }
  expect(headers.seconds).toBeGreaterThan(9);
  expect(body.seconds).toBeGreaterThan(headers.seconds);
  // Looked at every 30 s, it would be one of those.
  expect(headers.seconds).toBeLessThan(25);
}, 60_000);
