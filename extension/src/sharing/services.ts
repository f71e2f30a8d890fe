import type { LoopbackOption } from '@zusage/protocol/origin';
import type { Lang } from '../messages.ts';
import { type BrandDocuments, brandDocuments } from '../network/brand-document.ts';
import type { Door } from '../network/fetch.ts';
import type { SessionStore } from '../vault/session.ts';
import type { Vault } from '../vault/vault.ts';
import { type Words, wordsOver } from './words.ts';

/** The world as the sharing half of the worker sees it; the browser's is in `browser-services.ts`. */
export type Ports = {
  vault: Vault;
  /** Session memory of the browser, trusted contexts only. No value ever goes in. */
  session: SessionStore;
  door: Door;
  /** NumericDate (seconds), by the person's clock. */
  now: () => number;
  /** Waits that many milliseconds between two attempts. */
  pause: (milliseconds: number) => Promise<void>;
  /** `browser.i18n.getMessage` */
  getMessage: (key: string, substitutions: string[]) => string;
  /** `allowLoopback` in builds for development and tests. */
  options: LoopbackOption;
  /** Seconds in which a withdrawal can be undone; the service grants at most 600. */
  undoSeconds: () => Promise<number>;
  /** What the field for the service's address holds at first. */
  defaultVaultService: string | null;
};

export type Services = Ports & {
  readonly words: Words;
  readonly lang: Lang;
  readonly documents: BrandDocuments;
};

export function servicesOver(ports: Ports): Services {
  const words = wordsOver(ports.getMessage);
  return {
    ...ports,
    words,
    get lang(): Lang {
      return ports.getMessage('language_code', []) === 'de' ? 'de' : 'en';
    },
    documents: brandDocuments(ports),
  };
}
