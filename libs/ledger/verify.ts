import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import type { SignedCheckpoint } from './merkle/checkpoint.ts';
import { openCheckpoint } from './merkle/checkpoint.ts';
import { hashBytes, leafHash } from './merkle/hash.ts';
import { noteVerifier } from './merkle/note.ts';
import type { ReadTile } from './merkle/tiles.ts';
import { openTiles, tilePath, tileWidth } from './merkle/tiles.ts';
import { treeRoot } from './merkle/tree.ts';
import { files } from './sqlite/files.ts';
import { openLogForReading } from './sqlite/log-file.ts';
import { readCheckpoints } from './sqlite/signed-checkpoints.ts';

/** Something that should not be. `position` is where, or the first place where it can be. */
export interface Problem {
  readonly position: number;
  readonly problem: string;
}

export interface VerifyReport {
  /** Position of the last event that was verified: the head at the start. */
  readonly head: number;
  /** Every event is what its hash says, none is missing before the head, and every signed checkpoint holds. */
  readonly intact: boolean;
  /**
   * Up to here a signature shows that nothing is missing: the largest checkpoint that holds. Events behind it are intact as far as the report says,
   * but others behind them may have been cut off; only a checkpoint kept elsewhere could tell.
   */
  readonly completeUpTo: number;
  /** The first position where the log is not what was written. */
  readonly firstBadPosition: number | undefined;
  /** At most the first hundred, by position. */
  readonly problems: readonly Problem[];
  /** How many signed checkpoints hold, of how many. */
  readonly checkpoints: { readonly held: number; readonly known: number };
  /** The root over all events up to the head, computed from their bytes. */
  readonly root: Uint8Array;
}

export interface VerifyOptions {
  /** Called from time to time with the position reached and the last one. */
  readonly onProgress?: (position: number, head: number) => void;
  /** Signed checkpoints kept elsewhere: who can write to the directory cannot change these. */
  readonly checkpoints?: readonly string[];
  /** The log's public key, kept elsewhere; by default the one in the directory. */
  readonly verifierKey?: string;
}

const problemsMax = 100;
const pageEventsMax = 2000;

type Row = readonly [position: number, stream: number, revision: number, leaf: Uint8Array, bytes: Uint8Array];

/**
 * Recomputes everything from the events' bytes: each leaf hash, the positions and the revisions without a gap, and the root of the tree at every signed
 * checkpoint. Reads only, a page at a time, so it may run beside a server.
 *
 * @throws LedgerDamaged there is no log that could be read
 */
export function verifyLog(directory: string, options: VerifyOptions = {}): VerifyReport {
  const log = openLogForReading(directory);
  try {
    const problems: Problem[] = [];
    // Checkpoints before the head: otherwise one that is signed in between would look like a log that ends too early.
    const signed = knownCheckpoints(directory, options, problems);
    const { head } = log.prepare('SELECT coalesce(max(position), 0) AS head FROM events').get() as { head: number };
    if (signed.length === 0 && head > 0) problems.push({ position: 0, problem: 'no signed checkpoint is left' });
    const rehashed = rehash(log, head, problems, options.onProgress);
    const held = checkCheckpoints(rehashed, signed, problems, directory);
    problems.sort((left, right) => left.position - right.position);
    return {
      head,
      intact: problems.length === 0,
      completeUpTo: Math.max(0, ...held.map(({ size }) => size)),
      firstBadPosition: problems.find(({ position }) => position > 0)?.position,
      problems: problems.slice(0, problemsMax),
      checkpoints: { held: held.length, known: signed.length },
      root: rehashed.rootAt(rehashed.size),
    };
  } finally {
    log.close();
  }
}

/** The signed checkpoints in the directory and those kept elsewhere. */
function knownCheckpoints(directory: string, options: VerifyOptions, problems: Problem[]): SignedCheckpoint[] {
  const verifier = noteVerifier(options.verifierKey ?? readFileSync(files.publicKey(directory), 'utf8').trim());
  const { signed, invalid } = readCheckpoints(directory, verifier);
  for (const text of options.checkpoints ?? []) {
    const checkpoint = openCheckpoint(text, verifier);
    if (checkpoint === undefined) invalid.push(text);
    else signed.push(checkpoint);
  }
  for (const text of invalid) {
    problems.push({ position: 0, problem: `a checkpoint is not signed by ${verifier.name}: ${JSON.stringify(text.slice(0, 80))}` });
  }
  return signed;
}

/** The tree computed from the events' bytes. */
interface Rehashed {
  /** Leaves up to the first gap. */
  readonly size: number;
  readonly rootAt: (size: number) => Uint8Array;
  readonly leafAt: (index: number) => Uint8Array;
}

