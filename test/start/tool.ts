import { type SpawnOptions, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './root.ts';

export type ToolOptions = {
  /** The folder to run in; the repository by default. */
  cwd?: string;
  env?: Record<string, string>;
  /** Keeps the output back and returns it, instead of showing it as it comes. */
  quiet?: boolean;
  signal?: AbortSignal;
};

/** The exit code, and with `quiet` everything that was printed. */
export type Outcome = { code: number; output: string };

/**
 * Runs an installed package's command on this very Node: no shell, no script files of a platform, no PATH.
 * @param name the package; its command has the same name unless `bin` says otherwise
 */
export function runTool(
  name: string,
  args: readonly string[],
  { bin = name, ...options }: ToolOptions & { bin?: string } = {},
): Promise<Outcome> {
  const folder = join(ROOT, 'node_modules', name);
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const script = typeof manifest.bin === 'string' ? manifest.bin : manifest.bin[bin];
  return run(process.execPath, [join(folder, script), ...args], options);
}

/** Runs a program without a shell. A program that cannot be started has the exit code 127. */
export function run(
  program: string,
  args: readonly string[],
  { cwd = ROOT, env, quiet = false, signal }: ToolOptions = {},
): Promise<Outcome> {
  return new Promise((resolve) => {
    const options: SpawnOptions = {
      cwd,
      env: { ...process.env, ...env },
      stdio: quiet ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'inherit', 'inherit'],
      ...(signal && { signal }),
    };
    const child = spawn(program, args, options);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk) => {
        output += chunk;
      });
    }
    child.once('error', () => resolve({ code: 127, output }));
    child.once('close', (code) => resolve({ code: code ?? 1, output }));
  });
}
