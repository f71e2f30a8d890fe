import { attribute } from '@zusage/protocol/brand';
import type { Permitted } from '../consent.ts';
import { Html, html } from '../html.ts';
import type { Offer } from '../offer.ts';
import { type Ranked, rank, toldUs } from '../personalise.ts';
import { picture } from '../pictures.ts';
import type { Department, Product } from '../products.ts';
import { day, euros, type Lang, say } from '../words.ts';
import { layout, type Shop } from './layout.ts';

const DEPARTMENTS: readonly Department[] = ['shoes', 'clothing', 'outdoors', 'coffee', 'brewing'];
/** How many products stand in the first section of a personalised shop. */
const FIRST = 12;

export function homePage(shop: Shop, lang: Lang, offer: Offer, permitted: Permitted): string {
  const yours = permitted.state === 'allowed';
  const body = yours
    ? yourShop(shop, permitted, lang)
    : everybodysShop(shop, offer, permitted, lang);
  return layout(shop, lang, { title: shop.name, path: '/', personalised: yours }, body);
}

function everybodysShop({ products }: Shop, offer: Offer, permitted: Permitted, lang: Lang): Html {
  const neutral = products.map((product: Product) => ({ product, score: 0, reasons: [] }));
  return html`<section class="hero"><h1>${say('hero', lang)}</h1><p>${say('tagline', lang)}</p></section>
${notice(permitted, lang)}
${invitation(offer, lang)}
${DEPARTMENTS.map((department) =>
  section(
    department,
    say(department, lang),
    neutral.filter(({ product }) => product.department === department),
    lang,
  ),
)}`;
}

function notice({ state }: Permitted, lang: Lang): Html | null {
  if (state === 'none' || state === 'allowed') return null;
  return html`<p class="notice" role="status" data-testid="notice" data-state="${state}">${say(state, lang)}</p>`;
}

/** Nothing here knows whether the visitor has a vault: the steps appear when the button is pressed. */
function invitation({ required, optional, benefit }: Offer, lang: Lang): Html {
  const item = (id: string, word: 'needed' | 'ifYouLike') =>
    html`<li>${attribute(id)?.label[lang] ?? id} <small>${say(word, lang)}</small></li>`;
  return html`<section class="offer" aria-labelledby="offer-title" data-testid="offer">
<div>
<h2 id="offer-title">${say('offer', lang)}</h2>
<p>${benefit[lang]} ${say('offerFor', lang)}</p>
<p class="asks">${say('offerAsks', lang)}</p>
<ul class="chips">${required.map((id) => item(id, 'needed'))}${optional.map((id) => item(id, 'ifYouLike'))}</ul>
</div>
<div class="act">
<button type="button" id="personalise" data-testid="personalise">${say('offer', lang)}</button>
<div id="steps" data-testid="steps" tabindex="-1" hidden>
<p>${say('steps', lang)}</p>
<ol><li>${say('step1', lang)}</li><li>${say('step2', lang)}</li></ol>
<p class="small">${say('getIt', lang)}</p>
</div>
<p id="said" data-testid="said" role="status" data-asking="${say('asking', lang)}" data-not-granted="${say('notGranted', lang)}" data-failed="${say('failed', lang)}"></p>
</div>
</section>`;
}

function yourShop(
  { products }: Shop,
  { grant, values }: Permitted & { state: 'allowed' },
  lang: Lang,
): Html {
  const ranked = rank(products, values, lang);
  const fitting = ranked.filter(({ score }) => score > 0).slice(0, FIRST);
  const rest = ranked.filter((entry) => !fitting.includes(entry));
  const told = toldUs(values, lang);
  return html`<section class="hero"><h1>${say('heroYours', lang)}</h1><p>${told.map(({ shown }) => shown).join(' · ')}</p></section>
<section class="offer yours" aria-labelledby="yours-title" data-testid="yours">
<div>
<h2 id="yours-title">${say('yours', lang)}</h2>
<p class="asks">${say('toldUs', lang)}</p>
<ul class="chips" data-testid="told">${told.map(({ id, label, shown }) => html`<li data-attribute="${id}">${label}: <strong>${shown}</strong></li>`)}</ul>
</div>
<div class="act">
<p>${say('until', lang, day(grant.expires, lang))} ${say('stopThere', lang)}</p>
<form method="post" action="/personalise/forget"><button class="quiet" data-testid="forget">${say('forget', lang)}</button></form>
</div>
</section>
${section('yours', say('forYou', lang), fitting, lang)}
${section('more', say('more', lang), rest, lang)}`;
}

function section(id: string, title: string, entries: readonly Ranked[], lang: Lang): Html {
  if (entries.length === 0) return html``;
  return html`<section aria-labelledby="${id}-section"><h2 id="${id}-section">${title}</h2>
<ul class="shelf" data-testid="shelf-${id}">${entries.map((entry) => card(entry, lang))}</ul></section>`;
}

function card({ product, score, reasons }: Ranked, lang: Lang): Html {
  const { id, kind, tone, name, about, price, sizes } = product;
  const tag = score > 0 ? 'fits' : score < 0 ? 'fits-not' : '';
  return html`<li class="card ${tag}" data-product="${id}">
${new Html(picture(kind, tone))}
<h3>${name[lang]}</h3>
<p>${about[lang]}</p>
<p class="price">${euros(price, lang)}${sizes && html` <small>${say('sizes', lang, String(sizes[0]), String(sizes[1]))}</small>`}</p>
${reasons.map((reason) => html`<p class="why" data-testid="why">${reason}</p>`)}
</li>`;
}
