import { useSignal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { LogHealthView } from '../../messages.ts';
import { date, time } from '../dates.ts';
import { saveFile } from '../save-file.ts';
import { run, say } from '../session.ts';
import { count, locale, t } from '../words.ts';
import { FollowedLog } from './followed-log.tsx';
import { useSearch } from './use-search.ts';

const CALM: readonly LogHealthView['state'][] = ['unseen', 'ok', 'waiting'];

type Props = {
  log: LogHealthView;
  onLook: () => void;
  onFollow: (vkey: string) => void;
  onSearched: () => void;
};

/** One public log: what is known of it, a warning if there is one, and ways to look closer. */
export function PublicLog({ log, onLook, onFollow, onSearched }: Props) {
  const { origin, state, head, searched } = log;
  const title = `log-${origin}`;
  const host = new URL(origin).host;
  const saved = useSignal<string | null>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const isFollowed = log.follow !== null;
  const wasFollowed = useRef(isFollowed);
  // The button that led on is gone.
  useLayoutEffect(() => {
    if (wasFollowed.current && !isFollowed) heading.current?.focus();
    wasFollowed.current = isFollowed;
  }, [isFollowed]);

  async function saveEvidence() {
    const file = await run('saveEvidence', { origin });
    if (!file) return;
    saveFile(file);
    saved.value = file.name;
    say(t('evidence_saved', file.name));
  }

  const isCalm = CALM.includes(state);
  return (
    <li class="card" data-testid={title} data-state={state}>
      <div class="head">
        <h3 id={title} ref={heading} tabIndex={-1}>
          {host}
        </h3>
      </div>
      {isCalm && <p>{t(`log_state_${state}`)}</p>}
      {!isCalm && state !== 'followed' && (
        <div class="notice bad" data-testid="log-problem">
          <p>{t(`log_state_${state}`)}</p>
          {state === 'unexpected' && <Unexpected entries={searched?.unexpected ?? []} />}
          <p>{t('log_do')}</p>
          {log.evidence && <p>{t('log_do_evidence')}</p>}
        </div>
      )}
      <FollowedLog log={log} title={title} onFollow={onFollow} />
      {!isFollowed && log.retelling > 0 && (
        <p class="notice" data-testid="retelling">
          {count('log_retelling', log.retelling)}
        </p>
      )}
      <dl>
        {head && (
          <div class="term">
            <dt>{t('log_last')}</dt>
            <dd>{count('log_entries', head.size, date(head.on), time(head.on))}</dd>
          </div>
        )}
        <div class="term">
          <dt>{t('log_whole')}</dt>
          <dd>
            {searched ? count('log_whole', searched.own, date(searched.on)) : t('log_whole_never')}
            {searched !== null && searched.open > 0 && (
              <span class="hint pair">{count('log_open', searched.open)}</span>
            )}
          </dd>
        </div>
        {log.earlier.map(({ name, size, until }) => (
          <div class="term" key={name}>
            <dt>{t('log_before')}</dt>
            <dd>{count('log_before_seen', size, date(until))}</dd>
          </div>
        ))}
      </dl>
      {saved.value && <p class="hint">{t('evidence_saved', saved.value)}</p>}
      <p class="row">
        {log.evidence && (
          <button
            type="button"
            class="main"
            aria-describedby={title}
            data-testid="save-evidence"
            onClick={saveEvidence}
          >
            {t('save_evidence')}
          </button>
        )}
        <button
          type="button"
          class="link"
          aria-describedby={title}
          data-testid="look-at-log"
          onClick={onLook}
        >
          {t('log_look')}
        </button>
      </p>
      {!isFollowed && <Search origin={origin} title={title} onSearched={onSearched} />}
    </li>
  );
}

function Unexpected({ entries }: { entries: { minute: string; brand: string }[] }) {
  return (
    <ul class="plain">
      {entries.map(({ minute, brand }, i) => {
        const at = Date.parse(minute) / 1000;
        return <li key={i}>{t('log_unexpected_entry', brand, date(at), time(at))}</li>;
      })}
    </ul>
  );
}

function Search({
  origin,
  title,
  onSearched,
}: {
  origin: string;
  title: string;
  onSearched: () => void;
}) {
  const { progress, search, stop } = useSearch(origin, onSearched);
  const button = useRef<HTMLButtonElement>(null);
  const runs = progress !== null;
  const ran = useRef(runs);
  // One button turns into the other: the focus follows.
  useLayoutEffect(() => {
    if (ran.current !== runs) button.current?.focus();
    ran.current = runs;
  }, [runs]);
  const number = (n: number) => new Intl.NumberFormat(locale()).format(n);
  if (progress === null) {
    return (
      <div class="stack tight">
        <button
          type="button"
          class="link"
          ref={button}
          aria-describedby={`${title} why-${title}`}
          data-testid="search-log"
          onClick={search}
        >
          {t('log_search')}
        </button>
        <p class="hint" id={`why-${title}`}>
          {t('log_search_why')}
        </p>
      </div>
    );
  }
  const words = t('log_searching', number(progress.done), number(progress.of));
  return (
    <div class="row" data-testid="searching">
      <progress max={progress.of} value={progress.done} aria-label={t('log_search')}>
        {words}
      </progress>
      <span aria-hidden="true">{words}</span>
      <button
        type="button"
        class="link"
        ref={button}
        aria-describedby={title}
        data-testid="stop-search"
        onClick={stop}
      >
        {t('log_search_stop')}
      </button>
    </div>
  );
}
