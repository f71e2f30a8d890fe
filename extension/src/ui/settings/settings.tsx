import type { ComponentType } from 'preact';
import { t } from '../words.ts';
import { About } from './about.tsx';
import { BackupAndMove } from './backup-and-move.tsx';
import { LockAndKey } from './lock-and-key.tsx';
import { YourSign } from './your-sign.tsx';

/** In this order; each draws a section of its own with an `h2`. */
const SECTIONS: readonly ComponentType[] = [YourSign, LockAndKey, BackupAndMove, About];

export function Settings() {
  return (
    <>
      <h1>{t('settings')}</h1>
      {SECTIONS.map((Section) => (
        <Section key={Section.name} />
      ))}
    </>
  );
}