function rehash(log: DatabaseSync, head: number, problems: Problem[], onProgress: VerifyOptions['onProgress']): Rehashed {
  const tree = openTiles(() => undefined, 0);
  const streams = streamNames(log, problems);
  const page = log.prepare(
    'SELECT position, stream, revision, leaf, bytes FROM events WHERE position > ? AND position <= ? ORDER BY position LIMIT ?',
  );
  page.setReturnArrays(true);
  const revisions = new Map<number, number>();
  const tiles = new Map<string, Uint8Array>();
  const keepTiles = (): void => {
    for (const { level, n, hashes } of tree.takeChanged()) tiles.set(`${level}/${n}`, hashes);
  };
  let whole = true;
  for (let after = 0; after < head;) {
    const rows = page.all(after, head, pageEventsMax) as unknown as Row[];
    for (const row of rows) {
      const [position, stream, revision, , bytes] = row;
      if (position !== after + 1) {
        note(problems, after + 1, position === after + 2 ? 'the event is missing' : `the events up to ${position - 1} are missing`);
        whole = false;
      }
      after = position;
      const leaf = leafHash(bytes);
      checkRow(row, leaf, { name: streams.get(stream), expectedRevision: (revisions.get(stream) ?? -1) + 1 }, problems);
      revisions.set(stream, revision);
      if (whole) tree.append(leaf);
    }
    keepTiles();
    onProgress?.(after, head);
  }
  const stored: ReadTile = (level, n) => tiles.get(`${level}/${n}`);
  const rebuilt = openTiles(stored, tree.size());
  return { size: tree.size(), rootAt: (size) => treeRoot(rebuilt.subtreeHash, size), leafAt: (index) => rebuilt.subtreeHash(0, index) };
}

function note(problems: Problem[], position: number, problem: string): void {
  // The rest is of the same kind: what counts is where it begins.
  if (problems.length < 10 * problemsMax) problems.push({ position, problem });
}

function streamNames(log: DatabaseSync, problems: Problem[]): Map<number, string> {
  const names = new Map<number, string>();
  const seen = new Set<string>();
  for (const row of log.prepare('SELECT number, name FROM streams').iterate() as Iterable<unknown>) {
    const { number, name } = row as { number: number; name: string };
    if (seen.has(name)) problems.push({ position: 0, problem: `two streams are named ${name}` });
    seen.add(name);
    names.set(number, name);
  }
  return names;
}

function checkRow(row: Row, leaf: Uint8Array, stream: { name: string | undefined; expectedRevision: number }, problems: Problem[]): void {
  const [position, , revision, storedLeaf, bytes] = row;
  if (Buffer.compare(leaf, storedLeaf) !== 0) return note(problems, position, 'the event is not the one that was hashed when it was written');
  if (revision !== stream.expectedRevision) {
    return note(problems, position, `revision ${revision} of stream ${stream.name ?? '?'} does not follow ${stream.expectedRevision - 1}`);
  }
  const said = placeIn(bytes);
  if (said === undefined) return note(problems, position, 'the event is not JSON');
  if (said.stream !== stream.name || said.revision !== revision) {
    note(problems, position, `the event says that it is revision ${String(said.revision)} of stream ${String(said.stream)}, but stands elsewhere`);
  }
}

/** Where an event itself says that it stands: its last two members. */
function placeIn(bytes: Uint8Array): { stream: unknown; revision: unknown } | undefined {
  try {
    const { stream, revision } = JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString()) as {
      stream: unknown;
      revision: unknown;
    };
    return { stream, revision };
  } catch {
    return undefined;
  }
}

/** The checkpoints that hold. */
function checkCheckpoints(log: Rehashed, signed: readonly SignedCheckpoint[], problems: Problem[], directory: string): SignedCheckpoint[] {
  const held: SignedCheckpoint[] = [];
  let located = false;
  for (const checkpoint of signed.toSorted((left, right) => left.size - right.size)) {
    const { size, root } = checkpoint;
    if (size > log.size) {
      note(problems, log.size + 1, `a checkpoint of ${size} events was signed, but only ${log.size} are there in one piece`);
    } else if (Buffer.compare(log.rootAt(size), root) === 0) {
      held.push(checkpoint);
    } else if (!located) {
      located = true;
      const first = held.at(-1)?.size ?? 0;
      const position = firstOtherLeaf(log, checkpoint, directory);
      if (position !== undefined) note(problems, position, `the event is not the one that the signed checkpoint of ${size} events has here`);
      else note(problems, first + 1, `an event from ${first + 1} to ${size} is not the one that the signed checkpoint of ${size} events has`);
    }
  }
  return held;
}

/** The first position that differs from the published tiles, if those are the ones that were signed. */
function firstOtherLeaf(log: Rehashed, { size, root }: SignedCheckpoint, directory: string): number | undefined {
  const signedTree = openTiles(() => undefined, 0);
  const leaves: Uint8Array[] = [];
  for (let n = 0; n * tileWidth < size; n += 1) {
    const width = Math.min(tileWidth, size - n * tileWidth);
    const paths = [tilePath(0, n, tileWidth), tilePath(0, n, width)].map((path) => join(files.tiles(directory), path));
    const path = paths.find((each) => existsSync(each));
    const hashes = path === undefined ? undefined : readFileSync(path);
    if (hashes === undefined || hashes.length < width * hashBytes) return undefined;
    for (let index = 0; index < width; index += 1) {
      const leaf = hashes.subarray(index * hashBytes, (index + 1) * hashBytes);
      leaves.push(leaf);
      signedTree.append(leaf);
    }
  }
  if (Buffer.compare(treeRoot(signedTree.subtreeHash, size), root) !== 0) return undefined;
  const index = leaves.findIndex((leaf, at) => Buffer.compare(leaf, log.leafAt(at)) !== 0);
  return index === -1 ? undefined : index + 1;
}
