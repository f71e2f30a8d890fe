/** The vault's part of the commands over the browser's own services. In Node and in tests use `commandsOver`. */
import { services } from '../sharing/browser-services.ts';
import { commandsOver } from './commands.ts';
import { readDue } from './read-due.ts';

/** @param random uniform in (0, 1] */
export const readOneDue = (random: () => number) => readDue(services, random);

export const { handle } = commandsOver(services);
