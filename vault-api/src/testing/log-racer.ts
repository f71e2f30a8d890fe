import { workerData } from 'node:worker_threads';
import { addBrand, openLogStore } from './log-store.ts';

/** A process of its own on a folder that another one writes, too. */
const { data, name, changes } = workerData as { data: string; name: string; changes: number };
const { store, clock } = await openLogStore(data);
for (let n = 0; n < changes; n++) await addBrand(store, `${name}-${n}`, clock.now);
await store.close();
