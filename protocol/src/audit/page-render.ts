import type { Page } from './page.ts';

const WIDTH = 78;

/** Breaks at spaces; what has none stays whole, for it is a key or a link. */
function wrapped(text: string, indent: string): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && indent.length + line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line].join(`\n${indent}`);
}

export function pageText({ title, verdict, problems, notProven, sections }: Page): string {
  const lines = [title, '='.repeat(title.length), ''];
  const item = (text: string) => lines.push(`  - ${wrapped(text, '    ')}`);
  if (!verdict.holds) {
    lines.push(verdict.text.toUpperCase());
    problems.forEach(item);
    lines.push('');
  }
  lines.push(notProven.heading, '-'.repeat(notProven.heading.length));
  notProven.items.forEach(item);
  if (verdict.holds) lines.push('', wrapped(verdict.text, ''));
  for (const { heading, rows } of sections) {
    lines.push('', heading, '-'.repeat(heading.length));
    for (const [label, value] of rows) lines.push(`  ${label}:`, `    ${wrapped(value, '    ')}`);
  }
  return lines.join('\n');
}

const ENTITIES: { readonly [character: string]: string } = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escaped = (text: string) =>
  text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');

const STYLE = `
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 44rem; margin: 2rem auto; padding: 0 1rem; color: #1b1b1b; background: #fff }
h1 { font-size: 1.6rem } h2 { font-size: 1.15rem; margin-top: 2rem }
dt { font-weight: 600 } dd { margin: 0 0 .6rem; overflow-wrap: anywhere }
.first { border-left: .3rem solid #9a5b00; padding: .1rem 1rem } .wrong { border-left: .3rem solid #b00020; padding: .1rem 1rem }
@media print { body { margin: 0 } h2 { break-after: avoid } }`;

/** One page without scripts or anything to load; every text in it is escaped. */
export function pageHtml({ lang, title, verdict, problems, notProven, sections }: Page): string {
  const list = (items: readonly string[]) =>
    `<ul>${items.map((item) => `<li>${escaped(item)}</li>`).join('')}</ul>`;
  const wrong = `<section class="wrong"><h2>${escaped(verdict.text)}</h2>${list(problems)}</section>`;
  const parts = sections.map(({ heading, rows }) => {
    const pairs = rows.map(
      ([label, value]) => `<dt>${escaped(label)}</dt><dd>${escaped(value)}</dd>`,
    );
    return `<section><h2>${escaped(heading)}</h2><dl>${pairs.join('')}</dl></section>`;
  });
  return `<!doctype html>
<html lang="${lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escaped(title)}</title>
<style>${STYLE}
</style>
</head>
<body>
<main>
<h1>${escaped(title)}</h1>
${verdict.holds ? '' : wrong}
<section class="first"><h2>${escaped(notProven.heading)}</h2>${list(notProven.items)}</section>
${verdict.holds ? `<p>${escaped(verdict.text)}</p>` : ''}
${parts.join('\n')}
</main>
</body>
</html>`;
}
