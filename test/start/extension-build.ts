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
  'firefox-e2e': ['build', '--browser', 'firefox', '--mv3', '--mode', 'e2e'],
} as const;

export type Build = keyof typeof ARGUMENTS;

const FOLDERS: Record<Build, string> = {
  production: 'chrome-mv3-production',
  development: 'chrome-mv3-development',
  e2e: 'chrome-mv3-e2e',
  firefox: 'firefox-mv3-production',
  'firefox-e2e': 'firefox-mv3-e2e',
};

/** The folder that a browser loads. */
export function outputOf(build: Build): string {
  return join(EXTENSION, '.output', FOLDERS[build]);
}

export function buildExtension(build: Build, options: ToolOptions = {}): Promise<Outcome> {
  return runTool('wxt', ARGUMENTS[build], { ...options, cwd: EXTENSION });
}
