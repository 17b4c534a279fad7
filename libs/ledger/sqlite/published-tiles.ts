import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { hashBytes } from '../merkle/hash.ts';
import type { ReadTile } from '../merkle/tiles.ts';
import { hashesAtLevel, tilePath, tileWidth } from '../merkle/tiles.ts';

/** Events whose tiles are looked at again after a start: files are not synced, so a power cut may have emptied those of the last seconds. */
const recheckedEventsMax = 1_000_000;

/** Writes the tree's tiles below `directory` where C2SP `tlog-tiles` wants them, for tools that are not ours; our own proofs do not read them. */
export interface PublishedTiles {
  /** Writes what a reader of a checkpoint of `size` needs and has not got. */
  publish(size: number): void;
}

export function publishedTiles(directory: string, read: ReadTile, publishedSize: number): PublishedTiles {
  let published = Math.max(0, publishedSize - recheckedEventsMax);

  function write(level: number, n: number, width: number): void {
    const hashes = read(level, n)?.subarray(0, width * hashBytes);
    if (hashes?.length !== width * hashBytes) throw new Error(`tile ${level}/${n} of the tree is missing`);
    const path = join(directory, tilePath(level, n, width));
    if (isThere(path, hashes)) return;
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, hashes);
    if (width === tileWidth) rmSync(`${path}.p`, { recursive: true, force: true });
  }

  return {
    publish(size) {
      for (let level = 0; hashesAtLevel(level, size) > 0; level += 1) {
        const count = hashesAtLevel(level, size);
        const full = Math.floor(count / tileWidth);
        for (let n = Math.floor(hashesAtLevel(level, published) / tileWidth); n < full; n += 1) write(level, n, tileWidth);
        if (count % tileWidth > 0) write(level, full, count % tileWidth);
      }
      published = size;
    },
  };
}

function isThere(path: string, content: Uint8Array): boolean {
  try {
    return Buffer.compare(readFileSync(path), content) === 0;
  } catch {
    return false;
  }
}
