import { t } from '../words.ts';

/** Browsers hide a new icon behind a puzzle piece. The picture says what the sentence says. */
export function PinTheIcon() {
  return (
    <section aria-labelledby="pin">
      <h2 id="pin">{t('welcome_pin')}</h2>
      <p>{t('welcome_pin_how')}</p>
      <svg class="pin" viewBox="0 0 320 132" aria-hidden="true" focusable="false">
        <rect class="bar-back" x="1" y="1" width="318" height="40" rx="8" />
        <rect class="page-back" x="14" y="10" width="190" height="22" rx="11" />
        <path
          class="puzzle"
          d="M238 13h6a4 4 0 1 1 8 0h6v7a4 4 0 1 0 0 8v6h-20v-6a4 4 0 1 0 0-8z"
        />
        <circle class="dots" cx="296" cy="15" r="2" />
        <circle class="dots" cx="296" cy="22" r="2" />
        <circle class="dots" cx="296" cy="29" r="2" />
        <rect class="menu" x="118" y="50" width="150" height="78" rx="8" />
        <path class="menu" d="M240 50l8-8 8 8" />
        <g transform="translate(130 74) scale(.85)">
          <path
            class="mark"
            d="M6 3h20a4 4 0 0 1 4 4v14a4 4 0 0 1-4 4H15l-7 5.5V25H6a4 4 0 0 1-4-4V7a4 4 0 0 1 4-4z"
          />
          <path class="mark tick" d="M9.5 14.5l4.5 4.5 8.5-9.5" />
        </g>
        <rect class="dots" x="166" y="84" width="52" height="8" rx="4" />
        <circle class="ring" cx="244" cy="88" r="14" />
        <path class="needle" d="M240 80h8M241 80v6l-3 4h12l-3-4v-6M244 90v6" />
      </svg>
    </section>
  );
}
