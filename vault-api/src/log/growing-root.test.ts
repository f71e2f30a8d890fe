import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { GrowingRoot } from './growing-root.ts';
import { rootOf } from './hash.ts';

test('after each leaf its root is that of all leaves so far', () => {
  const growing = new GrowingRoot();
  const leaves: Buffer[] = [];
  for (let size = 0; size <= 300; size++) {
    expect(growing.size).toBe(size);
    expect(growing.root()).toEqual(rootOf(leaves));
    const leaf = randomBytes(32);
    leaves.push(leaf);
    growing.add(leaf);
  }
});
