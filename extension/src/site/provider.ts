import type { FromPage, PageAnswer, ToPage } from './wire.ts';

/*
 * Runs in the page's own world after the person connected the site. Everything here is in the page's hands; nothing
 * here is trusted. It must stay tiny (2,500 bytes), so it imports types only.
 */

const PROTOCOL = 'openid4vp-v1-signed';
const VCT = 'urn:zusage:grant:1';

type Options = CredentialRequestOptions & { digital?: { requests?: unknown } };
type Get = CredentialsContainer['get'];
type Allows = (protocol: string) => boolean;
type Open = { request: string; settle: (answer: PageAnswer) => void };
/** All members of a union of messages. */
type Every<U> = (U extends unknown ? (all: U) => void : never) extends (all: infer A) => void
  ? A
  : never;
type DigitalRequest = { protocol: string; data: { request: string } };

/** The compact request when it asks for a grant of ours. Whether it is well-formed, the worker says. */
function grantRequest(each: DigitalRequest): string | undefined {
  try {
    const { protocol, data } = each;
    const payload = data.request.split('.')[1]?.replace(/-/g, '+').replace(/_/g, '/') as string;
    const { credentials } = JSON.parse(atob(payload)).dcql_query;
    if (
      protocol === PROTOCOL &&
      credentials.some((query: { meta: { vct_values: string[] } }) =>
        query.meta.vct_values.includes(VCT),
      )
    )
      return data.request;
  } catch {
    // Not ours: the browser looks at it.
  }
  return undefined;
}

/** Puts the provider before `navigator.credentials.get` of this page; twice is once. */
export function provide(): void {
  const scope = globalThis as unknown as {
    CredentialsContainer?: { prototype: { get: Get; [mark: symbol]: boolean } };
    DigitalCredential?: { prototype: object; userAgentAllowsProtocol?: Allows | undefined };
  };
  const container = scope.CredentialsContainer?.prototype;
  const mark = Symbol.for('zusage');
  if (!container || window !== top || container[mark]) return;
  const open = new Map<string, Open>();
  const life = new AbortController();
  const say = (message: FromPage) =>
    document.dispatchEvent(new CustomEvent('zusage:ask', { detail: JSON.stringify(message) }));

  // The browser's own words, so that a page cannot tell who refused (Chromium, digital_identity_credential.cc).
  const refusal = ({ error }: { error: string }) =>
    error === 'TypeError'
      ? new TypeError('Digital identity API requires valid JSON in the request.')
      : new DOMException('Request is cancelled.', error);

  const ask = (request: string, signal?: AbortSignal | null) =>
    new Promise<Credential>((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const id = crypto.randomUUID();
      const abort = () => {
        open.delete(id);
        say({ id, cancel: true });
        reject(signal?.reason);
      };
      const settle = (answer: PageAnswer) => {
        open.delete(id);
        signal?.removeEventListener('abort', abort);
        if ('error' in answer) return reject(refusal(answer));
        const fields = { id: '', type: 'digital', protocol: PROTOCOL, data: answer };
        const own = Object.getOwnPropertyDescriptors({ ...fields, toJSON: () => fields });
        resolve(Object.create(scope.DigitalCredential?.prototype ?? null, own));
      };
      signal?.addEventListener('abort', abort);
      open.set(id, { request, settle });
      say({ id, request });
    });

  const native = container.get;
  container.get = new Proxy(native, {
    apply(target, self, args: [Options?]) {
      const requests = args[0]?.digital?.requests;
      for (const each of Array.isArray(requests) ? requests : []) {
        const request = grantRequest(each);
        if (request) return ask(request, args[0]?.signal);
      }
      return Reflect.apply(target, self, args);
    },
  });
  container[mark] = true;

  // Where the browser has no DigitalCredential, the least that a page may look at.
  const nativeClass = scope.DigitalCredential;
  scope.DigitalCredential ??= class {};
  const digital = scope.DigitalCredential;
  const nativeAllows = digital.userAgentAllowsProtocol;
  digital.userAgentAllowsProtocol = new Proxy(nativeAllows ?? (() => false), {
    apply: (target, self, args: [string]) =>
      args[0] === PROTOCOL || Reflect.apply(target, self, args),
  });

  /** The extension is gone or the person disconnected the site: the browser's own functions again. */
  const end = () => {
    life.abort();
    container.get = native;
    delete container[mark];
    digital.userAgentAllowsProtocol = nativeAllows;
    if (!nativeClass) delete scope.DigitalCredential;
    for (const { settle } of open.values()) settle({ error: 'NotAllowedError' });
  };

  document.addEventListener(
    'zusage:answer',
    (event) => {
      const message: Partial<Every<ToPage>> = JSON.parse((event as CustomEvent<string>).detail);
      const entry = open.get(message.id as string);
      if (message.off) end();
      if (message.ready) for (const [id, { request }] of open) say({ id, request });
      if (entry) {
        event.preventDefault();
        entry.settle(message.answer as PageAnswer);
      }
    },
    life,
  );
  // Before the page's own scripts have run, nobody listens yet; deferred ones and modules run after `readyState` has
  // become `interactive` and before this event. Shorter than the newer entry of the same name, which bytes forbid.
  const invite = () => document.dispatchEvent(new Event('zusage-connected'));
  if (performance.timing.domContentLoadedEventEnd) invite();
  else document.addEventListener('DOMContentLoaded', invite, life);
}
