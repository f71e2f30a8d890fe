import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout } from 'node:timers/promises';
import { logName } from '../keys.ts';
import { DATABASE_FILE } from '../store/sqlite.ts';
import { call, type World } from './world.ts';

/** Waits until everything that is in the log is published. @returns its size */
export async function published(world: World): Promise<number> {
  const db = new DatabaseSync(join(world.data, DATABASE_FILE), { readOnly: true });
  const { log, size: head } = db.prepare('SELECT log, size FROM log_head').get() as {
    log: number;
    size: number;
  };
  db.close();
  for (let waited = 0; waited < 5000; waited += 20) {
    const { text } = await call(world, `/${logName(log)}/checkpoint`);
    const size = Number(text.split('\n')[1]);
    if (size >= head) return size;
    await setTimeout(20);
  }
  throw new Error('nothing was published for five seconds');
}
