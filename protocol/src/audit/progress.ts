/** A bar on the terminal's error stream while something long goes on; silent in files and pipes. */
export type Progress = { readonly to: (done: number) => void; readonly end: () => void };

const WIDTH = 30;
const EVERY = 100;

export function progressBar(
  total: number,
  unit: string,
  stream: NodeJS.WriteStream = process.stderr,
): Progress {
  if (stream.isTTY !== true || total === 0) return { to: () => undefined, end: () => undefined };
  let drawnAt = 0;
  return {
    to: (done) => {
      const now = Date.now();
      if (now - drawnAt < EVERY) return;
      drawnAt = now;
      const part = Math.min(1, done / total);
      const bar = '█'.repeat(Math.round(part * WIDTH)).padEnd(WIDTH, '░');
      const count = `${done.toLocaleString('en')} of ${total.toLocaleString('en')} ${unit}`;
      stream.write(`\r${bar} ${String(Math.floor(part * 100)).padStart(3)} % ${count}\x1b[K`);
    },
    end: () => {
      if (drawnAt > 0) stream.write('\r\x1b[K');
    },
  };
}
