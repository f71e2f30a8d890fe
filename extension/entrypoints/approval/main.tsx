import '../../src/ui/base.css';
import '../../src/ui/approval/approval.css';
import { Approval } from '../../src/ui/approval/approval.tsx';
import { mount } from '../../src/ui/mount.tsx';
import { t } from '../../src/ui/words.ts';

mount(Approval, t('approval_window'));
