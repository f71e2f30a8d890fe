import type { AttributesFound, AttributeView } from '../../messages.ts';
import { count, t } from '../words.ts';
import { AttributeRow, type RowActions } from './attribute-row.tsx';

type Props = RowActions & {
  part: AttributesFound['sensitive'];
  rows: AttributeView[];
  searching: boolean;
  open: boolean;
  onOpen: (open: boolean) => void;
  editing: ReadonlyMap<string, AttributeView>;
  onMore: () => void;
};

/** Values, mood and special categories, apart and closed until the person wants to see them. */
export function Sensitive({ part, rows, searching, open, onOpen, editing, onMore, ...on }: Props) {
  if (part.held === 0) return null;
  return (
    <section class="sensitive stack" aria-labelledby="sensitive" data-testid="sensitive">
      <h2 id="sensitive">{t('data_sensitive')}</h2>
      <p>{t('data_sensitive_text')}</p>
      {searching && !open && part.total > 0 && (
        <p class="hint">{count('data_sensitive_matches', part.total)}</p>
      )}
      <p>
        <button
          type="button"
          data-testid="sensitive-show"
          aria-expanded={open}
          onClick={() => onOpen(!open)}
        >
          {open ? t('data_sensitive_hide') : count('data_sensitive_show', part.held)}
        </button>
      </p>
      {open && (
        <ul class="rows">
          {rows.map((attribute) => (
            <AttributeRow
              key={attribute.id}
              attribute={attribute}
              editing={editing.has(attribute.id)}
              {...on}
            />
          ))}
        </ul>
      )}
      {open && part.total > part.found.length && (
        <button type="button" onClick={onMore}>
          {count('data_more', part.total - part.found.length)}
        </button>
      )}
    </section>
  );
}
