import { z } from '@zusage/protocol/shape';
import type { CommandError, CommandName, Decision, Reply, Status } from '../messages.ts';
import { CommandFailure, commandCode } from '../sharing/failure.ts';
import { blockSite, isSiteBlocked } from '../site/block-list.ts';
import type { Connections } from '../site/connections.ts';
import type { Sender } from '../site/gate.ts';
import type { Ports } from './ports.ts';
import type { Requests } from './requests.ts';
import { reset } from './reset.ts';

const None = z.strictObject({});
const Tab = z.strictObject({ tabId: z.int() });
const Id = z.strictObject({ id: z.string() });
const Site = z.strictObject({ tabId: z.int(), origin: z.string() });
const Blocking = z.strictObject({ origin: z.url(), blocked: z.boolean() });
const Prompt = z.strictObject({ id: z.string(), windowId: z.int() });
/** Whatever belongs to sharing, `sharing.decide` validates. */
const Deciding = z.strictObject({
  id: z.string(),
  decision: z.looseObject({ share: z.boolean() }),
});

/** Only the extension's own pages may command. Content scripts share its id, so the page's own address counts. */
export function isOwnPage(sender: Sender, { runtime }: Ports['browser']): boolean {
  const own = runtime.getURL('');
  return (
    sender.id === runtime.id &&
    sender.url?.startsWith(own) === true &&
    (sender.origin === undefined || `${sender.origin}/` === own)
  );
}

export type Unlocking = { locked: () => Promise<void>; unlocked: () => Promise<void> };

/** The table of commands that sites and requests concern; every other goes to the vault's part. */
export function commands(
  ports: Ports,
  connections: Connections,
  requests: Requests,
  on: Unlocking,
): (command: CommandName, args: unknown) => Promise<unknown> {
  const { vault, handle } = ports;
  const site = async (tabId: number) => {
    const view = await connections.view(tabId);
    // While locked nobody can say, and nothing of a site is shown but its name.
    const blocked =
      view.origin !== null &&
      (await vault.state()) === 'unlocked' &&
      (await isSiteBlocked(vault, view.origin).catch(() => false));
    return { ...view, blocked };
  };
  const withRequests = async (vaultPart: unknown): Promise<Status> => ({
    ...(vaultPart as Status),
    ...(await requests.status()),
  });
  const own: Partial<Record<CommandName, (args: unknown) => Promise<unknown>>> = {
    status: async (args) => withRequests(await handle('status', args)),
    create: async (args) => {
      const status = await handle('create', args);
      await on.unlocked();
      return withRequests(status);
    },
    unlock: async (args) => {
      const status = await handle('unlock', args);
      const [answer] = await Promise.all([withRequests(status), on.unlocked()]);
      return answer;
    },
    lock: async (args) => {
      const status = await handle('lock', args);
      await on.locked();
      return withRequests(status);
    },
    restoreNew: async (args) => {
      const done = await handle('restoreNew', args);
      await on.unlocked();
      return done;
    },
    reset: async (args) => {
      read(None, args);
      await reset(ports, connections);
      await on.locked();
      return {};
    },
    site: (args) => site(read(Tab, args).tabId),
    connect: async (args) => {
      const { tabId } = read(Tab, args);
      await connections.once(tabId);
      return site(tabId);
    },
    connectAlways: async (args) => {
      const { tabId, origin } = read(Site, args);
      await connections.always(tabId, origin);
      return site(tabId);
    },
    disconnect: async (args) => {
      const { tabId, origin } = read(Site, args);
      await connections.end(origin);
      return site(tabId);
    },
    block: async (args) => {
      const { origin, blocked } = read(Blocking, args);
      await blockSite(vault, new URL(origin).origin, blocked);
      if (blocked) await connections.end(new URL(origin).origin);
      return {};
    },
    openApproval: async (args) => {
      await requests.openApproval(read(Id, args).id);
      return {};
    },
    prompt: (args) => {
      const { id, windowId } = read(Prompt, args);
      return requests.prompt(id, windowId);
    },
    decide: (args) => {
      const { id, decision } = read(Deciding, args);
      return requests.decide(id, decision as Decision);
    },
  };
  return async (command, args) => (own[command] ?? ((rest) => handle(command, rest)))(args);
}

/** Every command gets an answer, and no more of a failure than its code. */
export async function reply(carryOut: () => Promise<unknown>): Promise<Reply<unknown>> {
  try {
    return { ok: true, value: await carryOut() };
  } catch (error) {
    const code: CommandError = commandCode(error) ?? 'internal';
    return { ok: false, code };
  }
}

function read<S extends z.core.$ZodType>(schema: S, args: unknown): z.output<S> {
  const parsed = z.safeParse(schema, args);
  if (!parsed.success) throw new CommandFailure('malformed');
  return parsed.data;
}
