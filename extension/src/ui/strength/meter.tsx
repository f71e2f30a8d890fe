import { t } from '../words.ts';
import type { Strength } from './strength.ts';

const FILLED = { weak: 1, fair: 2, strong: 3 } as const;

/** How good the passphrase is, in words; the bars only repeat them. Null while there is nothing to say. */
export function Meter({ strength, id }: { strength: Strength | null; id: string }) {
  return (
    <div class="meter" data-level={strength?.level}>
      <div class="bars" aria-hidden="true">
        {[1, 2, 3].map((bar) => (
          <span key={bar} class={strength && bar <= FILLED[strength.level] ? 'on' : ''} />
        ))}
      </div>
      <p role="status" id={id} data-testid="strength">
        {strength && (
          <>
            <b>{t(`strength_${strength.level}`)}</b>{' '}
            {strength.reason && t(`strength_because_${strength.reason}`)}
          </>
        )}
      </p>
    </div>
  );
}
