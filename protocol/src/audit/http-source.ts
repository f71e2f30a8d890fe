import { setTimeout as sleep } from 'node:timers/promises';
import { Undecided } from './finding.ts';
import type { LogSource, SourceOptions } from './source.ts';

/** Attempts at an answer that decides something. */
const ATTEMPTS = 3;
const FIRST_PAUSE = 200;

type Answer = { readonly status: number; readonly bytes: Uint8Array };

/** At most `limit` at the same time; the rest wait in order. */
function limiter(limit: number): <T>(work: () => Promise<T>) => Promise<T> {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (running >= limit) await new Promise<void>((resolve) => waiting.push(resolve));
    else running++;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) running--;
      else next();
    }
  };
}

async function bodyUpTo(response: Response, max: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const reader = response.body?.getReader();
  while (reader !== undefined && length <= max) {
    const { done, value } = await reader.read();
    if (done) break;
    chunks.push(value);
    length += value.length;
  }
  await reader?.cancel();
  return Buffer.concat(chunks).subarray(0, max + 1);
}

/** A log behind http(s). Redirects are not followed: whoever is asked must answer. */
export function httpSource(prefix: URL, options: SourceOptions): LogSource {
  const base = prefix.href.replace(/\/+$/, '');
  const limited = limiter(options.concurrency);

  async function ask(path: string, max: number): Promise<Answer> {
    const response = await fetch(`${base}/${path}`, {
      redirect: 'error',
      signal: AbortSignal.timeout(options.timeout),
    });
    if (!response.ok) {
      await response.body?.cancel();
      return { status: response.status, bytes: new Uint8Array() };
    }
    return { status: response.status, bytes: await bodyUpTo(response, max) };
  }

  /** A 404 counts only when it stays one: what a checkpoint promises may reach a cache a moment later. */
  async function read(path: string, max: number): Promise<Uint8Array | null> {
    let reason = '';
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      const isLast = attempt === ATTEMPTS;
      try {
        const { status, bytes } = await limited(() => ask(path, max));
        if (status >= 200 && status < 300) return bytes;
        if ((status === 404 || status === 410) && isLast) return null;
        reason = `answered ${status}`;
      } catch (error) {
        reason =
          error instanceof Error && error.name === 'TimeoutError' ? 'took too long' : 'failed';
      }
      if (isLast) break;
      const pause = reason === 'answered 404' ? options.patience / 2 : FIRST_PAUSE * attempt;
      await sleep(Math.min(pause, options.patience));
    }
    throw new Undecided(`${base}/${path} ${reason}.`);
  }
  return { where: base, remote: true, read, list: async () => null };
}
