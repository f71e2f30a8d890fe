import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire, stripTypeScriptTypes } from 'node:module';

/** In this order: each uses only what stands before it. */
const SOURCES = ['typed-code', 'stop-walk', 'stop-page'];

const STYLE = `
:root{color-scheme:light dark;--page:light-dark(#f7f6f2,#14181b);--card:light-dark(#fff,#1d2327);--ink:light-dark(#1b2225,#edf0ee);--quiet:light-dark(#545e61,#a9b3b3);--edge:light-dark(#767d7e,#7f8b90);--accent:light-dark(#0b5f59,#7fd3c8);--on-accent:light-dark(#fff,#0d2422);--calm:light-dark(#e5f1ee,#1b3431);--bad:light-dark(#9c1c1c,#ffb0a6)}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);font:1rem/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
main{max-width:34rem;margin-inline:auto;padding:1.5rem 1rem 4rem;display:grid;gap:.75rem}
p,h1{margin:0}h1{font-size:1.35rem;line-height:1.25}
.stack{display:grid;gap:.75rem}.field{display:grid;gap:.25rem}label{font-weight:600}
.hint{color:var(--quiet);font-size:.875rem}.head{display:flex;justify-content:space-between;align-items:center}
input,button{font:inherit;color:inherit;min-height:2.5rem;max-width:100%;border:1px solid var(--edge);border-radius:.5rem;background:var(--card);padding:.375rem .75rem}
input{width:100%}[aria-invalid=true]{border-color:var(--bad);border-width:2px}
button{cursor:pointer;font-weight:600}.main{background:var(--accent);border-color:var(--accent);color:var(--on-accent)}
.link{border:0;background:none;color:var(--accent);font-weight:400;text-decoration:underline}
[aria-disabled=true]{cursor:default;opacity:.65}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
.problem{color:var(--bad);font-weight:600}.problem:empty,.notice:empty{display:none}
.notice{padding:.5rem .75rem;border-radius:.5rem;background:var(--calm)}
`;

/** What only this page does: it asks the service it came from, and takes the language the browser asks for. */
const BEGIN = `
stopPage(document.querySelector('main'), {
  lang: navigator.language.toLowerCase().startsWith('de') ? 'de' : 'en',
  service: location.origin,
  send: async (origin, stop) => {
    try {
      const answer = await fetch('/stop', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ stop }),
        credentials: 'omit',
        cache: 'no-store',
        redirect: 'error',
        referrerPolicy: 'no-referrer',
      });
      const { known } = answer.ok ? await answer.json() : {};
      return typeof known === 'boolean' ? { known } : null;
    } catch {
      return null;
    }
  },
});
`;

export type StopPage = {
  readonly html: string;
  readonly headers: Readonly<Record<string, string>>;
};

/**
 * The page that works a stop sheet off (SPEC §8.2), in one file: nothing else is loaded, and its policy allows no other
 * script and no other address. Its script is the protocol's own source, without the types.
 */
export function stopPage(): StopPage {
  const script = `'use strict';{${SOURCES.map(plainScript).join('')}${BEGIN}}`;
  const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
  const html = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Stop sharing</title>
<style>${STYLE}</style>
<main><noscript><p>This page needs JavaScript. Diese Seite braucht JavaScript.</p></noscript></main>
<script>${script}</script>
</html>
`;
  return {
    html,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'content-security-policy': [
        "default-src 'none'",
        `script-src ${hash(script)}`,
        `style-src ${hash(STYLE)}`,
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
      ].join('; '),
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'cross-origin-opener-policy': 'same-origin',
    },
  };
}

/** A module of the protocol as part of a script: without types, imports and exports. */
function plainScript(name: string): string {
  const file = createRequire(import.meta.url).resolve(`@zusage/protocol/${name}`);
  return stripTypeScriptTypes(readFileSync(file, 'utf8'))
    .replace(/^import [^;]*;$/gm, '')
    .replace(/^export /gm, '')
    .replace(/[ \t]+$/gm, '')
    .replace(/\n{3,}/g, '\n\n');
}
