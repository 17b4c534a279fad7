/** A value that an entry had from a revision on; `undefined`: it was taken away. */
export interface Version<V> {
  readonly revision: number;
  readonly value: V | undefined;
}

/** The values that the entries of one map had, by revision: who was called what, and when. */
export class Versions<V> {
  /** For each key its revisions and values in turn; `undefined`: taken away. Rising. */
  readonly #byKey = new Map<string, (number | V | undefined)[]>();
  /** The keys in order, but for those that are fresh. */
  #sorted: string[] = [];
  #fresh: string[] = [];

  /** `revision` is not less than any before. */
  note(key: string, revision: number, value: V | undefined): void {
    const known = this.#byKey.get(key);
    if (known === undefined) {
      this.#byKey.set(key, [revision, value]);
      this.#fresh.push(key);
    } else if (known[known.length - 2] === revision) known[known.length - 1] = value;
    else if (known.length < exactLengthMax)
      this.#byKey.set(key, [...known, revision, value]); // a pushed array has room for more, and most are short
    else known.push(revision, value);
  }

  /** What the key had at `revision`; no answer where its first change came later. */
  at(key: string, revision: number): { readonly value: V | undefined } | undefined {
    const known = this.#byKey.get(key);
    if (known === undefined || (known[0] as number) > revision) return undefined;
    let low = 0;
    let high = known.length / 2;
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if ((known[2 * middle] as number) > revision) high = middle;
      else low = middle;
    }
    return { value: known[2 * low + 1] as V | undefined };
  }

  /** What the key had up to `revision`, the newest first. */
  *backwards(key: string, revision: number): Generator<Version<V>> {
    const known = this.#byKey.get(key) ?? [];
    for (let index = known.length - 2; index >= 0; index -= 2) {
      const since = known[index] as number;
      if (since <= revision) yield { revision: since, value: known[index + 1] as V | undefined };
    }
  }

  /** All keys that ever changed, in order. */
  keys(): readonly string[] {
    if (this.#fresh.length > 0) {
      this.#sorted = merged(this.#sorted, this.#fresh.sort(byCodeUnits));
      this.#fresh = [];
    }
    return this.#sorted;
  }
}

const exactLengthMax = 8;

const byCodeUnits = (a: string, b: string): number => (a < b ? -1 : 1); // no two are the same

function merged(some: readonly string[], others: readonly string[]): string[] {
  const all: string[] = [];
  let at = 0;
  for (const other of others) {
    while (at < some.length && some[at]! < other) all.push(some[at++]!); // it is below its length
    all.push(other);
  }
  while (at < some.length) all.push(some[at++]!); // it is below its length
  return all;
}
