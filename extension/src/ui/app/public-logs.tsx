import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { LogHealthView } from '../../messages.ts';
import { run, say } from '../session.ts';
import { t } from '../words.ts';
import { PublicLog } from './public-log.tsx';

/**
 * The public logs of the vault services that the person shares through; nothing while there is none.
 * @param after looked at anew whenever this changes: each proof of a grant tells something about the log
 */
export function PublicLogs({ after }: { after: unknown }) {
  const logs = useSignal<LogHealthView[]>([]);
  useEffect(() => {
    void load();
  }, [after]);
  async function load() {
    logs.value = (await run('publicLogs', {})) ?? logs.value;
  }
  async function look(origin: string) {
    const next = await run('lookAtLog', { origin });
    if (!next) return;
    logs.value = logs.value.map((log) => (log.origin === origin ? next : log));
    say(t('log_looked'));
  }
  async function follow(origin: string, vkey: string) {
    const next = await run('followLog', { origin, vkey });
    if (!next) return;
    logs.value = logs.value.map((log) => (log.origin === origin ? next : log));
    say(t('log_follow_gone'));
  }
  if (logs.value.length === 0) return null;
  return (
    <section class="stack snug" aria-labelledby="public-log">
      <h2 id="public-log">{t('public_log')}</h2>
      <p class="quiet">{t('public_log_intro')}</p>
      <ul class="rows">
        {logs.value.map((log) => (
          <PublicLog
            key={log.origin}
            log={log}
            onLook={() => look(log.origin)}
            onFollow={(vkey) => follow(log.origin, vkey)}
            onSearched={load}
          />
        ))}
      </ul>
    </section>
  );
}
