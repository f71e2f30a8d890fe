import { type Logger, pino } from 'pino';
import type { Config } from './config.ts';

/** Characters and milliseconds that lines of requests may wait for others, to be written together. */
const BUFFER = 8192;
const MAX_WAIT = 250;

const WARNING = 40;

/** What loggers of this process still hold is written when it ends. */
const atExit = new Set<() => void>();
process.once('exit', () => {
  for (const flush of atExit) flush();
});

let lastTime = 0;
let lastText = '';
/** As pino's own: lines of one millisecond, of which there are many under load, share it. */
function isoTime(): string {
  const now = Date.now();
  if (now !== lastTime) lastText = `,"time":"${new Date(now).toISOString()}"`;
  lastTime = now;
  return lastText;
}

/**
 * JSON lines on standard output, without host name and process id. Lines of requests are written a few at a time; a
 * warning or an error at once, with all before it, and everything when the process ends.
 */
export function newLogger({ logLevel }: Pick<Config, 'logLevel'>): Logger {
  const output = pino.destination({ dest: 1, sync: true });
  let lines = '';
  const pass = () => {
    const passed = lines;
    lines = '';
    if (passed !== '') output.write(passed);
  };
  const flush = () => {
    pass();
    output.flushSync();
  };
  setInterval(flush, MAX_WAIT).unref();
  atExit.add(flush);
  return pino(
    {
      level: logLevel,
      base: null,
      timestamp: isoTime,
      hooks: {
        logMethod(values, method, level) {
          method.apply(this, values);
          if (level >= WARNING) flush();
        },
      },
    },
    {
      write: (line) => {
        lines += line;
        if (lines.length >= BUFFER) pass();
      },
    },
  );
}
