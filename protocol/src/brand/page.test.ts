import { afterEach, expect, test, vi } from 'vitest';
import { onConnected, requestGrant } from './page.ts';

// The two browser objects the page side touches; their real behaviour is proved in test/e2e.
function browserThat(get: (options: unknown) => Promise<unknown>): void {
  vi.stubGlobal('navigator', { credentials: { get } });
}
afterEach(() => vi.unstubAllGlobals());

test('asks once, in the shape of OpenID4VP over the Digital Credentials API', async () => {
  const asked: unknown[] = [];
  browserThat(async (options) => {
    asked.push(options);
    return { protocol: 'openid4vp-v1-signed', data: { response: 'JWE' } };
  });
  expect(await requestGrant('JWS')).toEqual({ granted: true, response: 'JWE' });
  expect(asked).toEqual([
    {
      mediation: 'required',
      digital: { requests: [{ protocol: 'openid4vp-v1-signed', data: { request: 'JWS' } }] },
    },
  ]);
});

test('no and nobody there are the same answer', async () => {
  browserThat(() => Promise.reject(new DOMException('', 'NotAllowedError')));
  expect(await requestGrant('JWS')).toEqual({ granted: false });
});

test('a page\u2019s own mistake and its own signal are thrown', async () => {
  browserThat(() => Promise.reject(new TypeError()));
  await expect(requestGrant('not a request')).rejects.toThrow(TypeError);
  browserThat(() => Promise.reject(new DOMException('', 'AbortError')));
  await expect(requestGrant('JWS', { signal: AbortSignal.abort() })).rejects.toMatchObject({
    name: 'AbortError',
  });
});

test('hears that the person connected the page, until it stops listening', () => {
  const document = new EventTarget();
  vi.stubGlobal('document', document);
  const heard = vi.fn();
  const stop = onConnected(heard);
  document.dispatchEvent(new Event('zusage-connected'));
  stop();
  document.dispatchEvent(new Event('zusage-connected'));
  expect(heard).toHaveBeenCalledTimes(1);
});
