/**
 * For the tests beside this file: a vault service's answers over real HTTP on loopback, with real keys and real status
 * lists, each answer replaceable. The whole service answers in test/demo-shop.
 */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { generateKey, importSigningKey, type SigningKey } from '../crypto.ts';
import { issueGrant } from '../grant.ts';
import { publicOf } from '../jwk.ts';
import { allowLoopback } from '../origin.ts';
import { present } from '../presentation.ts';
import { parseRequest } from '../request.ts';
import { encryptResponse } from '../response.ts';
import { type Status, StatusList, signStatusList } from '../status-list.ts';
import { newStopRoot, stopHash, stopValue } from '../stop.ts';
import type { Brand } from './brand.ts';
import type { AskedTerms } from './create-request.ts';

export const ORIGIN = 'http://localhost:4620';
export const PURPOSE = 'https://w3id.org/dpv#ProvideProductRecommendations';
const DAY = 86_400;

export type Reply = { status?: number; body: string | object };
export type Seen = { path: string; headers: IncomingMessage['headers']; body: string };

export async function loopbackVault() {
  const jwk = await generateKey();
  const key = await importSigningKey(jwk);
  const list = new StatusList();
  const seen: Seen[] = [];
  const replies = new Map<string, () => Reply | Promise<Reply>>();
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const path = request.url ?? '';
    seen.push({ path, headers: request.headers, body });
    const reply = (await replies.get(path)?.()) ?? { status: 404, body: {} };
    response
      .writeHead(reply.status ?? 200)
      .end(typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const uri = `${url}/status/0`;
  let now = 0;
  replies.set('/.well-known/oauth-authorization-server', () => ({
    body: {
      issuer: url,
      jwks_uri: `${url}/jwks.json`,
      token_endpoint: `${url}/token`,
      introspection_endpoint: `${url}/introspect`,
      revocation_endpoint: `${url}/revoke`,
      log_vkey: `vault.example+00000000+${'A'.repeat(44)}`,
    },
  }));
  replies.set('/jwks.json', () => ({ body: { keys: [{ ...publicOf(jwk), kid: 'v1' }] } }));
  replies.set('/status/0', async () => ({
    body: await signStatusList(list, { uri, now }, 'v1', key),
  }));
  return {
    url,
    uri,
    key,
    list,
    replies,
    seen,
    /** The clock of the status list. */
    at: (time: number) => {
      now = time;
    },
    set: (index: number, status: Status) => list.set(index, status),
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

export async function newBrand(did = 'did:web:localhost%3A4620'): Promise<Brand> {
  return { did, kid: `${did}#sig-1`, key: await importSigningKey(await generateKey()) };
}

export function termsFor(vault: string, now: number): AskedTerms {
  return {
    purpose: [PURPOSE],
    text: { en: 'We show you shoes in your size.', de: 'Wir zeigen Ihnen Schuhe in Ihrer Größe.' },
    period: { from: now, until: now + 30 * DAY },
    retention: 'P90D',
    vaults: [vault],
    contact: { erasure: 'mailto:privacy@shop.example' },
    notice: { uri: `${ORIGIN}/privacy`, 'hash#sha-256': 'A'.repeat(43) },
  };
}

/** The person's side: says yes to `attributes` and answers as the extension does. */
export async function answer(
  compact: string,
  attributes: Record<string, string>,
  { uri, idx, now, key }: { uri: string; idx: number; now: number; key: SigningKey },
): Promise<string> {
  const request = await parseRequest(compact, { origin: ORIGIN, [allowLoopback]: true });
  const { jwt, disclosures } = await issueGrant(
    request,
    {
      items: Object.entries(attributes).map(([attribute, value]) => ({
        attribute,
        disclosed: { value, confirmed: '2026-11', precision: 'exact' },
      })),
      now,
      exp: now + 20 * DAY,
      location: ORIGIN,
      status: { uri, idx },
      stop: await stopHash(await stopValue(newStopRoot(), 0)),
      shown: { lang: 'de', wording: '1' },
      decidedBy: 'person',
    },
    key,
  );
  const presentation = await present(jwt, disclosures, request, { origin: ORIGIN, now }, key);
  return (await encryptResponse(presentation, request)).response;
}
