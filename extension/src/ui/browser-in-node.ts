import { readFileSync } from 'node:fs';

/**
 * For unit tests, imported before anything that imports `platform.ts`: the browser's own `i18n` over the real
 * messages, and a worker that answers with what a test puts into `worker.answer`.
 */
export const worker: { answer: (message: unknown) => Promise<unknown> } = {
  answer: async () => undefined,
};

/** The language the sentences come in; a test may change it. */
export const spoken: { lang: 'en' | 'de' } = { lang: 'en' };

type Message = { message: string; placeholders?: Record<string, { content: string }> };

export function messages(lang: 'en' | 'de'): Record<string, Message> {
  const file = new URL(`../../public/_locales/${lang}/messages.json`, import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8'));
}

const all = { en: messages('en'), de: messages('de') };

/** Named placeholders stand for `$1`… as in every browser. */
function getMessage(key: string, subs: string[] = []): string {
  const found = all[spoken.lang][key];
  if (!found) return '';
  return found.message.replace(/\$(\w+)\$/g, (_, name: string) => {
    const content = found.placeholders?.[name]?.content ?? '';
    return subs[Number(content.slice(1)) - 1] ?? '';
  });
}

// The polyfill leaves a complete `browser` as it is; `chrome` tells it that this is an extension.
Object.assign(globalThis, {
  chrome: { runtime: { id: 'test' } },
  browser: {
    runtime: { id: 'test', sendMessage: (message: unknown) => worker.answer(message) },
    i18n: { getMessage },
  },
});
