import { describe, expect, it } from '@jest/globals';
import { hashBytes, leafHash } from './hash.ts';
import type { Tile, Tiles } from './tiles.ts';
import { openTiles, tilePath, tileWidth } from './tiles.ts';
import { consistencyProof, treeRoot, verifyConsistency } from './tree.ts';

const leaf = (index: number): Uint8Array => leafHash(Buffer.from(String(index)));

/** A store of tiles as the index keeps them: the last one written under a name is the one read. */
function tileStore() {
  const stored = new Map<string, Tile>();
  return {
    read: (level: number, n: number) => stored.get(`${level}/${n}`)?.hashes,
    write(tiles: Tiles) {
      for (const tile of tiles.takeChanged()) stored.set(`${tile.level}/${tile.n}`, tile);
    },
    stored,
  };
}

function rootOf(size: number): string {
  const tiles = openTiles(() => undefined, 0);
  for (let index = 0; index < size; index += 1) tiles.append(leaf(index));
  return Buffer.from(treeRoot(tiles.subtreeHash, size)).toString('hex');
}

describe('the tiles of the tree', () => {
  it('give the same root however often they are stored and opened again', () => {
    const store = tileStore();
    let size = 0;
    for (const step of [1, 254, 1, 1, 255, 300, 65_000, 1000]) {
      const tiles = openTiles(store.read, size);
      for (let index = 0; index < step; index += 1) tiles.append(leaf(size + index));
      size += step;
      store.write(tiles);
      expect(tiles.size()).toBe(size);
    }
    const reopened = openTiles(store.read, size);
    expect(Buffer.from(treeRoot(reopened.subtreeHash, size)).toString('hex')).toBe(rootOf(size));
  });

  it('hold 256 hashes each but for the right edge, and a level above only what is full below', () => {
    const store = tileStore();
    const tiles = openTiles(store.read, 0);
    for (let index = 0; index < 70_000; index += 1) tiles.append(leaf(index));
    store.write(tiles);
    const widths = [...store.stored.values()].map(({ level, n, hashes }) => [level, n, hashes.length / hashBytes] as const);
    for (const [level, n, width] of widths) {
      const count = Math.floor(70_000 / tileWidth ** level);
      expect(width).toBe(Math.min(tileWidth, count - n * tileWidth));
    }
    expect(widths.length).toBe(Math.ceil(70_000 / 256) + Math.ceil(273 / 256) + 1);
  });

  it('are enough to prove that a tree extends an older one', () => {
    const store = tileStore();
    const tiles = openTiles(store.read, 0);
    for (let index = 0; index < 1000; index += 1) tiles.append(leaf(index));
    store.write(tiles);
    const { subtreeHash } = openTiles(store.read, 1000);
    for (const size1 of [1, 255, 256, 257, 511, 700, 999]) {
      const claim = { size1, size2: 1000, root1: treeRoot(subtreeHash, size1), root2: treeRoot(subtreeHash, 1000) };
      expect(verifyConsistency({ ...claim, proof: consistencyProof(subtreeHash, size1, 1000) })).toBe(true);
    }
  });

  it('say which one is missing', () => {
    expect(() => openTiles(() => undefined, 300)).toThrow('tile 0/1 of the tree is missing');
  });

  it.each([
    [0, 0, 256, 'tile/0/000'],
    [0, 67, 256, 'tile/0/067'],
    [1, 1234067, 256, 'tile/1/x001/x234/067'],
    [2, 999, 12, 'tile/2/999.p/12'],
    [0, 1000, 1, 'tile/0/x001/000.p/1'],
  ])('level %i, tile %i with %i hashes is at %s', (level, n, width, path) => {
    expect(tilePath(level, n, width)).toBe(path);
  });
});
