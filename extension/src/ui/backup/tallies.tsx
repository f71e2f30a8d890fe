import type { RestoreTally, RestoreView } from '../../messages.ts';
import { date, time } from '../dates.ts';
import { count, type Key, list, t } from '../words.ts';

const ROWS = ['attributes', 'grants', 'receipts', 'proofs', 'log'] as const;

const TITLES: Readonly<Record<(typeof ROWS)[number], Key>> = {
  attributes: 'my_data',
  grants: 'sharing',
  receipts: 'backup_receipts',
  proofs: 'backup_proofs',
  log: 'log',
};

/** What is in the backup, and what of it this vault does not have. */
export function Tallies({ view }: { view: RestoreView }) {
  const { made, isNew } = view;
  return (
    <section aria-labelledby="in-backup">
      <h2 id="in-backup">{t('backup_contents', date(made), time(made))}</h2>
      <dl data-testid="tallies">
        {ROWS.map((row) => (
          <div class="term" key={row}>
            <dt>{t(TITLES[row])}</dt>
            <dd>{isNew ? count('backup_entries', view[row].fresh) : inWords(view[row])}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function inWords({ fresh, same, changed }: RestoreTally): string {
  const parts = [
    ...(fresh > 0 ? [count('backup_fresh', fresh)] : []),
    ...(same > 0 ? [count('backup_same', same)] : []),
    ...(changed > 0 ? [count('backup_changed', changed)] : []),
  ];
  return parts.length === 0 ? count('backup_entries', 0) : list(parts);
}
