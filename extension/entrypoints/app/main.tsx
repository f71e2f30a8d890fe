import '../../src/ui/base.css';
import '../../src/ui/app/app.css';
import { App } from '../../src/ui/app/app.tsx';
import { mount } from '../../src/ui/mount.tsx';
import { t } from '../../src/ui/words.ts';

mount(App, t('extension_name'));
