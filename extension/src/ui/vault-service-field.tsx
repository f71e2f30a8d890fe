import type { Signal } from '@preact/signals';
import { t } from './words.ts';

/** Where a new vault has its grants registered. `hint` says what that means here. */
export function VaultServiceField({ service, hint }: { service: Signal<string>; hint: string }) {
  return (
    <p class="field">
      <label for="vault-service">{t('vault_service')}</label>
      <input
        id="vault-service"
        data-testid="vault-service"
        type="url"
        required
        spellcheck={false}
        aria-describedby="vault-service-hint"
        value={service}
        onInput={(e) => {
          service.value = e.currentTarget.value;
        }}
      />
      <span class="hint" id="vault-service-hint">
        {hint}
      </span>
    </p>
  );
}
