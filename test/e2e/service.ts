import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { ownPort } from '@zusage/vault-api/testing/own-port';
import { ROOT } from '../start/root.ts';

/** The vault service as an operator runs it: a process of its own, of which only the output is seen. */
export class Service {
  /** Everything it wrote to its output and error streams. */
  log = '';
  readonly url: string;
  readonly #child: ChildProcess;

  private constructor(url: string, child: ChildProcess) {
    this.url = url;
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk) => {
        this.log += chunk;
      });
    }
  }

  /**
   * @param data its folder
   * @param issuer the origin under which everybody knows it
   */
  static async start(data: string, issuer: string): Promise<Service> {
    const port = await ownPort();
    const child = spawn(process.execPath, [join(ROOT, 'vault-api', 'src', 'main.ts')], {
      env: {
        ZUSAGE_DEVELOPMENT: 'true',
        ZUSAGE_PORT: String(port),
        ZUSAGE_ISSUER: issuer,
        ZUSAGE_DATA: data,
        ZUSAGE_RATE_LIMIT: '100000',
        ZUSAGE_LOG_LEVEL: 'debug',
      },
    });
    const service = new Service(`http://127.0.0.1:${port}`, child);
    await new Promise<void>((resolve, reject) => {
      child.stdout.on('data', () => {
        if (service.log.includes('"ready"')) resolve();
      });
      child.once('exit', () => reject(new Error(`The service did not start. ${service.log}`)));
    });
    return service;
  }

  async close(): Promise<void> {
    if (this.#child.exitCode !== null) return;
    const exited = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    await exited;
  }
}
