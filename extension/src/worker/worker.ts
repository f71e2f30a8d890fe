import type { Browser } from 'webextension-polyfill';
import type { CommandName, LockedMessage, Reply } from '../messages.ts';
import { Connections } from '../site/connections.ts';
import { admit, relayMessage, type Sender } from '../site/gate.ts';
import type { AskReply } from '../site/wire.ts';
import { SETTINGS } from '../vault/records.ts';
import { commands, isOwnPage, reply } from './commands.ts';
import type { Ports } from './ports.ts';
import { READ, Reading } from './reading.ts';
import { keyOf, Requests, TIDY } from './requests.ts';

const DEADLINE = 'deadline';
const LOCKED: LockedMessage = { zusage: 'locked' };

/**
 * The service worker. Listeners are registered before the first `await`, so that no event of a start is lost, and each
 * waits for the one `ready`. A browser start, an installation and a mere wake-up are three paths: only the first locks,
 * only the second restores registrations, and every one of them takes up what is pending – in the background, for that
 * may need the network.
 */
export function startWorker(ports: Ports): void {
  const { browser, vault, sharing } = ports;
  let ready = trustedOnly(browser);
  const requests = new Requests(ports);
  const reading = new Reading(ports);
  const connections = new Connections(browser, ports.loopback);
  const command = commands(ports, connections, requests, { locked, unlocked });

  /** The alarm only tidies up: each read of the key checks the deadline itself. */
  async function unlocked(): Promise<void> {
    const when = await vault.deadline();
    await Promise.all([
      when !== null && browser.alarms.create(DEADLINE, { when }),
      reading.plan(when),
    ]);
    void takeUp();
  }
  async function locked(): Promise<void> {
    await browser.alarms.clear(DEADLINE);
    await reading.stop();
    // Open pages still show what is in the vault; where none is open nobody listens.
    void browser.runtime.sendMessage(LOCKED).catch(() => undefined);
  }
  async function lock(): Promise<void> {
    await vault.lock();
    await locked();
  }
  /** Unless the person chose otherwise; where that cannot be read, it locks. */
  async function lockWithScreen(): Promise<void> {
    const settings = await vault.get('settings', SETTINGS).catch(() => undefined);
    if (settings?.lockWithScreen !== false) await lock();
  }
  async function takeUp(): Promise<void> {
    const unlocked = (await vault.state()) === 'unlocked';
    // Side by side: left-over withdrawals may wait for an absent service, and the person waits for the prompt.
    await Promise.all([
      unlocked && sharing.resumeAfterUnlock().catch(() => undefined),
      requests.tendAll(),
      vault.deadline().then((when) => reading.plan(when)),
    ]);
  }

  /** Once, to somebody who has just installed it; who has a vault already knows their way. */
  async function welcome(): Promise<void> {
    if ((await vault.state()) !== 'none') return;
    await browser.tabs.create({ url: browser.runtime.getURL('/welcome.html') });
  }

  async function fromRelay(
    message: unknown,
    sender: Sender,
  ): Promise<AskReply | 'cancelled' | undefined> {
    const from = admit(sender, { ownId: browser.runtime.id, loopback: ports.loopback });
    if (from === null) return undefined;
    const said = relayMessage(message);
    if (said === null) return { error: 'TypeError' };
    if (said.zusage === 'ask') return requests.ask(from, said);
    await requests.cancel(keyOf(from, said.id), said.left ? 'left' : 'taken-back');
    return 'cancelled';
  }

  browser.runtime.onMessage.addListener(
    (
      message: unknown,
      sender: Sender,
    ): Promise<Reply<unknown> | AskReply | 'cancelled' | undefined> => {
      const { zusage, command: name, args } = (message ?? {}) as { [member: string]: unknown };
      if (zusage !== 'command') return ready.then(() => fromRelay(message, sender));
      // A content script that commands is a page that took it over: it hears what an outsider hears.
      if (!isOwnPage(sender, browser)) return Promise.resolve(undefined);
      return ready.then(() => reply(() => command(name as CommandName, args)));
    },
  );
  browser.windows.onRemoved.addListener((id) => void ready.then(() => requests.windowClosed(id)));
  browser.tabs.onRemoved.addListener((id) => {
    void ready.then(() => Promise.all([requests.tabClosed(id), connections.tabClosed(id)]));
  });
  browser.tabs.onUpdated.addListener((id, { status }) => {
    // `complete` once more: injecting twice is once, and the first event may have met a worker that was just dying.
    if (status === undefined) return;
    void ready.then(() => Promise.all([requests.tabLoads(id), connections.tabLoads(id)]));
  });
  browser.alarms.onAlarm.addListener(({ name }) => {
    if (name === TIDY) void ready.then(() => requests.tendAll());
    // What was read may be something to be warned of.
    if (name === READ) void ready.then(() => reading.take()).then(() => requests.badge());
    // Reading the deadline forgets a key that is past it.
    if (name === DEADLINE)
      void ready.then(async () => {
        if ((await vault.deadline()) === null) await locked();
      });
  });
  browser.permissions.onAdded.addListener(({ origins = [] }) => {
    void ready.then(() => connections.permitted(origins));
  });
  browser.permissions.onRemoved.addListener(({ origins = [] }) => {
    void ready.then(() => connections.forbidden(origins));
  });
  browser.idle.onStateChanged.addListener((state) => {
    if (state === 'locked') void lockWithScreen();
  });
  browser.runtime.onStartup.addListener(() => {
    ready = ready.then(lock);
  });
  browser.runtime.onInstalled.addListener(({ reason }) => {
    void connections.restore();
    if (reason === 'install') void ready.then(welcome);
  });

  void ready.then(takeUp);
}

/**
 * What is stored is for the extension's own contexts. For session memory that is the browsers' default; Firefox cannot
 * even be told, nor can it keep content scripts from the other store.
 */
async function trustedOnly({ storage }: Browser): Promise<void> {
  type Area = { setAccessLevel?: (level: { accessLevel: 'TRUSTED_CONTEXTS' }) => Promise<void> };
  for (const area of [storage.session, storage.local] as Area[])
    await area.setAccessLevel?.({ accessLevel: 'TRUSTED_CONTEXTS' });
}
