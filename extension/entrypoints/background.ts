import { defineBackground } from 'wxt/utils/define-background';
import { handle, readOneDue } from '../src/commands/index.ts';
import { browser } from '../src/platform.ts';
import * as sharing from '../src/sharing/index.ts';
import { ANSWER_TIME, secureRandom } from '../src/worker/answer-time.ts';
import { startWorker } from '../src/worker/worker.ts';

/** A test may set its own divisor; the e2e build alone looks for it. */
async function e2eDivisor(): Promise<number> {
  const { answerDivisor } = await browser.storage.session.get('answerDivisor');
  return typeof answerDivisor === 'number' ? answerDivisor : ANSWER_TIME.e2eDivisor;
}

export default defineBackground(() => {
  startWorker({
    browser,
    sharing,
    handle: handle as (command: string, args: unknown) => Promise<unknown>,
    readDue: () => readOneDue(secureRandom),
    vault: sharing.vault,
    now: Date.now,
    random: secureRandom,
    loopback: __LOOPBACK__,
    answerDivisor: __E2E__ ? e2eDivisor : async () => 1,
  });
});
