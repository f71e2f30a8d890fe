import type { StopAnswer } from '@zusage/protocol/stop-walk';
import type { Door } from '../../network/fetch.ts';

/** `POST /stop` (SPEC §8.2) through the extension's one door. Never throws: null is every other end of it. */
export function sendStop(door: Door): (origin: string, value: string) => Promise<StopAnswer> {
  return async (origin, stop) => {
    try {
      const text = JSON.stringify({ stop });
      const answer = await door(`${origin}/stop`, { type: 'application/json', text });
      if (answer.status !== 200) return null;
      const { known } = JSON.parse(answer.body) as { known?: unknown };
      return typeof known === 'boolean' ? { known } : null;
    } catch {
      return null;
    }
  };
}
