import { type Html, html } from '../html.ts';
import { toldUs } from '../personalise.ts';
import type { Asked, HeldGrant } from '../store.ts';
import { layout, type Shop } from './layout.ts';

const DPV = 'https://w3id.org/dpv#';
/** Purposes to try in the form: the granted one, one above it, and others. */
const PURPOSES = [
  `${DPV}ProvideProductRecommendations`,
  `${DPV}ServicePersonalisation`,
  `${DPV}DirectMarketing`,
  `${DPV}CommercialResearch`,
];

const interval = (seconds: number) => (seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`);

const time = (seconds: number) =>
  new Date(seconds * 1000).toISOString().replace('.000Z', ' UTC').replace('T', ' ');

export type Holdings = {
  grants: HeldGrant[];
  asked: Asked[];
  attributes: string[];
  /** Seconds between two rechecks of everything. */
  sweepEvery: number;
};

/** For the people who run the shop, so in English only. */
export function adminPage(shop: Shop, { grants, asked, attributes, sweepEvery }: Holdings): string {
  return layout(
    shop,
    'en',
    { title: `What the shop holds · ${shop.name}`, path: '/admin', oneText: true },
    html`<article class="text wide">
<h1>What the shop holds</h1>
<p>In a real shop this page would need a login. One person is one pseudonym, which no other shop knows.</p>
<p data-testid="recheck-interval">Everything is checked again at least every ${interval(sweepEvery)} by the service’s signed status list. That is no use, and tells the service nothing about whom the shop thinks of.</p>
${grants.length === 0 && html`<p data-testid="holds-nothing">Nothing about anybody.</p>`}
${grants.map((grant) => held(grant, attributes))}
<h2>Every question to the service</h2>
<div class="scroll" role="region" aria-label="Every question to the service" tabindex="0"><table data-testid="asked">
<thead><tr><th scope="col">When</th><th scope="col">Grant</th><th scope="col">Purpose</th><th scope="col">Attribute</th><th scope="col">Answer</th></tr></thead>
<tbody>${asked.map(({ at, jti, purpose, attribute, answer }) => html`<tr data-answer="${answer}"><td>${time(at)}</td><td><code>${jti.slice(9, 17)}</code></td><td>${purpose.replace(DPV, '')}</td><td>${attribute}</td><td><strong>${answer}</strong></td></tr>`)}</tbody>
</table></div>
</article>`,
  );
}

function held(grant: HeldGrant, attributes: string[]): Html {
  const id = grant.jti.slice(9, 17);
  return html`<section class="held" aria-labelledby="grant-${id}" data-testid="grant" data-jti="${grant.jti}" data-values="${grant.values === null ? 'erased' : 'held'}">
<h2 id="grant-${id}">Person <code>${grant.pseudonym.slice(0, 8)}…</code>, grant <code>${id}</code></h2>
<dl>
<dt>For</dt><dd>${grant.purpose.map((iri) => iri.replace(DPV, '')).join(', ')}</dd>
<dt>Received</dt><dd>${time(grant.received)}</dd>
<dt>Ends</dt><dd>${time(grant.expires)}</dd>
<dt>Values</dt><dd data-testid="values">${
    grant.values === null
      ? html`deleted ${time(grant.erased ?? 0)} (${grant.why})`
      : toldUs(grant.values, 'en').map(
          ({ label, shown }) => html`<span class="chip">${label}: ${shown}</span> `,
        )
  }</dd>
<dt>Checked again</dt><dd data-testid="recheck" data-status="${grant.recheck?.status ?? 'not-yet'}">${grant.recheck === null ? 'not yet' : `${time(grant.recheck.at)} (${grant.recheck.status})`}</dd>
<dt>Handed back</dt><dd data-testid="handed-back">${grant.handedBack === null ? 'no' : time(grant.handedBack)}</dd>
</dl>
<form method="post" action="/admin/check" class="row">
<input type="hidden" name="grant" value="${grant.jti}">
<label>Purpose <select name="purpose">${PURPOSES.map((iri) => html`<option value="${iri}">${iri.replace(DPV, '')}</option>`)}</select></label>
<label>Attribute <select name="attribute">${attributes.map((attribute) => html`<option>${attribute}</option>`)}</select></label>
<button data-testid="check">Ask the service</button>
</form>
<p><a href="/admin/receipt/${encodeURIComponent(grant.jti)}" download data-testid="save-receipt">Save receipt</a>: request, grant and the proofs from the public log, without any value, for whoever should check them.</p>
</section>`;
}
