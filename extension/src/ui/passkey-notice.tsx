import type { PasskeyProblem } from './passkey.ts';
import { t } from './words.ts';

/** Why a passkey that was asked did not let the person in; read out at once. */
export function PasskeyNotice({ problem }: { problem: PasskeyProblem | null }) {
  return (
    <div role="alert">
      {problem && (
        <p class="notice bad" data-testid="passkey-problem">
          {t(problem === 'unable' ? 'passkey_unable' : 'passkey_unused')}
        </p>
      )}
    </div>
  );
}
