import { type Html, html } from '../html.ts';
import type { Product } from '../products.ts';
import { type Lang, say } from '../words.ts';

export type Shop = { readonly name: string; readonly products: readonly Product[] };

type Page = { title: string; path: string; personalised?: boolean; oneText?: boolean };

/**
 * The frame of every page. `personalised` is on the body for styles and tests; with `oneText` a page is the same in
 * every language, and offers no other.
 */
export function layout(
  { name }: Pick<Shop, 'name'>,
  lang: Lang,
  { title, path, personalised = false, oneText = false }: Page,
  main: Html,
): string {
  const other = lang === 'de' ? 'en' : 'de';
  return html`<!doctype html>
<html lang="${lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<link rel="icon" href="/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/shop.css">
<script type="module" src="/shop-page.js"></script>
</head>
<body data-personalised="${personalised ? 'yes' : 'no'}">
<a class="skip" href="#main">${say('skip', lang)}</a>
<header class="top">
<a class="brand" href="/">${mark} ${name}</a>
<nav aria-label="${name}">
<a href="/"${here(path, '/')}>${say('shop', lang)}</a>
<a href="/privacy"${here(path, '/privacy')}>${say('privacy', lang)}</a>
<a href="/admin"${here(path, '/admin')}>${say('admin', lang)}</a>
${!oneText && html`<a href="/language/${other}" lang="${other}" hreflang="${other}">${say('language', lang)}</a>`}
</nav>
</header>
<main id="main">
${main}
</main>
<footer class="bottom"><p>${name}. ${say('tagline', lang)}</p></footer>
</body>
</html>
`.markup;
}

function here(path: string, link: string): Html | null {
  return path === link ? html` aria-current="page"` : null;
}

/** A chicory flower. */
export const mark = html`<svg class="mark" viewBox="0 0 32 32" aria-hidden="true" focusable="false">${Array.from(
  { length: 9 },
  (_, i) =>
    html`<path class="petal" d="M16 16C11 11 12 4 14 1l2 2 2-2c2 3 3 10-2 15z" transform="rotate(${i * 40} 16 16)"/>`,
)}<circle class="heart" cx="16" cy="16" r="3.5"/></svg>`;
