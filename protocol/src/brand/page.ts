/**
 * What a brand's page runs. It cannot tell whether a person has a vault, only hear that they connected this page; and
 * it asks only when the page says so.
 */
export type GrantResult =
  | { granted: true /** Compact JWE, for the server's `verifyResponse`. */; response: string }
  | { granted: false };

/**
 * Offers a signed request to the person. Not granted covers everything between "no" and "nobody is there".
 * @param request compact JWS of `createRequest`, for this visitor
 * @throws TypeError for a request that is not the protocol's; the signal's reason when it aborts
 */
export async function requestGrant(
  request: string,
  { signal }: { signal?: AbortSignal } = {},
): Promise<GrantResult> {
  const options = {
    mediation: 'required',
    digital: { requests: [{ protocol: 'openid4vp-v1-signed', data: { request } }] },
    ...(signal && { signal }),
  } as CredentialRequestOptions;
  try {
    const credential = (await navigator.credentials.get(options)) as {
      data?: { response?: unknown };
    } | null;
    const response = credential?.data?.response;
    return typeof response === 'string' ? { granted: true, response } : { granted: false };
  } catch (error) {
    if (error instanceof DOMException && error.name === 'NotAllowedError')
      return { granted: false };
    throw error;
  }
}

/**
 * Called when the person connects this page from the toolbar; a page with something to ask may then ask once.
 * @returns stops listening
 */
export function onConnected(callback: () => void): () => void {
  document.addEventListener('zusage-connected', callback);
  return () => document.removeEventListener('zusage-connected', callback);
}
