import '../../src/ui/base.css';
import '../../src/ui/stop/stop.css';
import { stopPage } from '@zusage/protocol/stop-page';
import { openDoor } from '../../src/network/fetch.ts';
import { sendStop } from '../../src/ui/stop/send-stop.ts';
import { t } from '../../src/ui/words.ts';

const root = document.getElementById('root');
if (root === null) throw new Error('The page has no #root.');
stopPage(root, {
  lang: t('language_code') === 'de' ? 'de' : 'en',
  service: null,
  send: sendStop(openDoor(__LOOPBACK__)),
});
