/**
 * For the tests of this folder: brands and a vault service behind one door, in memory, so that each answer can fail in
 * each way. It verifies and signs with the protocol's own functions; the real service is met in test/interop.
 */
import {
  type AskedTerms,
  type Brand,
  brandDocument,
  createRequest,
  type RequestOptions,
} from '@zusage/protocol/brand';
import type { Manifest } from '@zusage/protocol/brand-document';
import { consentRecord } from '@zusage/protocol/consent-record';
import {
  generateKey,
  importSigningKey,
  randomUuidUrn,
  type SigningKey,
} from '@zusage/protocol/crypto';
import { parseEvent } from '@zusage/protocol/event';
import { type Grant, issuerSignedPart, parseGrant, verifyGrant } from '@zusage/protocol/grant';
import { verifyJws } from '@zusage/protocol/jws';
import { assertNarrower } from '@zusage/protocol/narrowing';
import { parseRead } from '@zusage/protocol/read';
import { type ReceiptEvent, signReceipt } from '@zusage/protocol/receipt';
import { parseRequest } from '@zusage/protocol/request';
import { verifySlotProof } from '@zusage/protocol/slot';
import { WorldLog } from '../grant-log/world-log.fixture.ts';
import {
  type Answer,
  type Body,
  type Door,
  type Expecting,
  NetworkError,
} from '../network/fetch.ts';

export const VAULT = 'https://vault.example';
export const PRODUCTS = 'https://w3id.org/dpv#ProvideProductRecommendations';
/** 2026-11-22, noon UTC. */
export const START = 1_795_348_800;
const DAY = 86_400;

type Registered = {
  grant: Grant;
  seq: number;
  state: 'active' | 'suspended' | 'ended';
  events: { seq: number; event: string; at: number }[];
  /** Answers to the person's events, by their `jti`. */
  acts: Map<string, Answer>;
  /** Suspended until a `resume`, whatever else is said. */
  recovering?: boolean;
};
type Fault = Answer | 'unreachable' | 'lost';

export class World {
  now = START;
  /** The service's clock is off by this many seconds. */
  offset = 0;
  readonly grants = new Map<string, Registered>();
  readonly calls: { url: string; body?: Body }[] = [];
  readonly answers = new Map<string, () => Answer>();
  /** Next answers by the end of the path; `lost`: carried out, and the answer never arrives. */
  readonly faults = new Map<string, Fault[]>();
  checks: object[] = [];
  searches: object[] = [];
  keys: { kid: string; key: SigningKey }[] = [];
  readonly log = new WorldLog('vault.example/log');
  logKey = this.log.signer.vkey;
  /** Another log, served under `/log-2/`. */
  next: WorldLog | null = null;
  readonly #places = new Map<string, ReturnType<WorldLog['append']>>();
  #index = 0;

  static async start(): Promise<World> {
    const world = new World();
    await world.addKey('v1');
    return world;
  }

  async addKey(kid: string): Promise<void> {
    this.keys.unshift({ kid, key: await importSigningKey(await generateKey()) });
  }

  readonly door: Door = async (url, body, expecting) => {
    this.calls.push({ url, ...(body && { body }) });
    const { pathname } = new URL(url);
    const name = pathname.split('/').at(-1) ?? '';
    const fault = this.faults.get(name)?.shift();
    if (fault === 'unreachable') throw new NetworkError('network/unreachable');
    if (fault !== undefined && fault !== 'lost') return fault;
    if (pathname.startsWith('/log/') && url.startsWith(`${VAULT}/`)) {
      return this.#logFile(this.log, pathname.slice(5), expecting);
    }
    if (pathname.startsWith('/log-2/') && this.next !== null) {
      return this.#logFile(this.next, pathname.slice(7), expecting);
    }
    const answer = await this.#answer(url, decodeURIComponent(pathname), body?.text ?? '');
    if (fault === 'lost') throw new NetworkError('network/timeout');
    return answer;
  };

  /** How often the service or a brand was asked at this end of a path. */
  count(end: string): number {
    return this.calls.filter(({ url }) => url.endsWith(end)).length;
  }

