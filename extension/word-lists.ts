import { adjacencyGraphs, dictionary as common } from '@zxcvbn-ts/language-common';
import { dictionary as de } from '@zxcvbn-ts/language-de';
import { dictionary as en } from '@zxcvbn-ts/language-en';
import type { Plugin } from 'vite';

/** How many of each list, most common first: what the whole extension has room for. */
const MOST = { passwords: 1600, words: 900, names: 400 } as const;

/** Whole lists weigh 3 MB; a passphrase that avoids the most common entries is not made of the others alone. */
export function wordLists() {
  const wordy = (list: readonly string[], most: number) =>
    list.filter((word) => /^\p{L}{4,}$/u.test(word)).slice(0, most);
  const { qwerty, qwertz } = adjacencyGraphs;
  return {
    // The names tell the feedback of zxcvbn what kind of list it is.
    dictionary: {
      'passwords-common': common['passwords-common'].slice(0, MOST.passwords),
      'commonWords-en': wordy(en['commonWords-en'], MOST.words),
      'commonWords-de': wordy(de.commonWords, MOST.words),
      'firstnames-de': wordy(de.firstnames, MOST.names),
    },
    graphs: { qwerty, qwertz },
  };
}

/** `virtual:word-lists`: the lists cut at build time, so that the rest of them never gets into the extension. */
export function wordListsPlugin(): Plugin {
  const id = 'virtual:word-lists';
  return {
    name: id,
    resolveId: (source) => (source === id ? `\0${id}` : null),
    load(source) {
      if (source !== `\0${id}`) return null;
      const { dictionary, graphs } = wordLists();
      const lists = Object.entries(dictionary).map(
        ([name, words]) => `${JSON.stringify(name)}: ${JSON.stringify(words.join(' '))}.split(' ')`,
      );
      return `export const lists = { dictionary: { ${lists.join(', ')} }, graphs: ${JSON.stringify(graphs)} };`;
    },
  };
}
