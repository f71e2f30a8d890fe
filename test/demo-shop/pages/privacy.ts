import { attribute } from '@zusage/protocol/brand';
import { html } from '../html.ts';
import type { Offer } from '../offer.ts';
import type { Lang } from '../words.ts';
import { layout, type Shop } from './layout.ts';

/**
 * The privacy notice: one text in both languages, byte for byte the same for everybody, because the terms name its hash.
 */
export function privacyPage(shop: Shop, offer: Offer, vault: string): string {
  const days = Number.parseInt(offer.retention.slice(1), 10);
  const asked = (lang: Lang) =>
    [...offer.required, ...offer.optional].map((id) => attribute(id)?.label[lang] ?? id).join(', ');
  return layout(
    shop,
    'en',
    { title: `Privacy · ${shop.name}`, path: '/privacy', oneText: true },
    html`<article class="text">
<h1>Privacy</h1>
<p>${shop.name} is a demonstration shop. It sells nothing.</p>
<h2>What you share through Zusage</h2>
<p>When you personalise this shop, your browser sends us what you chose to share (${asked('en')}), and nothing else. We use it only to sort and recommend products. Nobody else receives it.</p>
<p>Before each use we ask the service ${vault} whether you still agree, and rely on its answer for at most five minutes. When you stop sharing, this shop stops within five minutes; when you can no longer undo it, we delete what you shared and say so to the service. We keep nothing longer than ${days} days.</p>
<p>The service learns that we asked and for which kind of information, never the information itself. You are a different pseudonym in every shop.</p>
<h2>Cookies</h2>
<p>One for your visit, which lasts as long as your consent, and one for your language if you choose it.</p>
<h2>Deletion</h2>
<p>Write to privacy@wegwarte.example, or press “Stop here and delete” in the shop.</p>
</article>
<article class="text" lang="de">
<h1>Datenschutz</h1>
<p>${shop.name} ist ein Vorführladen. Hier wird nichts verkauft.</p>
<h2>Was Sie über Zusage teilen</h2>
<p>Wenn Sie den Laden persönlich sortieren lassen, schickt uns Ihr Browser, was Sie zum Teilen ausgewählt haben (${asked('de')}), und sonst nichts. Wir nutzen es nur zum Sortieren und Empfehlen von Produkten. Niemand sonst bekommt es.</p>
<p>Vor jeder Nutzung fragen wir den Dienst ${vault}, ob Sie noch zustimmen, und verlassen uns höchstens fünf Minuten auf seine Antwort. Wenn Sie das Teilen beenden, hört dieser Laden innerhalb von fünf Minuten auf; sobald Sie es nicht mehr rückgängig machen können, löschen wir Ihre Angaben und melden das dem Dienst. Nichts behalten wir länger als ${days} Tage.</p>
<p>Der Dienst erfährt, dass wir gefragt haben und nach welcher Art von Angabe, nie die Angabe selbst. In jedem Laden tragen Sie ein anderes Pseudonym.</p>
<h2>Cookies</h2>
<p>Eines für Ihren Besuch, das so lange gilt wie Ihre Zustimmung, und eines für die Sprache, wenn Sie sie wählen.</p>
<h2>Löschen</h2>
<p>Schreiben Sie an privacy@wegwarte.example oder drücken Sie im Laden „Hier beenden und löschen“.</p>
</article>`,
  );
}