  async brand(host: string, manifest: Partial<Manifest> = {}): Promise<TestBrand> {
    const did = `did:web:${host}`;
    const brand = { did, kid: `${did}#sig-1`, key: await importSigningKey(await generateKey()) };
    const text = await brandDocument({
      did,
      keys: [{ kid: brand.kid, jwk: brand.key.publicJwk }],
      manifest: {
        name: 'The Shop',
        category: 'Outdoor gear',
        origins: [],
        purposes: [PRODUCTS, 'https://w3id.org/dpv#DirectMarketing'],
        attributes: ['size.shoe', 'preference.coffee-roast', 'intent.travel'],
        custom: [],
        period: 'P366D',
        retention: 'P365D',
        ...manifest,
      },
    });
    const url = `https://${host}/.well-known/did.json`;
    this.answers.set(url, () => ({ status: 200, body: text }));
    return new TestBrand(this, brand, `https://${host}`);
  }

  async #answer(url: string, path: string, text: string): Promise<Answer> {
    const own = this.answers.get(url);
    if (own !== undefined) return own();
    if (!url.startsWith(`${VAULT}/`)) return { status: 404, body: '' };
    if (path === '/.well-known/oauth-authorization-server') return json(200, this.#metadata());
    if (path === '/jwks.json') return json(200, { keys: this.keys.map(published) });
    if (path === '/grants/slots') return this.#slot(JSON.parse(text));
    if (path === '/grants') return this.#register(JSON.parse(text));
    if (path.endsWith('/events')) return this.#change(text);
    if (path.endsWith('/read')) return this.#read(text);
    if (path.endsWith('/proofs')) return this.#proofs(text);
    return problem(404, 'http/not-found');
  }

  #metadata() {
    return {
      issuer: VAULT,
      jwks_uri: `${VAULT}/jwks.json`,
      token_endpoint: `${VAULT}/token`,
      introspection_endpoint: `${VAULT}/introspect`,
      revocation_endpoint: `${VAULT}/revoke`,
      log_vkey: this.logKey,
    };
  }

  async #slot(body: { request: string; pseudonym: string; proof: string }): Promise<Answer> {
    const now = this.now + this.offset;
    const { requestHash } = await parseRequest(body.request);
    const { pseudonym } = body;
    // Proofs of a person whose clock is off are the real service's matter.
    await verifySlotProof(body.proof, { vault: VAULT, requestHash, pseudonym, now: this.now });
    this.#index += 1;
    return json(200, { uri: `${VAULT}/status/0`, idx: this.#index, expires: now + 600, now });
  }

  async #register(body: { grant: string; request: string }): Promise<Answer> {
    const grant = await parseGrant(issuerSignedPart(body.grant));
    const { jti, replaces } = grant.claims;
    await verifyGrant(grant);
    assertNarrower(grant, await parseRequest(body.request));
    // The same bytes again give the same receipt, whatever happened since.
    if (replaces !== undefined && this.grants.get(jti)?.grant.hash !== grant.hash) {
      const old = this.grants.get(replaces);
      if (old === undefined || old.state === 'ended') return problem(409, 'grant/conflict');
      old.state = 'ended';
      this.#happen(old, 'replaced', grant.jwt);
    }
    if (!this.grants.has(jti)) {
      const registered: Registered = {
        grant,
        seq: -1,
        state: 'active',
        events: [],
        acts: new Map(),
      };
      this.grants.set(jti, registered);
      this.#happen(registered, 'registered', grant.jwt);
    }
    return json(201, { receipt: await this.receipt(grant, 'registered', 0) });
  }

  async #change(text: string): Promise<Answer> {
    const { claims, jws } = parseEvent(text);
    const known = this.grants.get(claims.grant);
    if (known === undefined) return problem(404, 'grant/unknown');
    await verifyJws(jws, known.grant.key);
    const before = known.acts.get(claims.jti);
    if (before !== undefined) return before;
    if (claims.event === 'restore' || claims.event === 'resume') {
      if (known.state !== 'suspended') return problem(409, 'event/state');
      if (claims.seq !== known.seq + 1) return problem(409, 'event/stale');
      if (claims.event === 'resume') known.recovering = false;
      known.state = known.recovering === true ? 'suspended' : 'active';
    } else {
      known.state = claims.undo_until === undefined ? 'ended' : 'suspended';
    }
    const event = ({ restore: 'restored', resume: 'resumed' } as const)[claims.event as 'restore'];
    this.#happen(known, event ?? 'withdrawn', text);
    const answer = await this.#changed(known, event ?? 'withdrawn', claims.undo_until);
    known.acts.set(claims.jti, answer);
    return answer;
  }

  async #changed(known: Registered, event: ReceiptEvent, undoUntil?: number): Promise<Answer> {
    return json(200, {
      state: known.state,
      seq: known.seq,
      ...(known.state === 'suspended' && { undo_until: undoUntil }),
      receipt: await this.receipt(known.grant, event, known.seq),
    });
  }

  async #read(text: string): Promise<Answer> {
    const { claims, jws } = parseRead(text);
    const known = this.grants.get(claims.grant);
    if (known === undefined) return problem(404, 'grant/unknown');
    await verifyJws(jws, known.grant.key);
    return json(200, {
      state: known.state,
      seq: known.seq,
      events: known.events,
      stream_root: this.log.rootOf(known.grant),
      brand_frozen: false,
      checks: claims.after === null ? this.checks : [],
      searches: claims.after === null ? this.searches : [],
      cursor: '1',
      more: false,
    });
  }

  async #proofs(text: string): Promise<Answer> {
    const { claims, jws } = parseRead(text);
    const known = this.grants.get(claims.grant);
    if (known === undefined) return problem(404, 'grant/unknown');
    await verifyJws(jws, known.grant.key);
    return json(200, { proofs: this.log.proofs(claims.grant) });
  }

  /** Something happens to a grant: an entry in the log. */
  #happen(known: Registered, event: ReceiptEvent, act: string): void {
    known.seq += 1;
    const { seq, grant } = known;
    known.events.push({ seq, event, at: this.now });
    this.#places.set(
      `${grant.claims.jti} ${seq}`,
      this.log.append(grant, { type: event, seq, at: this.now, act }),
    );
  }

  #logFile(
    { files }: WorldLog,
    path: string,
    { limit = 65_536, binary = false }: Expecting = {},
  ): Answer {
    const bytes = files.get(path);
    if (bytes === undefined) return { status: 404, body: '' };
    if (bytes.length > limit) throw new NetworkError('network/too-large');
    return { status: 200, body: Buffer.from(bytes).toString(binary ? 'latin1' : 'utf8') };
  }

  async receipt(
    grant: Grant,
    event: ReceiptEvent,
    seq: number,
    { kid, key } = this.keys[0] as { kid: string; key: SigningKey },
  ): Promise<string> {
    const { claims, hash, pseudonym } = grant;
    return signReceipt(
      {
        iss: VAULT,
        aud: pseudonym,
        jti: randomUuidUrn(),
        iat: this.now,
        grant: claims.jti,
        grant_hash: hash,
        request_hash: claims.request_hash,
        event,
        seq,
        status_list: claims.status.status_list,
        log: this.#places.get(`${claims.jti} ${seq}`) ?? null,
        stream: this.log.streamOf(grant),
        record: consentRecord(grant, 'ConsentGiven', this.now),
      },
      kid,
      key,
    );
  }
}

