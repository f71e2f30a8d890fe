import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { StartError } from './port.ts';
import { DATA } from './root.ts';
import { run, runTool } from './tool.ts';

/** One kind of browser: how it is found, and how it is installed. */
export type Kind = {
  readonly name: string;
  /** The environment variable that names the program. */
  readonly variable: string;
  readonly programs: readonly string[];
  /** Where installers put it when it is not on the PATH. */
  readonly places: Partial<Record<NodeJS.Platform, readonly string[]>>;
  /** Debian's package. */
  readonly package: string;
  /** What `@puppeteer/browsers install` calls it. */
  readonly download: string;
  /** What it says of itself when asked for its version. */
  readonly version: RegExp;
  /** How a person gets one; said by `npm start`, which installs nothing. */
  readonly howToGetOne: string;
};

const { ProgramFiles, LOCALAPPDATA } = process.env;

export const CHROMIUM: Kind = {
  name: 'Chromium',
  variable: 'CHROME_PATH',
  programs: ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'],
  places: {
    darwin: [
      '/Applications/Chromium.app/Contents/MacOS/Chromium',
      '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    ],
    win32: [
      `${ProgramFiles}\\Google\\Chrome\\Application\\chrome.exe`,
      `${LOCALAPPDATA}\\Google\\Chrome\\Application\\chrome.exe`,
    ],
  },
  package: 'chromium',
  download: 'chrome@stable',
  version: /Chrom/,
  howToGetOne:
    'Install Chromium (on Debian and Ubuntu: apt-get install chromium), or set CHROME_PATH to the program.',
};

export const FIREFOX: Kind = {
  name: 'Firefox',
  variable: 'FIREFOX_PATH',
  programs: ['firefox-esr', 'firefox'],
  places: {
    darwin: ['/Applications/Firefox.app/Contents/MacOS/firefox'],
    win32: [`${ProgramFiles}\\Mozilla Firefox\\firefox.exe`],
  },
  package: 'firefox-esr',
  download: 'firefox@stable',
  version: /Firefox/,
  howToGetOne:
    'Install Firefox (on Debian: apt-get install firefox-esr), or set FIREFOX_PATH to the program.',
};

export const HOW_TO_GET_ONE = CHROMIUM.howToGetOne;

const INSTALLED = join(DATA, 'browser');

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/**
 * What CHROME_PATH or FIREFOX_PATH names, else one on the PATH or in its usual place.
 * @returns null when there is none
 * @throws StartError when the variable names no program
 */
export function findBrowser(
  environment: NodeJS.ProcessEnv = process.env,
  { variable, programs, places }: Kind = CHROMIUM,
): string | null {
  const chosen = environment[variable];
  if (chosen) {
    if (isProgram(chosen)) return chosen;
    throw new StartError(`${variable} is set, but there is no program at that path.`);
  }
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const folders = (environment['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const onPath = folders.flatMap((folder) => programs.map((name) => join(folder, name + suffix)));
  return [...onPath, ...(places[process.platform] ?? [])].find(isProgram) ?? null;
}

/** Whether a window could be seen. */
export function hasDisplay(environment: NodeJS.ProcessEnv = process.env): boolean {
  if (process.platform === 'darwin' || process.platform === 'win32') return true;
  return Boolean(environment['DISPLAY'] || environment['WAYLAND_DISPLAY']);
}

/**
 * A browser for the tests, installed when there is none: by apt-get as root on Debian and Ubuntu, else into
 * `.data/browser`.
 * @throws StartError when none can be had
 */
export async function provideBrowser(kind: Kind, say: (line: string) => void): Promise<string> {
  const found = findBrowser(process.env, kind);
  if (found !== null && (await works(found, kind))) return found;
  const isRoot = process.getuid?.() === 0;
  if (isRoot && existsSync('/usr/bin/apt-get')) {
    say(`No ${kind.name} found: installing it with apt-get.`);
    const env = { DEBIAN_FRONTEND: 'noninteractive' };
    await run('apt-get', ['update'], { quiet: true, env });
    const arguments_ = ['install', '--yes', '--no-install-recommends', kind.package];
    await run('apt-get', arguments_, { quiet: true, env });
    const installed = findBrowser(process.env, kind);
    if (installed !== null && (await works(installed, kind))) return installed;
  }
  say(`No ${kind.name} found: downloading ${kind.download} into .data/browser.`);
  const { output } = await runTool(
    '@puppeteer/browsers',
    ['install', kind.download, '--path', INSTALLED, '--format', '{{path}}'],
    { quiet: true },
  );
  const downloaded = output.trim().split(/\r?\n/).at(-1) ?? '';
  if (isProgram(downloaded) && (await works(downloaded, kind))) return downloaded;
  throw new StartError(
    `The tests need ${kind.name}, and it could not be installed. ${kind.howToGetOne}`,
  );
}

/** Ubuntu's packages are stubs that only say to use snap, so being there is not enough. */
async function works(browser: string, { version }: Kind): Promise<boolean> {
  // On Windows neither prints a version; a window opens instead.
  if (process.platform === 'win32') return true;
  const { code, output } = await run(browser, ['--version'], { quiet: true });
  return code === 0 && version.test(output);
}
