import '../../src/ui/base.css';
import '../../src/ui/app/app.css';
import '../../src/ui/welcome/welcome.css';
import { mount } from '../../src/ui/mount.tsx';
import { Welcome } from '../../src/ui/welcome/welcome.tsx';
import { t } from '../../src/ui/words.ts';

mount(Welcome, t('extension_name'));
