import { checkReceipt } from './check-receipt.ts';
import { Undecided, UsageError } from './finding.ts';
import { GENERAL, HELP } from './help.ts';
import { type ExitCode, textOf } from './outcome.ts';
import { pageOf } from './page.ts';
import { pageHtml, pageText } from './page-render.ts';
import { proofText } from './proof-text.ts';
import { prove } from './prove.ts';
import { receiptOutcome } from './receipt-outcome.ts';
import { type Clock, monitor, systemClock, verify } from './verify.ts';

/** What a run wrote and how it ended. */
export type Ran = { readonly exit: ExitCode; readonly out: string; readonly err: string };

/** @returns what goes to the standard output: the JSON object, and the text for people */
type Command = (
  args: readonly string[],
  clock: Clock,
) => Promise<{ json: { readonly exit: ExitCode }; text: string }>;

const COMMANDS: { readonly [name: string]: Command } = {
  verify: async (args, clock) => {
    const json = await verify(args, clock);
    return { json, text: textOf(json) };
  },
  monitor: async (args, clock) => {
    const json = await monitor(args, clock);
    return { json, text: textOf(json) };
  },
  prove: async (args, clock) => {
    const json = await prove(args, clock);
    return { json, text: proofText(json, textOf(json)) };
  },
  'check-receipt': async (args) => {
    const checked = await checkReceipt(args);
    const page = pageOf(checked);
    return {
      json: receiptOutcome(checked),
      text: checked.html ? pageHtml(page) : pageText(page),
    };
  },
};

/** What others wrote must not steer the terminal it is shown on. */
const printable = (text: string) => text.replace(/(?!\n)\p{C}/gu, '\uFFFD');

const jsonText = (value: object) => `${JSON.stringify(value, null, 2)}\n`;

/** The command line without its process: `main.ts` prints and exits. */
export async function run(words: readonly string[], clock: Clock = systemClock): Promise<Ran> {
  const [name, ...args] = words;
  const wantsHelp = words.includes('--help') || words.includes('-h');
  const command = name === undefined ? undefined : COMMANDS[name];
  if (command === undefined) {
    const unknown =
      name === undefined || name.startsWith('-') ? '' : `There is no command ${name}.\n\n`;
    if (wantsHelp) return { exit: 0, out: `${GENERAL}\n`, err: '' };
    return { exit: 2, out: '', err: `${unknown}${GENERAL}\n` };
  }
  if (wantsHelp) return { exit: 0, out: `${HELP[name as string]}\n`, err: '' };
  const asJson = args.includes('--json');
  try {
    const { json, text } = await command(args, clock);
    return { exit: json.exit, out: asJson ? jsonText(json) : `${printable(text)}\n`, err: '' };
  } catch (error) {
    // Whatever else fails decides nothing about the log; Node's own exit code for it would say that the log is wrong.
    const exit = error instanceof UsageError ? 2 : 3;
    const isSentence = error instanceof UsageError || error instanceof Undecided;
    const said = error instanceof Error ? error.message : String(error);
    const message = isSentence ? said : `Nothing was decided: ${said}`;
    const out = asJson ? jsonText({ command: name, exit, verified: false, error: message }) : '';
    const hint = exit === 2 ? `\nSee: zusage-audit ${name} --help` : '';
    return { exit, out, err: `${printable(message)}${hint}\n` };
  }
}
