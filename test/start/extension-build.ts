import { join } from 'node:path';
import { ROOT } from './root.ts';
import { type Outcome, runTool, type ToolOptions } from './tool.ts';

const EXTENSION = join(ROOT, 'extension');

/** The builds of the one source, and how wxt makes each; `production` also packs the zip for the store. */
const ARGUMENTS = {
  production: ['zip'],
  development: ['build', '--mode', 'development'],
  e2e: ['build', '--mode', 'e2e'],
  firefox: ['build', '--browser', 'firefox', '--mv3'],
} as const;

export type Build = keyof typeof ARGUMENTS;

/** The folder that a browser loads. */
export function outputOf(build: Build): string {
  const name = build === 'firefox' ? 'firefox-mv3-production' : `chrome-mv3-${build}`;
  return join(EXTENSION, '.output', name);
}

export function buildExtension(build: Build, options: ToolOptions = {}): Promise<Outcome> {
  return runTool('wxt', ARGUMENTS[build], { ...options, cwd: EXTENSION });
}
