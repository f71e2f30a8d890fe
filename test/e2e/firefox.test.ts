import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import puppeteer, { type Browser, type Page } from 'puppeteer-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { FIREFOX, findBrowser } from '../start/browser.ts';
import { outputOf } from '../start/extension-build.ts';
import { PASSPHRASE, see } from './person.ts';
import { Service } from './service.ts';
import { until } from './until.ts';

type Seen = { method: string; url: string; headers: string[]; body: string };

const folder = mkdtempSync(join(tmpdir(), 'zusage-firefox-'));
const seen: Seen[] = [];
let recorder: Server;
let service: Service;
let browser: Browser;
let welcome: Page;

/** Keeps every header as it came and passes the request on to the vault service. */
const record = () =>
  createServer(async (request, response) => {
    const { method = '', url = '', rawHeaders } = request;
    let body = '';
    for await (const chunk of request) body += chunk;
    seen.push({ method, url, headers: rawHeaders, body });
    const answer = await fetch(service.url + url, { method, ...(body && { body }) });
    const type = answer.headers.get('content-type') ?? '';
    response.writeHead(answer.status, { 'access-control-allow-origin': '*', 'content-type': type });
    response.end(await answer.text());
  });

/** A copy that has no host permission, as it is for people. */
function copyExtension(): string {
  const copy = join(folder, 'extension');
  cpSync(outputOf('firefox-e2e'), copy, { recursive: true });
  const file = join(copy, 'manifest.json');
  const manifest = JSON.parse(readFileSync(file, 'utf8'));
  delete manifest.host_permissions;
  writeFileSync(file, JSON.stringify(manifest));
  return copy;
}

/** Its address is only known to itself. */
async function extensionPage(file: string): Promise<Page | undefined> {
  for (const page of await browser.pages()) {
    const href = await page.evaluate(() => location.href).catch(() => '');
    if (href.startsWith('moz-extension:') && href.endsWith(file)) return page;
  }
  return undefined;
}

beforeAll(async () => {
  recorder = record();
  await new Promise<void>((resolve) => recorder.listen(0, '127.0.0.1', resolve));
  service = await Service.start(join(folder, 'vault'), address());
  const executablePath = findBrowser(process.env, FIREFOX);
  if (executablePath === null) throw new Error(`No Firefox was found. ${FIREFOX.howToGetOne}`);
  browser = await puppeteer.launch({ browser: 'firefox', executablePath });
  await browser.installExtension(copyExtension());
  // Firefox lets nobody but the extension open its pages; this one opens by itself.
  welcome = await until('the welcome tab', () => extensionPage('welcome.html'));
});
afterAll(async () => {
  await browser?.close();
  await service?.close();
  recorder.closeAllConnections();
  await new Promise((resolve) => recorder.close(resolve));
  rmSync(folder, { recursive: true });
});

const address = () => `http://127.0.0.1:${(recorder.address() as AddressInfo).port}`;

async function type(testid: string, text: string): Promise<void> {
  const field = await welcome.waitForSelector(`[data-testid="${testid}"]`);
  await field?.evaluate((input) => (input as HTMLInputElement).select());
  await welcome.keyboard.type(text);
}

test('a vault is created, and what is sent names no installation', async () => {
  const id = await welcome.evaluate(() => new URL(chrome.runtime.getURL('')).host);
  expect(id).toMatch(/^[0-9a-f-]{36}$/);

  await (await welcome.waitForSelector('[data-testid="begin"]'))?.click();
  await type('passphrase', PASSPHRASE);
  await type('passphrase-again', PASSPHRASE);
  await type('vault-service', address());
  await welcome.click('[data-testid="create"]');
  await see(welcome, 'skip-all');

  expect(seen.map(({ url }) => url)).toContain('/.well-known/oauth-authorization-server');
  for (const request of seen) {
    const origin = request.headers.findIndex((name) => name.toLowerCase() === 'origin');
    if (origin >= 0) expect(request.headers[origin + 1]).toBe('null');
    const all = JSON.stringify(request).toLowerCase();
    expect(all).not.toContain(id);
    expect(all).not.toContain(id.replaceAll('-', ''));
    expect(all).not.toContain('moz-extension');
  }
});
