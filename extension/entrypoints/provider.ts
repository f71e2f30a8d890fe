import { defineUnlistedScript } from 'wxt/utils/define-unlisted-script';
import { provide } from '../src/site/provider.ts';

export default defineUnlistedScript(provide);
