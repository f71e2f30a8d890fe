import '../../src/ui/base.css';
import '../../src/ui/popup/popup.css';
import { mount } from '../../src/ui/mount.tsx';
import { Popup } from '../../src/ui/popup/popup.tsx';
import { t } from '../../src/ui/words.ts';

mount(Popup, t('extension_name'));
