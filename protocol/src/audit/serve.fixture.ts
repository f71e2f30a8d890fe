import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Files } from './log-writer.fixture.ts';

/** A folder that goes when the test ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'zusage-audit-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export function writeFolder(files: Files, folder = temporaryFolder()): string {
  for (const [path, bytes] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), bytes);
  }
  return folder;
}

/** A log over http on the loopback interface. @returns its prefix, and what was asked for */
export async function serve(
  files: () => Files,
  answer?: (path: string) => number | null,
): Promise<{ url: string; asked: string[] }> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const path = (request.url ?? '').replace(/^\/log\//, '');
    asked.push(path);
    const status = answer?.(path);
    const bytes = files().get(path);
    if (status != null) response.writeHead(status).end();
    else if (bytes === undefined) response.writeHead(404, { 'cache-control': 'no-store' }).end();
    else {
      const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
      response.writeHead(200, isGzip ? { 'content-encoding': 'gzip' } : {}).end(bytes);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/log`, asked };
}
