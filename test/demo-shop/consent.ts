import {
  allowLoopback,
  assertStatus,
  type Brand,
  check,
  checkMany,
  createRequest,
  handBack,
  isZusageError,
  type Question,
  SdkError,
  type Verdict,
  VerdictCache,
  verifyResponse,
} from '@zusage/protocol/brand';
import { type Offer, termsOf } from './offer.ts';
import { receiptFile } from './receipt-file.ts';
import type { ErasedBecause, HeldGrant, ShopStore, Values } from './store.ts';

const DAY = 86_400;

export type ConsentOptions = {
  store: ShopStore;
  brand: Brand;
  /** The shop's own origin. */
  url: string;
  /** Origin of the vault service it trusts. */
  vault: string;
  offer: Offer;
  /** The exact privacy notice, whose hash the terms name. */
  notice: string;
  /** Seconds for which a verdict is relied on at most, however long the service allows. */
  maxVerdictAge: number;
};

/** What the shop may use for this visitor now. */
export type Permitted =
  | { state: 'none' }
  | { state: 'allowed'; grant: HeldGrant; values: Values }
  /** Suspended, or withdrawn and still to be undone: kept, not used. */
  | { state: 'paused'; grant: HeldGrant }
  /** Over: the values are deleted. */
  | { state: 'ended'; grant: HeldGrant }
  /** The service could not be asked, or says no for another reason: kept, not used. */
  | { state: 'unchecked'; grant: HeldGrant };

const now = () => Math.floor(Date.now() / 1000);

/** The shop's whole dealing with consent: ask, receive, check before use, erase, hand back. */
export class Consent {
  private readonly options: ConsentOptions;
  private readonly vault: { vault: string; brand: Brand; [allowLoopback]: true };
  private readonly verdicts: VerdictCache;

  constructor(options: ConsentOptions) {
    this.options = options;
    this.verdicts = new VerdictCache({ maxAge: options.maxVerdictAge });
    this.vault = { vault: options.vault, brand: options.brand, [allowLoopback]: true };
  }

  /** A request for one visitor. @returns the compact JWS for the page */
  async ask(session: string): Promise<string> {
    const { brand, offer, url, store } = this.options;
    const created = await createRequest({
      brand,
      attributes: offer,
      terms: termsOf(offer, { ...this.options, now: now() }),
      origins: [url],
      [allowLoopback]: true,
    });
    store.putRequest(session, created.session);
    return created.request;
  }

  /**
   * Verifies what the page received and keeps it. An earlier grant of the same person is over with it.
   * @param origin the page's, by the browser's word
   * @throws what `verifyResponse` throws; `null` when this session has asked for nothing
   */
  async receive(session: string, response: string, origin: string): Promise<HeldGrant | null> {
    const { store, vault } = this.options;
    const pending = store.request(session);
    if (pending === null) return null;
    const verified = await verifyResponse({
      session: pending,
      response,
      origin,
      vaults: [vault],
      useNonce: async (nonce) => store.useNonce(nonce, pending.expires + DAY),
      [allowLoopback]: true,
    });
    const received = now();
    const kept = received + Number.parseInt(verified.grant.retention.slice(1), 10) * DAY;
    const earlier = store
      .grants()
      .filter(({ pseudonym, values }) => pseudonym === verified.pseudonym && values !== null);
    store.putGrant(verified, pending.request, received, kept);
    for (const grant of earlier) await this.erase(grant, 'replaced');
    return store.grant(verified.grant.jti);
  }

  /** Asks, or relies on a verdict that is still good, for each attribute of the grant. */
  async permitted(jti: string | null): Promise<Permitted> {
    const grant = jti === null ? null : this.options.store.grant(jti);
    if (grant === null) return { state: 'none' };
    if (grant.values === null) return { state: 'ended', grant };
    if (await this.eraseIfTimeIsUp(grant)) return { state: 'ended', grant };
    const verdicts = await this.mayUse(grant);
    const over = verdicts.find(endsGrant);
    if (over) {
      await this.erase(grant, over.reason ?? 'unknown');
      return { state: 'ended', grant };
    }
    // Another grant of the same person may allow it; these values came with this one.
    const usable = grant.attributes.filter(
      (_, i) => verdicts[i]?.allowed && verdicts[i]?.grant === grant.jti,
    );
    if (usable.length === 0) {
      const paused = verdicts.length > 0 && verdicts.every(({ reason }) => reason === 'suspended');
      return { state: paused ? 'paused' : 'unchecked', grant };
    }
    const values = Object.entries(grant.values).filter(([attribute]) => usable.includes(attribute));
    return { state: 'allowed', grant, values: Object.fromEntries(values) };
  }

