/** The sharing half of the worker over the browser's own services. In Node and in tests use `sharingOver`. */
import { services } from './browser-services.ts';
import { sharingOver } from './sharing.ts';

export { session, vault } from './browser-services.ts';

export const {
  prepare,
  promptView,
  decide,
  advance,
  delivered,
  abandon,
  withdrawUndelivered,
  refused,
  resumeAfterUnlock,
} = sharingOver(services);
