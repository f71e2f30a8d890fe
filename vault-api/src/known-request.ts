import { allowLoopback, type LoopbackOption } from '@zusage/protocol/origin';
import { type ParsedRequest, parseRequest } from '@zusage/protocol/request';

/** Characters of requests that are kept parsed, some hundred of them; anybody can send any. Parsed, each takes five times as much. */
const MAX_KEPT = 2_000_000;
const kept = new Map<string, { readonly parsed: ParsedRequest; readonly isLoopback: boolean }>();
let size = 0;

/**
 * A request comes twice within minutes, for the slot and with the grant: it is parsed once, and so its signature is
 * verified once (`verifyJws`). What depends on the time or the brand's standing is checked each time by whoever calls.
 * @throws FormatError as `parseRequest`
 */
export async function knownRequest(
  compact: string,
  options: LoopbackOption,
): Promise<ParsedRequest> {
  const isLoopback = options[allowLoopback] === true;
  const known = kept.get(compact);
  if (known?.isLoopback === isLoopback) return known.parsed;
  const parsed = await parseRequest(compact, options);
  // Another call may have parsed the same meanwhile.
  if (kept.has(compact)) return parsed;
  kept.set(compact, { parsed, isLoopback });
  size += compact.length;
  for (const oldest of kept.keys()) {
    if (size <= MAX_KEPT) break;
    kept.delete(oldest);
    size -= oldest.length;
  }
  return parsed;
}
