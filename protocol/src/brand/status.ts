import { isZusageError } from '../errors.ts';
import type { StatusReference } from '../grant.ts';
import { parseJws } from '../jws.ts';
import type { LoopbackOption } from '../origin.ts';
import { assertActive, STATUS_TYP, trustedVault, verifyStatusList } from '../status-list.ts';
import { currentTime } from './brand.ts';
import { ask, assertAccepted } from './http.ts';
import { vaultKeys } from './vault.ts';

/** Milliseconds during which "not registered" may still be an old copy of the list (SPEC §6). */
const SETTLE = 5_000;
const FIRST_PAUSE = 200;

export type StatusOptions = {
  /** Origins of the vault services the brand trusts. */
  vaults: readonly string[];
  /** NumericDate. */
  now?: number;
} & LoopbackOption;

/**
 * Resolves when the vault's signed status list says "active". Leaves no trace at the service about this grant, and is
 * no use of it. On "not registered" the list is fetched again past every cache for up to 5 s.
 * @param reference the grant's `status.status_list`
 * @throws PolicyError `grant/vault`, `status/*`; VerificationError `status/*`, `jws/signature`; SdkError `vault/*`
 */
export async function assertStatus(
  reference: StatusReference,
  { vaults, now = currentTime(), ...options }: StatusOptions,
): Promise<void> {
  const vault = trustedVault(reference.uri, vaults);
  const deadline = performance.now() + SETTLE;
  for (let pause = 0; ; pause = Math.max(FIRST_PAUSE, pause * 2)) {
    const rest = deadline - performance.now();
    if (pause > 0) await new Promise((resolve) => setTimeout(resolve, Math.min(pause, rest)));
    const list = await fetchList(vault, reference.uri, { fresh: pause > 0, now, ...options });
    try {
      return assertActive(list, reference);
    } catch (error) {
      const unsettled = isZusageError(error) && error.code === 'status/not-registered';
      if (!unsettled || pause >= rest) throw error;
    }
  }
}

async function fetchList(
  vault: string,
  uri: string,
  { fresh, now, ...options }: { fresh: boolean; now: number } & LoopbackOption,
) {
  const answer = await ask(uri, {
    headers: {
      accept: 'application/statuslist+jwt',
      ...(fresh && { 'cache-control': 'no-cache' }),
    },
  });
  assertAccepted(answer);
  const { header } = parseJws(answer.text, { typ: [STATUS_TYP], key: ['kid'] });
  const keys = await vaultKeys(vault, header.kid, now, options);
  return verifyStatusList(answer.text, { uri, now, keys });
}
