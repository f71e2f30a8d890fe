/**
 * Writes every vector: `node protocol/vectors/generate.ts`. One file each, named after what is wrong with it. The
 * `error` is written down here by hand, never taken from what our code answers; vectors.test.ts compares the two.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import * as base from './cases-base.ts';
import * as grant from './cases-grant.ts';
import * as request from './cases-request.ts';
import * as service from './cases-service.ts';

export type Vector = {
  about: string;
  check: string;
  input: object;
  output?: unknown;
  error?: string;
};

export const vectors: Record<string, Vector> = {
  ...(await base.vectors()),
  ...(await request.vectors()),
  ...(await grant.vectors()),
  ...(await service.vectors()),
};

export const fileOf = (vector: Vector) => `${JSON.stringify(vector, null, 1)}\n`;
export const folderOf = ({ error }: Vector) => (error === undefined ? 'valid' : 'invalid');

if (import.meta.main) {
  for (const folder of ['valid', 'invalid']) {
    rmSync(new URL(folder, import.meta.url), { recursive: true, force: true });
    mkdirSync(new URL(folder, import.meta.url));
  }
  for (const [name, vector] of Object.entries(vectors)) {
    writeFileSync(new URL(`${folderOf(vector)}/${name}.json`, import.meta.url), fileOf(vector));
  }
  process.stdout.write(`${Object.keys(vectors).length} vectors written\n`);
}
