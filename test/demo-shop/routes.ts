import type { IncomingMessage } from 'node:http';
import { ASSETS } from './assets.ts';
import { type Consent, codeOf } from './consent.ts';
import { html } from './html.ts';
import { bodyOf, cookie, type Handler, type Reply } from './http.ts';
import type { Offer } from './offer.ts';
import { adminPage } from './pages/admin.ts';
import { homePage } from './pages/home.ts';
import { layout, type Shop } from './pages/layout.ts';
import type { ShopStore } from './store.ts';
import { type Lang, languageOf, say } from './words.ts';

/** Seconds a visit without a grant is remembered: as long as a request lives. */
const VISIT = 900;
const QUESTIONS_SHOWN = 200;

export type RouteOptions = {
  shop: Shop;
  url: string;
  offer: Offer;
  store: ShopStore;
  consent: Consent;
  /** The brand document, and the privacy notice, as they are served. */
  document: string;
  notice: string;
  /** Seconds between two rechecks of everything that is held. */
  sweepEvery: number;
};

const now = () => Math.floor(Date.now() / 1000);
const json = (body: object, status = 200, headers: Reply['headers'] = {}): Reply => ({
  status,
  type: 'application/json',
  body: JSON.stringify(body),
  headers,
});
const redirect = (location: string, headers: Reply['headers'] = {}): Reply => ({
  status: 303,
  headers: { location, ...headers },
});

export function routes(options: RouteOptions): Handler {
  const { shop, url, offer, store, consent, sweepEvery } = options;
  // Cookies know no ports, and two shops may run on one host.
  const { port } = new URL(url);
  const visit = `visit-${port}`;
  const language = `language-${port}`;

  const setVisit = (secret: string, expires: number) => ({
    'set-cookie': `${visit}=${secret}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${Math.max(0, expires - now())}`,
  });
  const sessionOf = (request: IncomingMessage) =>
    store.session(cookie(request, visit) ?? '', now());

  function langOf(request: IncomingMessage): Lang {
    const chosen = cookie(request, language);
    if (chosen === 'de' || chosen === 'en') return chosen;
    return languageOf(request.headers['accept-language']);
  }

  async function get(path: string, request: IncomingMessage): Promise<Reply> {
    const lang = langOf(request);
    if (path === '/') {
      const permitted = await consent.permitted(sessionOf(request)?.jti ?? null);
      return { body: homePage(shop, lang, offer, permitted) };
    }
    if (path === '/privacy') return { body: options.notice };
    if (path === '/admin') {
      const attributes = [...offer.required, ...offer.optional, 'profile.first-language'];
      const grants = store.grants();
      const asked = store.asked(QUESTIONS_SHOWN);
      return { body: adminPage(shop, { grants, asked, attributes, sweepEvery }) };
    }
    if (path.startsWith('/admin/receipt/')) return receipt(path.slice(15));
    if (path === '/.well-known/did.json') {
      const headers = { 'access-control-allow-origin': '*' };
      return { type: 'application/did+json', body: options.document, headers };
    }
    if (path === '/language/de' || path === '/language/en') {
      const value = `${language}=${path.slice(-2)}; Path=/; SameSite=Lax; Max-Age=31536000`;
      return redirect('/', { 'set-cookie': value });
    }
    return ASSETS[path] ?? notFound(lang);
  }

  /** A file that anybody can check without the shop. */
  async function receipt(jti: string): Promise<Reply> {
    const grant = store.grant(decodeURIComponent(jti));
    if (grant === null) return notFound('en');
    try {
      const { name, text } = await consent.receipt(grant);
      const headers = { 'content-disposition': `attachment; filename="${name}"` };
      return { type: 'application/json', body: text, headers };
    } catch (error) {
      return { status: 502, body: `The service gave no proofs (${codeOf(error)}). Try again.` };
    }
  }

  function notFound(lang: Lang): Reply {
    const title = say('notFound', lang);
    const body = html`<section class="hero"><h1>${title}</h1><p><a href="/">${say('back', lang)}</a></p></section>`;
    return { status: 404, body: layout(shop, lang, { title, path: '' }, body) };
  }

  async function post(path: string, request: IncomingMessage): Promise<Reply> {
    // Browsers say where a form or fetch comes from; only the shop's own pages may change anything.
    if (request.headers.origin !== url) return { status: 403, body: 'Not from this shop.' };
    const body = await bodyOf(request);
    if (body === null) return { status: 413, body: 'Too much.' };
    switch (path) {
      case '/personalise/request': {
        const known = cookie(request, visit) ?? '';
        const session = store.session(known, now());
        if (session !== null) return json({ request: await consent.ask(session.id) });
        const expires = now() + VISIT;
        const secret = store.newSession(expires);
        const asked = await consent.ask(store.session(secret, now())?.id ?? '');
        return json({ request: asked }, 200, setVisit(secret, expires));
      }
      case '/personalise/response':
        return receive(request, body);
      case '/personalise/forget': {
        const session = sessionOf(request);
        if (session?.jti) await consent.forget(session.jti);
        return redirect('/');
      }
      case '/admin/check': {
        const form = new URLSearchParams(body);
        const grant = store.grant(form.get('grant') ?? '');
        if (grant === null) return notFound('en');
        await consent.askService(grant, form.get('purpose') ?? '', form.get('attribute') ?? '');
        return redirect('/admin');
      }
      default:
        return notFound(langOf(request));
    }
  }

  /** A granted session is a new one (no fixation), and it lasts as long as the grant. */
  async function receive(request: IncomingMessage, body: string): Promise<Reply> {
    const session = sessionOf(request);
    const response = responseIn(body);
    if (session === null || response === null) return json({ code: 'shop/no-request' }, 400);
    try {
      const grant = await consent.receive(session.id, response, url);
      if (grant === null) return json({ code: 'shop/no-request' }, 400);
      store.endSession(session.id);
      const secret = store.newSession(grant.expires, grant.jti);
      return json({}, 200, setVisit(secret, grant.expires));
    } catch (error) {
      return json({ code: codeOf(error) }, 422);
    }
  }

  return async (request) => {
    const { pathname } = new URL(request.url ?? '/', url);
    if (request.method === 'POST') return post(pathname, request);
    if (request.method === 'GET' || request.method === 'HEAD') return get(pathname, request);
    return { status: 405, body: '' };
  };
}

function responseIn(body: string): string | null {
  try {
    const { response } = JSON.parse(body);
    return typeof response === 'string' ? response : null;
  } catch {
    return null;
  }
}
