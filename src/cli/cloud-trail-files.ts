import { readFileSync, statSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { CommandFailure, WrongUsage } from './failures.ts';

/** Bytes of one file of records, unpacked. CloudTrail's own are a few megabytes. */
const fileBytesMax = 512 * 1024 * 1024 - 1024;
/** What one request carries: the server takes 64 MiB and 50,000 records. */
const chunkRecordsMax = 10_000;
const chunkBytesMax = 8 * 1024 * 1024;

/** The files of records among `paths` — files, or directories that are searched to the bottom — sorted by path. @throws WrongUsage there are none */
export async function findCloudTrailFiles(paths: readonly string[], cwd: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (const given of paths) {
    const path = resolve(cwd, given);
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats === undefined) throw new WrongUsage(`${path} does not exist`);
    if (!stats.isDirectory()) {
      found.push(path);
      continue;
    }
    for (const entry of await readdir(path, { recursive: true, withFileTypes: true })) {
      if (entry.isFile() && /\.json(?:\.gz)?$/i.test(entry.name)) found.push(join(entry.parentPath, entry.name));
    }
  }
  if (found.length === 0) throw new WrongUsage(`there is no .json or .json.gz file in ${paths.join(', ')}`);
  return [...new Set(found)].toSorted();
}

/**
 * The records of one file: as CloudTrail writes it (`{Records: […]}`), as `aws cloudtrail lookup-events` prints it (`{Events: [{CloudTrailEvent}]}`),
 * or a plain list of records.
 *
 * @returns `undefined` for a file that is CloudTrail's but holds no records: a digest
 * @throws CommandFailure the file cannot be read, or is of another kind
 */
export function readCloudTrailFile(path: string): readonly unknown[] | undefined {
  let content: unknown;
  try {
    const bytes = readFileSync(path);
    const packed = bytes[0] === 0x1f && bytes[1] === 0x8b;
    content = JSON.parse((packed ? gunzipSync(bytes, { maxOutputLength: fileBytesMax }) : bytes).toString('utf8'));
  } catch (error) {
    throw new CommandFailure(`${path} can not be read: ${(error as Error).message}`);
  }
  if (Array.isArray(content)) return content;
  const { Records, Events, digestStartTime } = (content ?? {}) as { Records?: unknown; Events?: unknown; digestStartTime?: unknown };
  if (Array.isArray(Records)) return Records;
  if (Array.isArray(Events)) return Events.map((event) => recordOfLookup(event, path));
  if (digestStartTime !== undefined) return undefined;
  throw new CommandFailure(`${path} holds no CloudTrail records: it must be an object with Records or Events, or a list of records`);
}

function recordOfLookup(event: unknown, path: string): unknown {
  try {
    return JSON.parse((event as { CloudTrailEvent: string }).CloudTrailEvent);
  } catch {
    throw new CommandFailure(`${path} has an entry in Events without a CloudTrailEvent that is JSON`);
  }
}

/** The records in parts small enough for a request, in order. A record too large for any stands alone: the server says so. */
export function* chunksOf(records: readonly unknown[]): Generator<readonly unknown[]> {
  let chunk: unknown[] = [];
  let bytes = 0;
  for (const record of records) {
    const size = Buffer.byteLength(JSON.stringify(record) ?? 'null');
    if (chunk.length > 0 && (chunk.length >= chunkRecordsMax || bytes + size > chunkBytesMax)) {
      yield chunk;
      chunk = [];
      bytes = 0;
    }
    chunk.push(record);
    bytes += size;
  }
  if (chunk.length > 0) yield chunk;
}
