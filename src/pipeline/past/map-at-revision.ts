import { PersistentMap } from '../../iam/persistent-map.ts';
import { emptyTree } from '../../iam/persistent-tree.ts';
import type { Versions } from './versions.ts';

/** A map as it was at a revision: what it was before, and the versions of what changed since. A change of it makes a map of its own. */
export class MapAtRevision<V> extends PersistentMap<V> {
  readonly #before: PersistentMap<V>;
  readonly #versions: Versions<V>;
  readonly #revision: number;
  #countedSize: number | undefined;

  constructor(before: PersistentMap<V>, versions: Versions<V>, revision: number) {
    super(emptyTree, 0);
    this.#before = before;
    this.#versions = versions;
    this.#revision = revision;
  }

  override get size(): number {
    this.#countedSize ??= this.#count();
    return this.#countedSize;
  }

  #count(): number {
    let size = this.#before.size;
    for (const key of this.#versions.keys()) {
      const version = this.#versions.at(key, this.#revision);
      if (version !== undefined) size += Number(version.value !== undefined) - Number(this.#before.has(key));
    }
    return size;
  }

  override get(name: string): V | undefined {
    const version = this.#versions.at(name.toLowerCase(), this.#revision);
    return version === undefined ? this.#before.get(name) : version.value;
  }

  override has(name: string): boolean {
    return this.get(name) !== undefined;
  }

  override set(name: string, value: V): PersistentMap<V> {
    return PersistentMap.of(this.entries()).set(name, value);
  }

  override delete(name: string): PersistentMap<V> {
    return PersistentMap.of(this.entries()).delete(name);
  }

  override *entries(after?: string): IterableIterator<[string, V]> {
    const from = after?.toLowerCase();
    const keys = this.#versions.keys();
    let at = from === undefined ? 0 : firstAfter(keys, from);
    for (const entry of this.#before.entries(from)) {
      while (at < keys.length && keys[at]! < entry[0]) yield* this.#entryOf(keys[at++]!); // it is below its length
      if (keys[at] === entry[0]) {
        yield* this.#entryOf(entry[0], entry[1]);
        at++;
      } else yield entry;
    }
    while (at < keys.length) yield* this.#entryOf(keys[at++]!); // it is below its length
  }

  /** The entry of a key that has versions, if it was there. */
  *#entryOf(key: string, before?: V): IterableIterator<[string, V]> {
    const version = this.#versions.at(key, this.#revision);
    const value = version === undefined ? before : version.value;
    if (value !== undefined) yield [key, value];
  }
}

/** Index of the first key greater than `key`. */
function firstAfter(keys: readonly string[], key: string): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (keys[middle]! > key)
      high = middle; // it is below its length
    else low = middle + 1;
  }
  return low;
}
