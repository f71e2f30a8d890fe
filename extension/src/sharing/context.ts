import { CLOCK_SKEW, type ParsedRequest } from '@zusage/protocol/request';
import { SETTINGS, type SettingsRecord } from '../vault/records.ts';
import type { Services } from './services.ts';
import type { Asked, FailureReason, StoredDecision } from './types.ts';

export type Share = Extract<StoredDecision, { share: true }>;

/** What every transition of the state machine works with. */
export type Context = {
  readonly services: Services;
  readonly asked: Asked;
  readonly share: Share;
  readonly request: ParsedRequest;
};

/** A transition that ends the matter. */
export class Stop extends Error {
  override readonly name = 'Stop';
  readonly reason: FailureReason;
  constructor(reason: FailureReason) {
    super(reason);
    this.reason = reason;
  }
}

/** @throws Stop `request-expired` */
export function assertNotExpired({ services, request }: Context): void {
  if (request.payload.exp <= services.now() - CLOCK_SKEW) throw new Stop('request-expired');
}

/** @throws Stop `vault-broken`; VaultError */
export async function settingsOf({ vault }: Services): Promise<SettingsRecord> {
  const settings = await vault.get('settings', SETTINGS);
  if (settings === undefined) throw new Stop('vault-broken');
  return settings;
}
