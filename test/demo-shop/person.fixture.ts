import {
  allowLoopback,
  assertNarrower,
  type DisclosedValue,
  encryptResponse,
  type Grant,
  generateKey,
  importSigningKey,
  issueGrant,
  METADATA_PATH,
  newStopRoot,
  parseBrandDocument,
  parseGrant,
  parseRequest,
  parseVaultKeys,
  parseVaultMetadata,
  present,
  randomUuidUrn,
  type SigningKey,
  SlotAnswer,
  signEvent,
  signSlotProof,
  stopHash,
  stopValue,
  thumbprint,
  verifyReceipt,
  verifyRequest,
} from '@zusage/protocol';

const options = { [allowLoopback]: true };
const now = () => Math.floor(Date.now() / 1000);

export type Told = Readonly<Record<string, DisclosedValue['value']>>;

/** A person who acts by the protocol alone: a browser with one tab, a vault service, and a key for this shop. */
export class Person {
  private cookies = new Map<string, string>();
  private readonly shop: string;
  private readonly vault: string;
  private key: SigningKey | undefined;
  private seq = 0;

  constructor(shop: string, vault: string) {
    this.shop = shop;
    this.vault = vault;
  }

  /** The page as the person sees it. */
  async see(path = '/', language = 'en'): Promise<string> {
    const response = await this.browse(path, { headers: { 'accept-language': language } });
    return response.text();
  }

  async post(path: string, body: object | URLSearchParams): Promise<Response> {
    const form = body instanceof URLSearchParams;
    return this.browse(path, {
      method: 'POST',
      redirect: 'manual',
      headers: {
        origin: this.shop,
        'content-type': form ? 'application/x-www-form-urlencoded' : 'application/json',
      },
      body: form ? body.toString() : JSON.stringify(body),
    });
  }

  /** Presses the button and says yes to `told`. */
  async share(told: Told): Promise<Grant> {
    const { request } = (await (await this.post('/personalise/request', {})).json()) as {
      request: string;
    };
    const { grant, response } = await this.accept(request, told);
    const answer = await this.post('/personalise/response', { response });
    if (answer.status !== 200) throw new Error(`${answer.status} ${await answer.text()}`);
    return grant;
  }

  /** What the extension does with a request, without a browser. */
  async accept(compact: string, told: Told): Promise<{ grant: Grant; response: string }> {
    const origin = this.shop;
    const request = await parseRequest(compact, { origin, ...options });
    const document = await (await fetch(request.brand.documentUrl)).text();
    const brand = await parseBrandDocument(document, request.brand, options);
    await verifyRequest(request, brand, { now: now(), origin });
    this.key ??= await importSigningKey(await generateKey());
    const { key } = this;
    const pseudonym = await thumbprint(key.publicJwk);
    const proof = await signSlotProof(
      { aud: this.vault, request_hash: request.requestHash, iat: now() },
      key,
    );
    const slot = SlotAnswer.parse(
      await this.tell('/grants/slots', JSON.stringify({ request: compact, pseudonym, proof })),
    );
    const { jwt, disclosures } = await issueGrant(
      request,
      {
        items: Object.entries(told).map(([attribute, value]) => ({
          attribute,
          disclosed: { value, confirmed: '2026-11', precision: 'exact' },
        })),
        now: slot.now,
        exp: request.terms.period.until,
        location: origin,
        status: { uri: slot.uri, idx: slot.idx },
        stop: await stopHash(await stopValue(newStopRoot(), 0)),
        shown: { lang: 'en', wording: '1' },
        decidedBy: 'person',
      },
      key,
    );
    const grant = await parseGrant(jwt, options);
    assertNarrower(grant, request, { origin });
    const registration = JSON.stringify({ grant: `${jwt}~`, request: compact });
    const { receipt } = (await this.tell('/grants', registration)) as { receipt: string };
    const metadata = parseVaultMetadata(
      await (await fetch(this.vault + METADATA_PATH)).text(),
      this.vault,
      options,
    );
    const keys = await parseVaultKeys(await (await fetch(metadata.jwks_uri)).text());
    await verifyReceipt(receipt, grant, { vault: this.vault, keys, event: 'registered' });
    this.seq = 0;
    const presentation = await present(jwt, disclosures, request, { origin, now: slot.now }, key);
    return { grant, response: (await encryptResponse(presentation, request)).response };
  }

  /** @param undoFor seconds in which it may be undone */
  withdraw(grant: Grant, undoFor: number): Promise<unknown> {
    return this.change(grant, { event: 'withdraw', undo_until: now() + undoFor });
  }

  undo(grant: Grant): Promise<unknown> {
    return this.change(grant, { event: 'restore' });
  }

  private async change(
    grant: Grant,
    change: { event: 'withdraw' | 'restore'; undo_until?: number },
  ): Promise<unknown> {
    this.seq += 1;
    const { jti } = grant.claims;
    const event = await signEvent(
      {
        aud: this.vault,
        jti: randomUuidUrn(),
        grant: jti,
        grant_hash: grant.hash,
        seq: this.seq,
        iat: now(),
        ...change,
      },
      this.key as SigningKey,
    );
    return this.tell(`/grants/${encodeURIComponent(jti)}/events`, event, 'application/jwt');
  }

  private async tell(path: string, body: string, type = 'application/json'): Promise<unknown> {
    const headers = { 'content-type': type };
    const answer = await fetch(this.vault + path, { method: 'POST', headers, body });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  }

  private async browse(path: string, init: RequestInit): Promise<Response> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = { ...(init.headers as Record<string, string>), cookie };
    const response = await fetch(this.shop + path, { ...init, headers });
    for (const line of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (name !== undefined && value !== undefined) this.cookies.set(name, value);
    }
    return response;
  }
}
