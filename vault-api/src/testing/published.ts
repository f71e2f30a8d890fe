import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { logName } from '../keys.ts';
import { DATABASE_FILE } from '../store/sqlite.ts';
import { until } from './until.ts';
import { call, type World } from './world.ts';

/** Waits until everything that is in the log is published. @returns its size */
export async function published(world: World): Promise<number> {
  const db = new DatabaseSync(join(world.data, DATABASE_FILE), { readOnly: true });
  const { log, size: head } = db.prepare('SELECT log, size FROM log_head').get() as {
    log: number;
    size: number;
  };
  db.close();
  let size = -1;
  await until(async () => {
    const { text } = await call(world, `/${logName(log)}/checkpoint`);
    size = Number(text.split('\n')[1]);
    return size >= head;
  });
  return size;
}
