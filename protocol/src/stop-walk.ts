/**
 * Working a stop sheet off (SPEC §8.2). Imports nothing, because the service's stop page carries this file as it is, on
 * a computer that has nothing of ours.
 */

/** `null`: no answer, or one that says "later". */
export type StopAnswer = { readonly known: boolean } | null;

/** Where a walk stands: the next number, how many the service knew, and how many in a row it did not. */
export type StopWalk = { readonly next: number; readonly ended: number; readonly missed: number };

export const STOP_WALK_BEGIN: StopWalk = { next: 0, ended: 0, missed: 0 };

/** After so many numbers in a row that the service does not know, there are no more. */
const STOP_MISSES = 20;

/**
 * Sends the value of one number after the other until nothing more is known.
 * @param root 16 bytes
 * @param send `POST /stop` with S_i, base64url
 * @param onStep after each answer
 * @returns where it ended; `missed` is below 20 when the service gave no answer, and the walk may go on from there
 */
export async function walkStopSheet(
  root: Uint8Array<ArrayBuffer>,
  from: StopWalk,
  send: (value: string) => Promise<StopAnswer>,
  onStep: (walk: StopWalk) => void,
): Promise<StopWalk> {
  let walk = from;
  while (!isWalkDone(walk)) {
    const answer = await send(await stopValueOf(root, walk.next));
    if (answer === null) break;
    walk = {
      next: walk.next + 1,
      ended: walk.ended + (answer.known ? 1 : 0),
      missed: answer.known ? 0 : walk.missed + 1,
    };
    onStep(walk);
  }
  return walk;
}

export function isWalkDone({ missed }: StopWalk): boolean {
  return missed >= STOP_MISSES;
}

/** S_i, base64url. */
async function stopValueOf(root: Uint8Array<ArrayBuffer>, index: number): Promise<string> {
  const label = new TextEncoder().encode('zusage/stop/v1');
  const info = new Uint8Array(label.length + 4);
  info.set(label);
  new DataView(info.buffer).setUint32(label.length, index);
  const key = await crypto.subtle.importKey('raw', root, 'HKDF', false, ['deriveBits']);
  const parameters = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info };
  const bits = new Uint8Array(await crypto.subtle.deriveBits(parameters, key, 256));
  return btoa(String.fromCharCode(...bits))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '');
}
