/** What is due when: a binary heap of moments and names. A name may stand in it more than once; the reader looks whether it still holds. */
export class DueHeap {
  readonly #entries: { readonly atMs: number; readonly name: string }[] = [];

  get size(): number {
    return this.#entries.length;
  }

  push(name: string, atMs: number): void {
    const entries = this.#entries;
    entries.push({ atMs, name });
    let at = entries.length - 1;
    while (at > 0) {
      const parent = (at - 1) >>> 1;
      if (entries[parent]!.atMs <= entries[at]!.atMs) return; // both are inside
      [entries[parent], entries[at]] = [entries[at]!, entries[parent]!];
      at = parent;
    }
  }

  /** Takes out the name that is due first, if it is due by then. */
  popDue(nowMs: number): string | undefined {
    const first = this.#entries[0];
    if (first === undefined || first.atMs > nowMs) return undefined;
    const last = this.#entries.pop()!; // not empty
    if (this.#entries.length > 0) {
      this.#entries[0] = last;
      this.#sink();
    }
    return first.name;
  }

  #sink(): void {
    const entries = this.#entries;
    for (let at = 0; ;) {
      const left = 2 * at + 1;
      if (left >= entries.length) return;
      const right = left + 1;
      const least = right < entries.length && entries[right]!.atMs < entries[left]!.atMs ? right : left;
      if (entries[at]!.atMs <= entries[least]!.atMs) return;
      [entries[least], entries[at]] = [entries[at]!, entries[least]!];
      at = least;
    }
  }
}
