import { useSignal } from '@preact/signals';
import type { ShopView } from '../../messages.ts';
import { run, say, status } from '../session.ts';
import { count, t } from '../words.ts';

const titleOf = (shops: ShopView[]) =>
  shops.length > 0 ? count('shops', shops.length) : t('shops_none');

/** The vault service's list of shops, asked for only when the person wants it. */
export function Shops() {
  const shops = useSignal<ShopView[] | null>(null);
  const busy = useSignal(false);

  async function load() {
    if (busy.value) return;
    busy.value = true;
    shops.value = await run('shops', {});
    busy.value = false;
    if (shops.value) say(titleOf(shops.value));
  }
  const all = shops.value;
  const service = status.value?.vaultService;
  return (
    <>
      {all && (
        <>
          <h3>{titleOf(all)}</h3>
          <ul class="rows" data-testid="shops">
            {all.map((shop) => (
              <li class="item" key={shop.did}>
                <p class="head">
                  <b>{shop.name}</b> <span class="tag">{shop.category}</span>
                </p>
                <p>
                  {shop.sites.map(({ host, url }) => (
                    <a class="site" key={url} href={url} target="_blank" rel="noreferrer noopener">
                      <code>{host}</code>
                    </a>
                  ))}
                  {shop.sites.length === 0 && <code>{shop.did}</code>}
                </p>
              </li>
            ))}
          </ul>
          {all.length > 0 && <p class="hint">{t('shops_about')}</p>}
        </>
      )}
      <p>
        <button type="button" data-testid="load-shops" aria-disabled={busy.value} onClick={load}>
          {t(all ? 'shops_again' : 'shops_load')}
        </button>
      </p>
      {service && <p class="hint">{t('shops_asks', new URL(service).host)}</p>}
    </>
  );
}
