import { hashBytes, nodeHash } from './hash.ts';

/**
 * The tree in tiles, as C2SP `tlog-tiles` cuts it: tile `n` of tile level `t` holds the hashes at level `8 t` of the tree, 256 of them from `256 n` on.
 * A hash of tile level `t + 1` is there as soon as the tile below it is full.
 */
export const tileWidth = 256;
const tileHeight = 8;

/** A tile: its hashes one after the other, fewer than 256 at the right edge. */
export interface Tile {
  readonly level: number;
  readonly n: number;
  readonly hashes: Uint8Array;
}

/** The tile as it was stored last, or `undefined`. */
export type ReadTile = (level: number, n: number) => Uint8Array | undefined;

export interface Tiles {
  size(): number;
  /** Adds a leaf at the right edge. */
  append(leaf: Uint8Array): void;
  /** `SubtreeHash` for the proofs; subtrees that are not complete are a programmer's error. */
  subtreeHash(level: number, index: number): Uint8Array;
  /** The tiles that changed since the last call. */
  takeChanged(): readonly Tile[];
}

interface Edge {
  n: number;
  count: number;
  hashes: Buffer;
}

/** How many hashes the right edge of tile level `level` has in a tree of `size` leaves. */
export function hashesAtLevel(level: number, size: number): number {
  return Math.floor(size / tileWidth ** level);
}

/** Goes on from a tree of `size` leaves whose tiles `read` knows. */
export function openTiles(read: ReadTile, size: number): Tiles {
  const edges: Edge[] = [];
  const changed = new Map<string, Tile>();
  let leaves = size;

  for (let level = 0; hashesAtLevel(level, size) > 0; level += 1) {
    const count = hashesAtLevel(level, size);
    const edge: Edge = { n: Math.floor(count / tileWidth), count: count % tileWidth, hashes: Buffer.alloc(tileWidth * hashBytes) };
    if (edge.count > 0) edge.hashes.set(storedTile(level, edge.n).subarray(0, edge.count * hashBytes));
    edges.push(edge);
  }

  function storedTile(level: number, n: number): Uint8Array {
    const hashes = changed.get(`${level}/${n}`)?.hashes ?? read(level, n);
    if (hashes === undefined) throw new Error(`tile ${level}/${n} of the tree is missing`);
    return hashes;
  }

  function add(level: number, hash: Uint8Array): void {
    const edge = (edges[level] ??= { n: 0, count: 0, hashes: Buffer.alloc(tileWidth * hashBytes) });
    edge.hashes.set(hash, edge.count * hashBytes);
    edge.count += 1;
    if (edge.count < tileWidth) return;
    changed.set(`${level}/${edge.n}`, { level, n: edge.n, hashes: edge.hashes });
    add(level + 1, foldComplete(edge.hashes));
    edges[level] = { n: edge.n + 1, count: 0, hashes: Buffer.alloc(tileWidth * hashBytes) };
  }

  return {
    size: () => leaves,

    append(leaf) {
      add(0, leaf);
      leaves += 1;
    },

    subtreeHash(level, index) {
      const tileLevel = Math.floor(level / tileHeight);
      const count = 2 ** (level - tileLevel * tileHeight);
      const start = index * count;
      const n = Math.floor(start / tileWidth);
      const edge = edges[tileLevel];
      const hashes = edge?.n === n ? edge.hashes.subarray(0, edge.count * hashBytes) : storedTile(tileLevel, n);
      const first = (start % tileWidth) * hashBytes;
      const own = hashes.subarray(first, first + count * hashBytes);
      if (own.length < count * hashBytes) throw new RangeError(`the subtree ${index} of level ${level} is not complete`);
      return foldComplete(own);
    },

    takeChanged() {
      for (const [level, { n, count, hashes }] of edges.entries()) {
        if (count > 0) changed.set(`${level}/${n}`, { level, n, hashes: Buffer.from(hashes.subarray(0, count * hashBytes)) });
      }
      const taken = [...changed.values()];
      changed.clear();
      return taken;
    },
  };
}

/** The hash above a power of two of hashes. */
function foldComplete(hashes: Uint8Array): Uint8Array {
  if (hashes.length === hashBytes) return Buffer.from(hashes);
  const next = Buffer.alloc(hashes.length / 2);
  for (let from = 0, to = 0; from < hashes.length; from += 2 * hashBytes, to += hashBytes) {
    next.set(nodeHash(hashes.subarray(from, from + hashBytes), hashes.subarray(from + hashBytes, from + 2 * hashBytes)), to);
  }
  return foldComplete(next);
}

/** `tile/0/x001/x234/067` or, with fewer than 256 hashes, `tile/0/x001/x234/067.p/12` (C2SP `tlog-tiles`, "Parameters"). */
export function tilePath(level: number, n: number, width: number): string {
  const digits = String(n);
  const groups = digits.padStart(Math.ceil(digits.length / 3) * 3, '0').match(/\d{3}/g) ?? [];
  const name = groups.map((group, index) => (index < groups.length - 1 ? `x${group}` : group)).join('/');
  return `tile/${level}/${name}${width < tileWidth ? `.p/${width}` : ''}`;
}
