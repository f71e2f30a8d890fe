/** The vault's part of the commands over the browser's own services. In Node and in tests use `commandsOver`. */
import { services } from '../sharing/browser-services.ts';
import { commandsOver } from './commands.ts';

export const { handle } = commandsOver(services);
