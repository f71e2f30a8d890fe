import type { Status } from '../../messages.ts';
import { browser } from '../browser.ts';
import { run, say, status } from '../session.ts';
import { t } from '../words.ts';

type Section = 'data' | 'sharing' | 'log';

/** Opens a section of the app page in a tab and leaves. */
async function open(section: Section) {
  await browser.tabs.create({ url: browser.runtime.getURL(`/app.html#/${section}`) });
  window.close();
}

export function Footer({ now }: { now: Status }) {
  async function lock() {
    const next = await run('lock', {});
    if (!next) return;
    status.value = next;
    say(t('locked_title'));
  }
  return (
    <footer class="links">
      <nav aria-label={t('sections')}>
        <button type="button" class="link" data-testid="open-data" onClick={() => open('data')}>
          {t('my_data')}
        </button>
        <button
          type="button"
          class="link"
          data-testid="open-sharing"
          onClick={() => open('sharing')}
        >
          {t('sharing')}
        </button>
        <button type="button" class="link" data-testid="open-log" onClick={() => open('log')}>
          {t('log')}
        </button>
      </nav>
      {now.vault === 'unlocked' && (
        <button type="button" class="link" data-testid="lock" onClick={lock}>
          {t('lock')}
        </button>
      )}
    </footer>
  );
}
