import type { CommandName } from '../messages.ts';
import { asCommand, CommandFailure } from '../sharing/failure.ts';
import type { Services } from '../sharing/services.ts';
import { attributeCommands } from './attributes.ts';
import { backupCommands } from './backup.ts';
import { brandCommands } from './brands.ts';
import { firstCardCommands } from './first-cards.ts';
import { grantCommands } from './grants.ts';
import { importCommands } from './import.ts';
import { lockCommands } from './lock.ts';
import { logCommands } from './log.ts';
import { lossCommands } from './loss.ts';
import { moveCommands } from './move-service.ts';
import { passkeyCommands } from './passkeys.ts';
import { practiceCommands } from './practice.ts';
import { publicLogCommands } from './public-log.ts';
import { recoveryCommands } from './recovery.ts';
import { searchCommands } from './search.ts';
import { undoCommands } from './undo.ts';
import { vaultCommands } from './vault.ts';

/** The commands that concern the vault, over any services. */
export function commandsOver(services: Services) {
  const table = {
    ...vaultCommands(services),
    ...lockCommands(services),
    ...passkeyCommands(services),
    ...recoveryCommands(services),
    ...attributeCommands(services),
    ...searchCommands(services),
    ...undoCommands(services),
    ...firstCardCommands(services),
    ...practiceCommands(services),
    ...brandCommands(services),
    ...importCommands(services),
    ...grantCommands(services),
    ...logCommands(services),
    ...publicLogCommands(services),
    ...backupCommands(services),
    ...moveCommands(services),
    ...lossCommands(services),
  };

  return {
    /**
     * Carries out a command of an extension page; each handler validates its own arguments. `status`, `create`,
     * `unlock` and `lock` answer the vault's part of the status: what waits for the person is the worker's.
     * @throws CommandFailure with the code the page may see; anything else is a mistake of ours
     */
    handle: (command: CommandName, args: unknown): Promise<unknown> =>
      asCommand(async () => {
        if (!Object.hasOwn(table, command)) throw new CommandFailure('malformed');
        return table[command as keyof typeof table](args);
      }),
  };
}
