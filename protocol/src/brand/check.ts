import {
  evaluate,
  evaluationOf,
  type Question,
  type VaultOptions,
  type Verdict,
  verdictOf,
} from './evaluation.ts';
import type { VerdictCache } from './verdict-cache.ts';

export type CheckOptions = VaultOptions &
  Question & {
    /** Keeps what may be kept. Without it the service is asked each time. */
    cache?: VerdictCache;
  };

/**
 * May this attribute of this person be used for this purpose, now? Asks the service (AuthZEN 1.0); an allowed answer is
 * one use. Whatever goes wrong is thrown: without a verdict there is no use.
 * @throws SdkError `vault/*`
 */
export async function check({ cache, ...options }: CheckOptions): Promise<Verdict> {
  const asking = async () =>
    verdictOf(await evaluate('/access/v1/evaluation', evaluationOf(options), options));
  return cache === undefined ? asking() : cache.verdict(options, options, asking);
}
