import type { ComponentType } from 'preact';
import { t } from '../words.ts';
import { LockAndKey } from './lock-and-key.tsx';

/** In this order; each draws a section of its own with an `h2`. */
const SECTIONS: readonly ComponentType[] = [LockAndKey];

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
