import { nodeHash, rootOf } from './hash.ts';

/** A tree that grows leaf by leaf (RFC 6962 §2.1), kept as the roots of its complete subtrees, the largest first. */
export class GrowingRoot {
  private count = 0;
  private readonly subtrees: Buffer[] = [];

  /** How many leaves it has. */
  get size(): number {
    return this.count;
  }

  /** @param leaf leaf hash, 32 bytes */
  add(leaf: Buffer): void {
    let node = leaf;
    // As in counting: each one bit at the end stands for a subtree that is now half of a larger one.
    for (let bits = this.count; bits % 2 === 1; bits = (bits - 1) / 2) {
      node = nodeHash(this.subtrees.pop() as Buffer, node);
    }
    this.subtrees.push(node);
    this.count++;
  }

  root(): Buffer {
    const [last, ...larger] = [...this.subtrees].reverse();
    if (last === undefined) return rootOf([]);
    return larger.reduce((right, left) => nodeHash(left, right), last);
  }
}
