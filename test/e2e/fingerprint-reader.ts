import type { Page } from 'puppeteer-core';

/** A device with a fingerprint reader whose passkeys have a PRF. @returns deletes its passkeys, as its settings can */
export async function fingerprintReader(page: Page): Promise<() => Promise<void>> {
  const session = await page.createCDPSession();
  await session.send('WebAuthn.enable');
  const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      ctap2Version: 'ctap2_1',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      hasPrf: true,
      automaticPresenceSimulation: true,
    },
  });
  return async () => session.send('WebAuthn.clearCredentials', { authenticatorId });
}
