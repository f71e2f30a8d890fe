import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseSync, Visitor } from 'vite';
import { expect, test } from 'vitest';
import { messages } from './browser-in-node.ts';

const en = messages('en');
const de = messages('de');
const folder = fileURLToPath(new URL('../..', import.meta.url));
const files = globSync(['src/**/*.{ts,tsx}', 'entrypoints/**/*.{ts,tsx,html}', 'wxt.config.ts'], {
  cwd: folder,
}).filter((file) => !/\.test\.tsx?$/.test(file));
const sources = files.map((file) => ({ file, text: readFileSync(`${folder}/${file}`, 'utf8') }));

test('English and German say the same things', () => {
  expect(Object.keys(de).sort()).toEqual(Object.keys(en).sort());
});

test('no sentence is empty, and a dollar sign only marks a placeholder', () => {
  for (const [key, { message }] of [...Object.entries(en), ...Object.entries(de)]) {
    expect(message.trim(), key).toBe(message);
    expect(message, key).not.toBe('');
    expect(message.replace(/\$\w+\$/g, ''), key).not.toContain('$');
  }
});

test('both languages fill the same placeholders, each of them declared', () => {
  for (const [key, { message, placeholders = {} }] of Object.entries(en)) {
    const names = (text: string) => [...new Set(text.match(/\$\w+\$/g))].sort();
    expect(names(de[key]?.message ?? ''), key).toEqual(names(message));
    expect(names(message), key).toEqual(
      Object.keys(placeholders)
        .map((name) => `$${name}$`)
        .sort(),
    );
    expect(de[key]?.placeholders ?? {}, key).toEqual(placeholders);
  }
});

test('every plural has the forms of both languages', () => {
  for (const key of Object.keys(en).filter((key) => key.endsWith('_one')))
    expect(en).toHaveProperty(key.replace(/_one$/, '_other'));
});

test('no sentence is left over', () => {
  const text = sources.map((source) => source.text).join('\n');
  const whole = new Set(
    [...text.matchAll(/['"`]([a-z][a-z0-9_]*)['"`]/g)].map((match) => match[1]),
  );
  const begun = [...text.matchAll(/`([a-z][a-z0-9_]*_)\$\{/g)].map((match) => match[1] ?? '');
  const unused = Object.keys(en).filter((key) => {
    const plural = key.replace(/_(one|other)$/, '');
    return !(
      whole.has(key) ||
      (plural !== key && whole.has(plural)) ||
      text.includes(`__MSG_${key}__`) ||
      begun.some((beginning) => key.startsWith(beginning))
    );
  });
  expect(unused).toEqual([]);
});

/** Attributes whose text a person reads or hears. */
const SPOKEN = new Set(['aria-label', 'alt', 'placeholder', 'title', 'label', 'aria-description']);

test('no page says a word that is not in the messages', () => {
  const words: string[] = [];
  for (const { file, text } of sources.filter((source) => source.file.endsWith('.tsx'))) {
    const { program } = parseSync(file, text);
    const visitor = new Visitor({
      JSXText(node) {
        if (/\p{L}/u.test(node.value)) words.push(`${file}: ${node.value.trim()}`);
      },
      JSXAttribute(node) {
        const name = node.name.type === 'JSXIdentifier' ? node.name.name : '';
        const value = node.value?.type === 'Literal' ? String(node.value.value) : '';
        if (SPOKEN.has(name) && /\p{L}/u.test(value)) words.push(`${file}: ${name}="${value}"`);
      },
    });
    visitor.visit(program);
  }
  expect(words).toEqual([]);
});
