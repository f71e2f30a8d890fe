import './kit.css';
import type { KitSheets } from '../../messages.ts';
import { day } from '../dates.ts';
import { t } from '../words.ts';

/** What is printed: two sheets, because they are kept in different places and read by different people. */
export function Sheets({ sheets }: { sheets: KitSheets }) {
  return (
    <div class="kit-sheets stack">
      <section class="sheet stack" aria-labelledby="sheet-code">
        <h2 id="sheet-code">{t('kit_code_title')}</h2>
        <Groups code={sheets.code} testid="kit-code" />
        <p>{t('kit_code_text')}</p>
        <p>{t('kit_code_use')}</p>
        <p class="hint">{t('kit_made_on', day(sheets.madeOn))}</p>
      </section>
      <StopSheet stop={sheets.stop} vaultService={sheets.vaultService} />
    </div>
  );
}

/** SPEC §8.2: the stop root and the address of the vault service, and nothing of the vault. */
export function StopSheet({ stop, vaultService }: { stop: string; vaultService: string }) {
  return (
    <section class="sheet stack" aria-labelledby="sheet-stop">
      <h2 id="sheet-stop">{t('kit_stop_title')}</h2>
      <Groups code={stop} testid="kit-stop" />
      <p>
        {t('kit_stop_address')} <code data-testid="kit-service">{`${vaultService}/stop`}</code>
      </p>
      <p>{t('kit_stop_text')}</p>
    </section>
  );
}

/** Each group with its number, which the person is asked for. */
function Groups({ code, testid }: { code: string; testid: string }) {
  return (
    <ol class="groups" data-testid={testid}>
      {code.split('-').map((group, i) => (
        <li key={`${i}-${group}`}>
          <code>{group}</code>
        </li>
      ))}
    </ol>
  );
}
