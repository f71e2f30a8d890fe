/** A scripted person: the worker's own code over a real vault in fake-indexeddb, for tests here and in test/interop. */
// Before Dexie, which looks for IndexedDB when it is loaded.
import 'fake-indexeddb/auto';
import { readFileSync } from 'node:fs';
import { allowLoopback } from '@zusage/protocol/origin';
import { commandsOver } from '../commands/commands.ts';
import type { CommandName, Commands, Decision, Lang, PromptView } from '../messages.ts';
import type { Door } from '../network/fetch.ts';
import { HEADER_ID, VaultDatabase } from '../vault/database.ts';
import { SCHEMA_VERSION } from '../vault/record.ts';
import { MemorySession } from '../vault/vault.fixture.ts';
import { Vault } from '../vault/vault.ts';
import { servicesOver } from './services.ts';
import { sharingOver } from './sharing.ts';
import type { Advanced, Asked, Step, StoredDecision } from './types.ts';

export const PASSPHRASE = 'correct horse battery staple';

type Message = { message: string; placeholders?: Record<string, { content: string }> };

function messages(lang: Lang): Record<string, Message> {
  const file = new URL(`../../public/_locales/${lang}/messages.json`, import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8'));
}

/** The browser's `i18n.getMessage` over the real messages. */
function i18n(lang: Lang) {
  const all = messages(lang);
  return (key: string, substitutions: string[]) =>
    (all[key]?.message ?? '').replace(/\$(\w+)\$/g, (_, name: string) => {
      const content = all[key]?.placeholders?.[name]?.content ?? '';
      return substitutions[Number(content.slice(1)) - 1] ?? '';
    });
}

let count = 0;

export type PersonOptions = {
  door: Door;
  /** NumericDate. */
  now?: () => number;
  lang?: Lang;
  undoSeconds?: number;
};

export class Person {
  readonly session = new MemorySession();
  readonly steps = new Map<string, Step>();
  readonly #options: PersonOptions;
  readonly #name: string;
  #database: VaultDatabase;
  #latest = 0;
  services: ReturnType<typeof servicesOver>;
  sharing: ReturnType<typeof sharingOver>;
  commands: ReturnType<typeof commandsOver>;
  /** Seconds the worker waited between attempts; nothing really waits. */
  waited = 0;
  alive = true;

  constructor(options: PersonOptions) {
    count += 1;
    this.#options = options;
    this.#name = `person-${count}`;
    this.#database = new VaultDatabase(this.#name);
    this.services = this.#services();
    this.sharing = sharingOver(this.services);
    this.commands = commandsOver(this.services);
  }

  get vault(): Vault {
    return this.services.vault;
  }

  /** A newer version of the extension has written the vault. */
  async madeNewer(): Promise<void> {
    await this.#database.header.update(HEADER_ID, { version: SCHEMA_VERSION + 1 });
  }

  /** The worker died; with `browser`, so did the session. */
  restart({ browser = false }: { browser?: boolean } = {}): void {
    this.#database.close();
    if (browser) {
      this.session.held.clear();
      this.steps.clear();
    }
    this.#database = new VaultDatabase(this.#name);
    this.services = this.#services();
    this.sharing = sharingOver(this.services);
    this.commands = commandsOver(this.services);
  }

  /** Every byte that lies on the disk. */
  async disk(): Promise<Uint8Array[]> {
    return (await this.#database.records.toArray()).map(({ sealed }) => sealed);
  }

  async run<C extends CommandName>(command: C, args: Commands[C][0]): Promise<Commands[C][1]> {
    return (await this.commands.handle(command, args)) as Commands[C][1];
  }

  async create(vaultService: string): Promise<void> {
    await this.run('create', { passphrase: PASSPHRASE, vaultService });
  }

  async unlock(): Promise<void> {
    await this.run('unlock', { passphrase: PASSPHRASE });
  }

  asked(request: string, origin: string, key = `1:doc:${crypto.randomUUID()}`): Asked {
    return { key, origin, request, at: this.services.now() };
  }

  /** As the worker does it: each step is stored, and the stored one is where it goes on. */
  advance(asked: Asked, decision: StoredDecision): Promise<Advanced> {
    return this.sharing.advance(
      asked,
      decision,
      this.steps.get(asked.key) ?? null,
      async (step) => {
        this.steps.set(asked.key, structuredClone(step));
      },
      async () => this.alive,
    );
  }

  /** From the request to what the page gets, saying yes to `ids`. */
  async share(
    asked: Asked,
    ids: readonly string[],
    given: Partial<Extract<Decision, { share: true }>> = {},
  ): Promise<Advanced> {
    const prepared = await this.sharing.prepare(asked);
    if (!prepared.ok) throw new Error(prepared.code);
    const view = await this.sharing.promptView(asked);
    return this.advance(asked, await this.sharing.decide(asked, yes(view, ids, given)));
  }

  #services() {
    const { door, now = () => Math.floor(Date.now() / 1000), lang = 'en' } = this.#options;
    const { session } = this;
    const clock = () => now() * 1000;
    // Elapsed time is nobody's to put back.
    const elapsed = () => {
      this.#latest = Math.max(this.#latest, clock());
      return this.#latest;
    };
    return servicesOver({
      vault: new Vault({ session, database: this.#database, now: clock, elapsed }),
      session,
      door,
      now,
      pause: async (milliseconds) => {
        this.waited += milliseconds / 1000;
      },
      getMessage: i18n(lang),
      options: { [allowLoopback]: true },
      undoSeconds: async () => this.#options.undoSeconds ?? 600,
      defaultVaultService: null,
    });
  }
}

export function yes(
  view: PromptView,
  ids: readonly string[],
  given: Partial<Extract<Decision, { share: true }>> = {},
): Extract<Decision, { share: true }> {
  const entered = (given.entered ?? []).map(({ id }) => id);
  const shown = (id: string) =>
    view.items.find((item) => item.id === id)?.precisions.find((one) => one.id === 'exact')?.shown;
  return {
    share: true,
    items: ids.map((id) => {
      const words = entered.includes(id) ? undefined : shown(id);
      return { id, precision: 'exact', ...(words !== undefined && { shown: words }) };
    }),
    until: view.until,
    entered: [],
    confirmed: [],
    ...given,
  };
}
