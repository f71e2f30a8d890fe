import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { GrantView } from '../../messages.ts';
import { now } from '../dates.ts';
import { Loading } from '../notices.tsx';
import { saveFile } from '../save-file.ts';
import { failure, run, say } from '../session.ts';
import { t } from '../words.ts';
import { Grant } from './grant.tsx';
import { PublicLogs } from './public-logs.tsx';

const RUNNING: GrantView['state'][] = ['active', 'not-yet', 'undo', 'withdrawal-pending'];

/** Everything that is shared and was shared. Stopping is one click here: the undo is what asks "really?". */
export function Sharing() {
  const grants = useSignal<GrantView[] | null>(null);
  const at = useSignal(now());
  const saved = useSignal<{ jti: string; name: string } | null>(null);

  useEffect(() => {
    void load();
    const look = () => {
      if (document.visibilityState === 'visible') void load();
    };
    document.addEventListener('visibilitychange', look);
    return () => document.removeEventListener('visibilitychange', look);
  }, []);
  async function load() {
    grants.value = (await run('grants', {})) ?? grants.value;
  }

  const all = grants.value ?? [];
  // Counts only while something can still be undone; its end is the worker's to tell.
  const undoable = all.some((grant) => grant.state === 'undo');
  useEffect(() => {
    if (!undoable) return;
    const timer = window.setInterval(() => {
      at.value = now();
      const over = grants.value?.some((g) => g.state === 'undo' && (g.undoUntil ?? 0) <= at.value);
      if (over) void load();
    }, 1000);
    return () => clearInterval(timer);
  }, [undoable]);

  async function change(
    command: 'withdraw' | 'restore' | 'refreshGrant',
    jti: string,
    words: string,
  ) {
    const next = await run(command, { jti });
    if (!next) return;
    at.value = now();
    grants.value = (grants.value ?? []).map((g) => (g.jti === jti ? next : g));
    say(words);
  }

  async function save(jti: string) {
    const file = await run('saveReceipt', { jti });
    if (!file) return;
    saveFile(file);
    saved.value = { jti, name: file.name };
    say(t('receipt_saved', file.name));
  }

  const show = (list: GrantView[]) => (
    <ul class="rows">
      {list.map((grant) => (
        <Grant
          key={grant.jti}
          grant={grant}
          at={at.value}
          onWithdraw={() => change('withdraw', grant.jti, t('stopped', grant.brand.name))}
          onRestore={() => change('restore', grant.jti, t('restored', grant.brand.name))}
          onSave={() => save(grant.jti)}
          saved={saved.value?.jti === grant.jti ? saved.value.name : null}
          onRefresh={() => change('refreshGrant', grant.jti, t('refreshed'))}
        />
      ))}
    </ul>
  );
  const running = all.filter((grant) => RUNNING.includes(grant.state));
  const ended = all.filter((grant) => !RUNNING.includes(grant.state));
  return (
    <>
      <h1>{t('sharing')}</h1>
      <p class="quiet">{t('sharing_intro')}</p>
      {!grants.value && !failure.value && <Loading />}
      {grants.value && running.length === 0 && (
        <div class="empty">
          <p>{t('sharing_empty')}</p>
          <p class="hint">{t('sharing_example')}</p>
        </div>
      )}
      {running.length > 0 && show(running)}
      {ended.length > 0 && (
        <section aria-labelledby="ended">
          <h2 id="ended">{t('ended')}</h2>
          {show(ended)}
        </section>
      )}
      <PublicLogs after={grants.value} />
    </>
  );
}
