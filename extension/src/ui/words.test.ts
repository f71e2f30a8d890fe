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
  const forms = ['en-GB', 'de-DE'].map((locale) =>
    new Intl.PluralRules(locale).resolvedOptions().pluralCategories.sort(),
  );
  // Both languages have the two forms that `count` chooses from.
  expect(forms).toEqual([
    ['one', 'other'],
    ['one', 'other'],
  ]);
  const bases = Object.keys(en).flatMap((key) => key.match(/^(.*)_one$/)?.[1] ?? []);
  expect(bases.length).toBeGreaterThan(5);
  for (const base of bases) {
    for (const messages of [en, de]) {
      const has = Object.keys(messages).filter(
        (key) =>
          /^_(zero|one|two|few|many|other)$/.test(key.slice(base.length)) && key.startsWith(base),
      );
      expect(has.sort(), base).toEqual([`${base}_one`, `${base}_other`]);
      // Whoever has a number has it in both forms, or the singular spells it out.
      expect(messages[`${base}_other`]?.message, base).toMatch(/\$\w+\$/);
    }
  }
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

/** Attributes that hold names of the machine's, not words of ours. */
const TECHNICAL =
  /^(class|id|for|d|type|name|rel|target|href|src|role|style|method|accept|autocomplete|inputmode|pattern|viewBox|points|transform|fill|stroke.*|key|data-.*|testid|aria-(describedby|labelledby|controls|current|live|hidden|invalid|owns|busy|disabled|haspopup))$/i;

/** What looks like words to a person: two of them, or one that begins a sentence. */
const WORDS = /\p{L}{2,}[ \u00a0]+\p{L}{2,}|^\s*\p{Lu}\p{Ll}{2,}[\s.!?…]*$/u;

/** Names that the browser gives to keys, errors and the like. */
const BROWSERS_OWN =
  /^(Enter|Escape|Tab|Space|Home|End|Arrow\w+|Page\w+|Backspace|Delete|CapsLock|\w+Error|Receiving end does not exist|Uint8Array)$/;

/** Every piece of text in a page's source that a person could read and that is not in the messages. */
function hardCoded(file: string, text: string): string[] {
  const found: string[] = [];
  const { program } = parseSync(file, text);
  /** Where text is for the machine: attributes such as `class`, imports, types, comparisons and selectors. */
  const machines: [start: number, end: number][] = [];
  const skip = ({ start, end }: { start: number; end: number }) => void machines.push([start, end]);
  const literals: { start: number; value: string }[] = [];
  new Visitor({
    ImportDeclaration: skip,
    ExportNamedDeclaration: (node) => node.source && skip(node.source),
    TSLiteralType: skip,
    TSTypeAliasDeclaration: skip,
    BinaryExpression: skip,
    NewExpression: (node) =>
      node.callee.type === 'Identifier' && /Error$/.test(node.callee.name) && skip(node),
    JSXAttribute(node) {
      if (node.name.type === 'JSXIdentifier' && TECHNICAL.test(node.name.name)) skip(node);
    },
    CallExpression({ callee, arguments: [first] }) {
      const name = callee.type === 'MemberExpression' ? callee.property : callee;
      const called = name.type === 'Identifier' ? name.name : '';
      if (/^(closest|matches|querySelector(All)?|waitFor|RegExp)$/.test(called) && first)
        skip(first);
    },
    JSXText({ start, value }) {
      if (/\p{L}/u.test(value)) found.push(`${file}: ${value.trim()} (${start})`);
    },
    Literal({ start, value }) {
      if (typeof value === 'string') literals.push({ start, value });
    },
    TemplateElement({ start, value }) {
      literals.push({ start, value: value.cooked ?? '' });
    },
  }).visit(program);
  for (const { start, value } of literals) {
    const machine = machines.some(([from, to]) => from <= start && start < to);
    if (!machine && WORDS.test(value) && !BROWSERS_OWN.test(value))
      found.push(`${file}: ${value} (${start})`);
  }
  return found;
}

test('no page says a word that is not in the messages', () => {
  const pages = sources.filter(({ file }) => /^(src\/ui|entrypoints)\/.*\.tsx?$/.test(file));
  // The words that a passphrase is suggested from are said in no sentence.
  const said = pages.filter(({ file }) => !/strength\/words-(de|en)\.ts$/.test(file));
  expect(said.length).toBeGreaterThan(40);
  expect(said.flatMap(({ file, text }) => hardCoded(file, text))).toEqual([]);
});

test.each([
  'const A = () => <p>Hello</p>;',
  "const A = () => <p>{'Your data'}</p>;",
  "const A = () => <p>{open ? 'Close' : t('open')}</p>;",
  `const A = () => <p>{\`You have $\{n} values\`}</p>;`,
  'const A = () => <input placeholder="Search" />;',
  "const A = () => <button aria-label={'Close this'} />;",
  "said.value = 'Gespeichert.';",
  "document.title = 'My data';",
])('a word that were in a page would be found: %s', (text) => {
  expect(hardCoded('planted.tsx', text)).toHaveLength(1);
});

test('no HTML says a word but the name', () => {
  for (const { file, text } of sources.filter(({ file }) => file.endsWith('.html'))) {
    const words = text.replace(/<title>Zusage<\/title>|<!--[\s\S]*?-->|<[^>]*>/g, '');
    expect(words.trim(), file).toBe('');
  }
});
