import { defineUnlistedScript } from 'wxt/utils/define-unlisted-script';
import { relay } from '../src/site/relay.ts';

export default defineUnlistedScript(relay);
