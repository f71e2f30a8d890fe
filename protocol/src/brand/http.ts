import { decodeUtf8 } from '../bytes.ts';
import { parseJson } from '../json.ts';
import { SdkError } from './errors.ts';

/** Milliseconds until a vault service counts as unreachable. */
const TIMEOUT = 5_000;
/** A status list of 65,536 entries is at most 22 KB; a thousand denials that explain themselves are some 300 KB. */
const MAX_ANSWER = 524_288;

export type Answer = { readonly status: number; readonly text: string };

/**
 * One request to a vault service: no redirects, 5 s, 512 KB.
 * @throws SdkError `vault/unreachable`
 */
export async function ask(url: string, init: RequestInit = {}): Promise<Answer> {
  try {
    const response = await fetch(url, {
      ...init,
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT),
    });
    return { status: response.status, text: decodeUtf8(await bounded(response)) };
  } catch (cause) {
    throw new SdkError('vault/unreachable', { cause });
  }
}

async function bounded(response: Response): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += chunk.length;
    if (length > MAX_ANSWER) throw new RangeError('answer too large');
    chunks.push(chunk);
  }
  const whole = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    whole.set(chunk, offset);
    offset += chunk.length;
  }
  return whole;
}

/**
 * The answer as a JSON object, read with the strict parser.
 * @throws SdkError `vault/answer`; for any status but 2xx `vault/authentication` (401) or `vault/refused`
 */
export function objectOf(answer: Answer): Record<string, unknown> {
  assertAccepted(answer);
  try {
    const json = parseJson(answer.text);
    if (typeof json === 'object' && json !== null && !Array.isArray(json)) return json;
  } catch (cause) {
    throw new SdkError('vault/answer', { cause });
  }
  throw new SdkError('vault/answer');
}

/** @throws SdkError `vault/authentication`, `vault/refused` */
export function assertAccepted({ status, text }: Answer): void {
  if (status >= 200 && status < 300) return;
  const refusal = refusalOf(text);
  const unknownBrand = status === 401 || refusal === 'brand/not-enrolled';
  throw new SdkError(unknownBrand ? 'vault/authentication' : 'vault/refused', { refusal });
}

/** The `code` of a problem (RFC 9457) or `error` of OAuth (RFC 6749 §5.2); anything that looks like neither is dropped. */
function refusalOf(text: string): string | undefined {
  try {
    const problem = parseJson(text) as { code?: unknown; error?: unknown } | null;
    const code = problem?.code ?? problem?.error;
    return isCode(code) ? code : undefined;
  } catch {
    return undefined;
  }
}

export function isCode(code: unknown): code is string {
  return typeof code === 'string' && /^[a-z][a-z0-9_/-]{1,63}$/.test(code);
}
