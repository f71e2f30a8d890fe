import { parseSettings } from '../config.ts';
import { loadKeys } from '../keys.ts';
import { ExportError, exportLog } from '../log/export.ts';
import { CommandError, runCommand, say, UsageError } from './command.ts';
import { openExistingStore } from './existing-store.ts';

const USAGE = `Usage: npm run export-log -- <folder>

Writes the grant log, as far as it is published, into a folder that any web server can serve: put it where
/log is. The service may go on running; run it again, and it adds what is new.

  checkpoint           the latest signed checkpoint (keep for seconds; all but the key never changes)
  key                  the verifier key of the log
  note/<size>          every checkpoint that was ever published
  tile/<level>/<n>     hashes, and tile/entries/<n> the entries (C2SP tlog-tiles)

The log is that of ZUSAGE_DATA (.data unless set; npm start has it in .data/vault).`;

await runCommand(USAGE, async ([folder, ...more]) => {
  if (folder === undefined || folder.startsWith('-') || more.length > 0) {
    throw new UsageError('Name one folder.');
  }
  const { ZUSAGE_DATA: data } = parseSettings(process.env);
  const store = openExistingStore(data);
  try {
    const { log } = await loadKeys(data);
    const exported = await exportLog(store, folder, log);
    if (exported === null) throw new CommandError('Nothing of this log is published yet.');
    say(`${exported.size} entries of ${exported.origin} are in ${folder}.`);
  } catch (error) {
    if (error instanceof ExportError) throw new CommandError(error.message);
    throw error;
  } finally {
    await store.close();
  }
});
