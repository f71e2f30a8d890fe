/** `2026-11-22T04:50Z`, the minute of a NumericDate. */
export function minuteOf(time: number): string {
  return `${new Date(time * 1000).toISOString().slice(0, 16)}Z`;
}

/** `2026-11`, the UTC month of a NumericDate. */
export function monthOf(time: number): string {
  return new Date(time * 1000).toISOString().slice(0, 7);
}

/** Bytes of every lifecycle entry. */
export const LIFECYCLE_SIZE = 147;
/** Most bytes of a key event. */
export const MAX_KEY_EVENT = 4096;

/** `e`: 147 bytes, whatever it is about. `c` 32 bytes, `b` and `s` 16. */
export function lifecycleText(
  time: number,
  { c, b, s }: { readonly c: Buffer; readonly b: Buffer; readonly s: Buffer },
): string {
  const [commitment, brand, person] = [c, b, s].map((bytes) => bytes.toString('base64url'));
  return `{"v":1,"k":"e","t":"${minuteOf(time)}","c":"${commitment}","b":"${brand}","s":"${person}"}`;
}

/** `a`: the access batch of one minute. `r` 32 bytes. */
export function accessText(time: number, r: Buffer): string {
  return `{"v":1,"k":"a","t":"${minuteOf(time)}","r":"${r.toString('base64url')}"}`;
}

/** `k`: a key event in clear. @param type of ours, such as `brand-enrolled` @throws RangeError beyond 4 KB */
export function keyText(time: number, type: string, body: object): string {
  const encoded = Buffer.from(JSON.stringify(body)).toString('base64url');
  const text = `{"v":1,"k":"k","t":"${minuteOf(time)}","type":"${type}","body":"${encoded}"}`;
  if (text.length > MAX_KEY_EVENT) throw new RangeError('a key event is at most 4 KB');
  return text;
}
