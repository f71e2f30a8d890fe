/** Copies of many short byte strings, put together in few blocks: an array for each is slow to make and to collect. */
const BLOCK = 1 << 20;

export class Blocks {
  #block = new Uint8Array(0);
  #used = 0;

  /** @returns the copy, a part of a block */
  copy(bytes: Uint8Array): Uint8Array {
    const { length } = bytes;
    if (this.#used + length > this.#block.length) {
      this.#block = new Uint8Array(Math.max(BLOCK, length));
      this.#used = 0;
    }
    const at = this.#used;
    this.#used += length;
    this.#block.set(bytes, at);
    return this.#block.subarray(at, this.#used);
  }
}