export class TestBrand {
  readonly #world: World;
  readonly brand: Brand;
  readonly origin: string;

  constructor(world: World, brand: Brand, origin: string) {
    this.#world = world;
    this.brand = brand;
    this.origin = origin;
  }

  request(change: Partial<Omit<RequestOptions, 'terms'>> & { terms?: Partial<AskedTerms> } = {}) {
    const { now } = this.#world;
    const { terms, ...rest } = change;
    return createRequest({
      brand: this.brand,
      attributes: {
        required: ['size.shoe', 'preference.coffee-roast'],
        optional: ['intent.travel'],
      },
      origins: [this.origin],
      now,
      ...rest,
      terms: {
        purpose: [PRODUCTS],
        text: { en: 'We show you what fits.', de: 'Wir zeigen, was passt.' },
        period: { from: now, until: now + 200 * DAY },
        retention: 'P90D',
        recipients: [],
        benefit: { kind: 'relevance', text: { en: 'Less to scroll.', de: 'Weniger.' }, due: 'P1D' },
        vaults: [VAULT],
        contact: { erasure: 'mailto:privacy@shop.example' },
        notice: { uri: `${this.origin}/privacy`, 'hash#sha-256': 'A'.repeat(43) },
        ...terms,
      },
    });
  }
}

function published({ kid, key }: { kid: string; key: SigningKey }) {
  return { ...key.publicJwk, kid, use: 'sig', alg: 'ES256' };
}

function json(status: number, body: object): Answer {
  return { status, body: JSON.stringify(body) };
}

export function problem(status: number, code: string): Answer {
  return json(status, { type: `urn:zusage:error:${code}`, title: '', status, code });
}
