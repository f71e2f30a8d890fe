import { parseVkey } from '@zusage/protocol/tlog';
import type { FileView, LogHealthView } from '../messages.ts';
import type { Services } from '../sharing/services.ts';
import type { LogWatchRecord } from '../vault/log-records.ts';
import { PATIENCE } from './recorded.ts';
import { leftToRetell } from './resubmit.ts';
import { unexplainedIn } from './search.ts';

/** What is known of one vault service's public log, in words' raw form. @throws VaultError */
export async function healthOf(services: Services, origin: string): Promise<LogHealthView> {
  const { vault } = services;
  const watch = await vault.get('logWatch', origin);
  const searched = await searchedView(services, watch);
  const head = watch?.head ?? null;
  return {
    origin,
    state: stateOf(watch, searched),
    follow: followView(watch),
    earlier: (watch?.earlier ?? []).map(({ vkey, head, until }) => ({
      name: parseVkey(vkey).name,
      size: head?.size ?? 0,
      until,
    })),
    retelling: await leftToRetell(services, origin),
    head: head && { size: head.size, on: head.on },
    seenOn: watch?.seenOn ?? null,
    searched,
    evidence: forkOf(watch) !== undefined,
  };
}

function followView(watch: LogWatchRecord | undefined): LogHealthView['follow'] {
  if (watch?.follow === undefined) return null;
  const { service, outcome, lost } = watch.follow;
  return { vkey: service.logVkey, outcome, lost };
}

/** The evidence against this log, or against the last of those before it that there is any against. */
function forkOf(watch: LogWatchRecord | undefined) {
  return watch?.fork ?? watch?.earlier?.findLast(({ fork }) => fork !== undefined)?.fork;
}

async function searchedView(
  services: Services,
  watch: LogWatchRecord | undefined,
): Promise<LogHealthView['searched']> {
  if (watch?.searched === undefined) return null;
  const { on, size, found, damaged } = watch.searched;
  const logged = await services.vault.all('logged');
  const { unexpected, open } = await unexplainedIn(services, watch.searched);
  const brands = await Promise.all(
    unexpected.map(async ({ minute, streamRoot }) => {
      const jti = logged.find((one) => one.streamRoot === streamRoot)?.jti;
      const grant = jti === undefined ? undefined : await services.vault.get('grant', jti);
      return { minute, brand: grant?.brandName ?? '' };
    }),
  );
  return { on, size, own: found.length, unexpected: brands, open: open.length, damaged };
}

/** A log whose copies lag, or that is being restarted, gets ten minutes; two signatures that contradict get none. */
function stateOf(
  watch: LogWatchRecord | undefined,
  searched: LogHealthView['searched'],
): LogHealthView['state'] {
  if (watch === undefined) return 'unseen';
  if (watch.fork !== undefined) return 'fork';
  if (watch.follow !== undefined) return 'followed';
  const { trouble, seenOn = 0, head, waiting } = watch;
  if (trouble !== undefined && seenOn >= trouble.since + PATIENCE) return trouble.code;
  if (searched?.damaged) return 'damaged';
  if (searched !== null && searched.unexpected.length > 0) return 'unexpected';
  if (waiting.length > 0 || trouble !== undefined) return 'waiting';
  return head === null ? 'unseen' : 'ok';
}

/**
 * Two signed checkpoints that contradict each other, in one file. `note` is the one that was seen first: `zusage-audit
 * verify SOURCE --known FILE` compares it with what the log says now.
 * @returns null when there are none
 */
export async function evidenceFile({ vault }: Services, origin: string): Promise<FileView | null> {
  const watch = await vault.get('logWatch', origin);
  const fork = forkOf(watch);
  if (fork === undefined) return null;
  const earlier = watch?.earlier?.find((log) => log.fork === fork);
  const vkey = earlier?.vkey ?? (await vault.get('service', origin))?.logVkey;
  const file = {
    v: 1,
    type: 'zusage-log-evidence',
    found: new Date(fork.on * 1000).toISOString().replace('.000', ''),
    log_vkey: vkey ?? null,
    note: fork.earlier,
    other_note: fork.later,
    consistency: fork.proof,
  };
  const name = `${new URL(origin).host.replace(':', '-')}-log-evidence.json`;
  return { name, text: `${JSON.stringify(file, null, 2)}\n` };
}
