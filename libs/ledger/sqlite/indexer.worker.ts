import { workerData } from 'node:worker_threads';
import { consistencyProof, inclusionProof, treeRoot } from '../merkle/tree.ts';
import { files } from './files.ts';
import { openIndex } from './index-file.ts';
import { openIndexer } from './indexer.ts';
import { openLogForReading } from './log-file.ts';
import { publishedTiles } from './published-tiles.ts';
import { answerCalls } from './worker-calls.ts';

// Keeps the index and the tree, in a thread of its own: neither an append nor a reader waits for it.
const { directory, publishedSize } = workerData as { directory: string; publishedSize: number };
const log = openLogForReading(directory);
const index = openIndex(directory, log);
const indexer = openIndexer(log, index);
const selectTile = index.prepare('SELECT hashes FROM tiles WHERE level = ? AND n = ?');
const published = publishedTiles(
  files.tiles(directory),
  (level, n) => (selectTile.get(level, n) as { hashes: Uint8Array } | undefined)?.hashes,
  publishedSize,
);

/** The tree, large enough to speak about its first `size` leaves. */
function treeOf(size: number): ReturnType<typeof indexer.tree> {
  if (size > indexer.tree().size()) indexer.advance(size);
  return indexer.tree();
}

answerCalls(
  {
    advance: ({ until }: { until: number }) => {
      treeOf(until);
      return { value: undefined };
    },
    root: ({ size }: { size: number }) => ({ value: treeRoot(treeOf(size).subtreeHash, size) }),
    inclusion: ({ position, size }: { position: number; size: number }) => ({ value: inclusionProof(treeOf(size).subtreeHash, position - 1, size) }),
    consistency: ({ from, size }: { from: number; size: number }) => ({ value: consistencyProof(treeOf(size).subtreeHash, from, size) }),
    publish: ({ size }: { size: number }) => {
      treeOf(size);
      published.publish(size);
      return { value: undefined };
    },
  },
  () => {
    log.close();
    index.close();
  },
);
