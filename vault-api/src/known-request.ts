import { allowLoopback, type LoopbackOption } from '@zusage/protocol/origin';
import { type ParsedRequest, parseRequest } from '@zusage/protocol/request';

/** Requests that are kept parsed; each is at most 64 KB. */
const MAX_KEPT = 500;
const kept = new Map<string, ParsedRequest>();

/**
 * A request comes twice within minutes, for the slot and with the grant: it is parsed once, and so its signature is
 * verified once (`verifyJws`). What depends on the time or the brand's standing is checked each time by whoever calls.
 * @throws FormatError as `parseRequest`
 */
export async function knownRequest(
  compact: string,
  options: LoopbackOption,
): Promise<ParsedRequest> {
  const key = `${options[allowLoopback] === true} ${compact}`;
  const known = kept.get(key);
  if (known !== undefined) return known;
  const parsed = await parseRequest(compact, options);
  if (kept.size >= MAX_KEPT) kept.delete(kept.keys().next().value as string);
  kept.set(key, parsed);
  return parsed;
}
