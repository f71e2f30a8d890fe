import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseSettings } from '../config.ts';
import { loadKeys, SIGNING_FILE } from '../keys.ts';
import { retiredKeys, rotateSigningKey } from '../retired-keys.ts';
import { CommandError, runCommand, say, UsageError } from './command.ts';

const USAGE = `Usage: npm run keys -- list
       npm run keys -- rotate

The keys with which the vault service signs receipts, status lists and introspection replies,
in the folder ZUSAGE_DATA (.data unless set; npm start has them in .data/vault).

  list     which key signs, and which earlier ones are still published
  rotate   makes a new signing key. Restart the service; the old key's public half stays in
           jwks.json for 400 days, so that everything it signed can still be verified`;

const clock = () => Math.floor(Date.now() / 1000);
const dayOf = (time: number) => new Date(time * 1000).toISOString().slice(0, 10);

await runCommand(USAGE, async ([action, ...more]) => {
  if ((action !== 'list' && action !== 'rotate') || more.length > 0) {
    throw new UsageError('Say either "list" or "rotate".');
  }
  const { ZUSAGE_DATA: folder } = parseSettings(process.env);
  if (!existsSync(join(folder, SIGNING_FILE))) {
    throw new CommandError(
      `No keys are in ${folder}; the service makes them when it first starts.`,
    );
  }
  if (action === 'rotate') {
    const { before, after } = await rotateSigningKey(folder, clock());
    say(`New signing key ${after}; restart the service to sign with it.`);
    say(`${before} stays published.`);
    return;
  }
  const { signing } = await loadKeys(folder);
  say(`${signing.kid}  signs`);
  for (const { kid, until } of retiredKeys(folder, clock())) {
    if (kid !== signing.kid) say(`${kid}  published until ${dayOf(until)}`);
  }
});
