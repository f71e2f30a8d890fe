import { signal } from '@preact/signals';

/** The screens a new vault goes through, in this order. */
export const STEPS = ['passphrase', 'cards', 'kit'];

/** A vault was made on this page, so its screens are steps; otherwise each of them stands alone. */
export const settingUp = signal(false);
