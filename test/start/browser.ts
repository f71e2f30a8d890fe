import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { StartError } from './port.ts';
import { DATA } from './root.ts';
import { run, runTool } from './tool.ts';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];

/** Where installers put it when it is not on the PATH. */
const PLACES: Partial<Record<NodeJS.Platform, string[]>> = {
  darwin: [
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  ],
  win32: [
    `${process.env['ProgramFiles']}\\Google\\Chrome\\Application\\chrome.exe`,
    `${process.env['LOCALAPPDATA']}\\Google\\Chrome\\Application\\chrome.exe`,
  ],
};

const INSTALLED = join(DATA, 'browser');

/** How a person gets one; said by `npm start`, which installs nothing. */
export const HOW_TO_GET_ONE =
  'Install Chromium (on Debian and Ubuntu: apt-get install chromium), or set CHROME_PATH to the program.';

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/**
 * CHROME_PATH, else Chromium or Chrome on the PATH or in its usual place.
 * @returns null when there is none
 * @throws StartError when CHROME_PATH names no program
 */
export function findBrowser(environment: NodeJS.ProcessEnv = process.env): string | null {
  const chosen = environment['CHROME_PATH'];
  if (chosen) {
    if (isProgram(chosen)) return chosen;
    throw new StartError('CHROME_PATH is set, but there is no program at that path.');
  }
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const folders = (environment['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const onPath = folders.flatMap((folder) => NAMES.map((name) => join(folder, name + suffix)));
  return [...onPath, ...(PLACES[process.platform] ?? [])].find(isProgram) ?? null;
}

/** Whether a window could be seen. */
export function hasDisplay(environment: NodeJS.ProcessEnv = process.env): boolean {
  if (process.platform === 'darwin' || process.platform === 'win32') return true;
  return Boolean(environment['DISPLAY'] || environment['WAYLAND_DISPLAY']);
}

/**
 * A browser for the tests, installed when there is none: by apt-get as root on Debian and Ubuntu, else Chrome into
 * `.data/browser`.
 * @throws StartError when none can be had
 */
export async function provideBrowser(say: (line: string) => void): Promise<string> {
  const found = findBrowser();
  if (found !== null && (await works(found))) return found;
  const isRoot = process.getuid?.() === 0;
  if (isRoot && existsSync('/usr/bin/apt-get')) {
    say('No Chromium found: installing it with apt-get.');
    const env = { DEBIAN_FRONTEND: 'noninteractive' };
    await run('apt-get', ['update'], { quiet: true, env });
    const arguments_ = ['install', '--yes', '--no-install-recommends', 'chromium'];
    await run('apt-get', arguments_, { quiet: true, env });
    const installed = findBrowser();
    if (installed !== null && (await works(installed))) return installed;
  }
  say('No Chromium found: downloading Chrome into .data/browser.');
  const { output } = await runTool(
    '@puppeteer/browsers',
    ['install', 'chrome@stable', '--path', INSTALLED, '--format', '{{path}}'],
    { quiet: true },
  );
  const downloaded = output.trim().split(/\r?\n/).at(-1) ?? '';
  if (isProgram(downloaded) && (await works(downloaded))) return downloaded;
  throw new StartError(`The tests need a browser, and none could be installed. ${HOW_TO_GET_ONE}`);
}

/** Ubuntu's package is a stub that only says to use snap, so being there is not enough. */
async function works(browser: string): Promise<boolean> {
  // Chrome on Windows prints no version; it opens a window instead.
  if (process.platform === 'win32') return true;
  const { code, output } = await run(browser, ['--version'], { quiet: true });
  return code === 0 && /Chrom/.test(output);
}