  /** One question to the service, kept for the admin page. @returns null when it could not be asked */
  async askService(grant: HeldGrant, purpose: string, attribute: string): Promise<Verdict | null> {
    const question = { subject: grant.pseudonym, purpose, attribute };
    try {
      const verdict = await check({ ...this.vault, ...question });
      this.note(grant, question, answerOf(verdict));
      return verdict;
    } catch (error) {
      this.note(grant, question, codeOf(error));
      return null;
    }
  }

  /** What the shop can show others of a grant. @throws SdkError `vault/*` */
  receipt(grant: HeldGrant): Promise<{ name: string; text: string }> {
    return receiptFile(this.options, grant, this.options.store.requestOf(grant.jti));
  }

  /** The visitor ended it here: delete first, then tell the service. */
  async forget(jti: string): Promise<void> {
    const grant = this.options.store.grant(jti);
    if (grant !== null) await this.erase(grant, 'asked-to');
  }

  /**
   * Without any visit: deletes what is over, and repeats hand-backs that failed. Reads the signed status list, which is
   * no use and tells the service nothing about whom the shop thinks of.
   */
  async sweep(): Promise<void> {
    const { store } = this.options;
    store.forgetExpired(now());
    for (const grant of store.grants()) {
      if (grant.values === null) await this.handBack(grant);
      else if (!(await this.eraseIfTimeIsUp(grant))) {
        const status = await this.statusOf(grant);
        store.putRecheck(grant.jti, now(), status);
        await this.heed(grant, status);
      }
    }
  }

  /** @returns `active`, or the code of what the status list said or of why it could not be read */
  private async statusOf({ status }: HeldGrant): Promise<string> {
    try {
      await assertStatus(status, { vaults: [this.options.vault], [allowLoopback]: true });
      return 'active';
    } catch (error) {
      return codeOf(error);
    }
  }

  /** @param code what the status list said, or why it could not be read: then verdicts run out by themselves */
  private async heed(grant: HeldGrant, code: string): Promise<void> {
    if (code === 'status/suspended') this.verdicts.forget({ subject: grant.pseudonym });
    if (code === 'status/ended') await this.erase(grant, 'withdrawn');
    if (code === 'status/not-registered') await this.erase(grant, 'unknown');
  }

  /** A verdict for each attribute, in one request and so in one use; none when the service could not be asked. */
  private async mayUse(grant: HeldGrant): Promise<readonly Verdict[]> {
    const { pseudonym: subject, attributes } = grant;
    const { purpose } = this.options.offer;
    const questions = attributes.map((attribute) => ({ subject, purpose, attribute }));
    try {
      const verdicts = await checkMany({ ...this.vault, questions, cache: this.verdicts });
      for (const [i, verdict] of verdicts.entries()) {
        if (!verdict.cached) this.note(grant, questions[i] as Question, answerOf(verdict));
      }
      return verdicts;
    } catch (error) {
      for (const question of questions) this.note(grant, question, codeOf(error));
      return [];
    }
  }

  private note({ jti }: HeldGrant, { purpose, attribute }: Question, answer: string): void {
    this.options.store.putAsked({ at: now(), jti, purpose, attribute, answer });
  }

  private async eraseIfTimeIsUp(grant: HeldGrant): Promise<boolean> {
    const expired = grant.expires <= now();
    if (!expired && grant.keepUntil > now()) return false;
    await this.erase(grant, expired ? 'expired' : 'kept-long-enough');
    return true;
  }

  private async erase(grant: HeldGrant, why: ErasedBecause): Promise<void> {
    this.options.store.erase(grant.jti, why, now());
    this.verdicts.forget({ subject: grant.pseudonym });
    await this.handBack(grant);
  }

  /** Also the shop's word that it has erased. What cannot be told now is told by the next sweep. */
  private async handBack({ jti, handedBack }: HeldGrant): Promise<void> {
    if (handedBack !== null) return;
    try {
      await handBack({ ...this.vault, grant: jti });
      this.options.store.handedBack(jti, now());
    } catch (error) {
      if (!(error instanceof SdkError)) throw error;
    }
  }
}

/** No reason means that the service knows no such grant: then there is nothing that would allow keeping the values. */
function endsGrant({ allowed, reason }: Verdict): boolean {
  return !allowed && (reason === undefined || reason === 'withdrawn' || reason === 'expired');
}

function answerOf({ allowed, reason }: Verdict): string {
  return allowed ? 'allowed' : (reason ?? 'denied');
}

/** A closed code, never a message. */
export function codeOf(error: unknown): string {
  return error instanceof SdkError || isZusageError(error) ? error.code : 'shop/fault';
}
