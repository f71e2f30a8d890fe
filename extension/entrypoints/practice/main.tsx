import '../../src/ui/base.css';
import '../../src/ui/approval/approval.css';
import '../../src/ui/practice/practice.css';
import { mount } from '../../src/ui/mount.tsx';
import { Practice } from '../../src/ui/practice/practice.tsx';
import { t } from '../../src/ui/words.ts';

mount(Practice, t('practice_window'));
