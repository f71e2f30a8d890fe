import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { fileURLToPath } from 'node:url';
import { Html } from './html.ts';
import { mark } from './pages/layout.ts';

const PAGE_SDK = '@zusage/protocol/brand/page';

function source(specifier: string): string {
  return readFileSync(fileURLToPath(import.meta.resolve(specifier)), 'utf8');
}

/** The shop's two scripts run in the browser as they are written, without their types. */
function script(specifier: string): string {
  return stripTypeScriptTypes(source(specifier)).replace(PAGE_SDK, '/zusage-page.js');
}

const { markup } = mark;
const icon = new Html(
  markup
    .replace('<svg ', '<svg xmlns="http://www.w3.org/2000/svg" ')
    .replaceAll('class="petal"', 'fill="#6d8be0"')
    .replaceAll('class="heart"', 'fill="#3a4f96"'),
);

/** Path → what is served there to everybody. */
export const ASSETS: Readonly<Record<string, { type: string; body: string }>> = {
  '/shop.css': { type: 'text/css; charset=utf-8', body: source('./shop.css') },
  '/shop-page.js': { type: 'text/javascript; charset=utf-8', body: script('./shop-page.ts') },
  '/zusage-page.js': { type: 'text/javascript; charset=utf-8', body: script(PAGE_SDK) },
  '/icon.svg': { type: 'image/svg+xml', body: icon.markup },
};
