import { createHash } from 'node:crypto';
import { closeSync, mkdirSync, openSync, readSync, readdirSync, rmSync, statSync, writeSync } from 'node:fs';
import { open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { LimitExceeded, ValidationError } from '../../../libs/aws/index.ts';
import { uuidv7 } from '../../../libs/ledger/index.ts';
import { dependencyRank } from '../../iam/import/cloudtrail-fold.ts';
import { readCloudTrailRecord, type CloudTrailRecord } from '../../iam/import/cloudtrail-record.ts';

/** Bytes of one record: CloudTrail's own have at most 262,144. An event holds what counts of a record twice and must fit into the log. */
const recordBytesMax = 320 * 1024;
/** Bytes of all parts of one import. */
const importBytesMax = 8 * 1024 * 1024 * 1024;
/** Records of one import: about 250 bytes of memory each while they are put into order. */
const importRecordsMax = 4_000_000;
/** Age at which the parts of an import that was never finished are removed. */
const abandonedHours = 24;

/** Where a record stands in the spool, and all that its place in the order depends on. */
export interface SpooledRecord {
  readonly accountId: string;
  /** What tells records apart: the eventID, or a digest of a record that has none. */
  readonly key: string;
  /** Of the eventTime, since 1970. */
  readonly second: number;
  readonly rank: number;
  readonly offset: number;
  readonly bytes: number;
}

export interface SpooledImport {
  /** In the order in which the calls can have happened; every key once for each account. The same for any order of the files. */
  readonly records: readonly SpooledRecord[];
  /** Records whose key came more than once. */
  readonly duplicates: number;
  /** Keys that came with records of different content. One was taken, the same whatever the order. */
  readonly contradictions: readonly SpooledRecord[];
  read(record: SpooledRecord): CloudTrailRecord;
  close(): void;
}

/**
 * Records on their way into the log, in files under `imports` of the data directory: an import can bring more than fits into memory, and its parts
 * come in any order. Nothing of it is part of the log's truth: an import that was interrupted is simply run again.
 */
export class ImportSpool {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  /**
   * Keeps a part of an import. It survives a crash when this returns.
   *
   * @param owner the account whose import it is: another one can neither add to it nor finish it
   * @throws ValidationError a record is not one, or too large (nothing of the part is kept)
   * @throws LimitExceeded the import is larger than any may be
   */
  async add(
    owner: string,
    importId: string,
    part: { readonly records: readonly unknown[]; readonly file: string; readonly now: Date },
  ): Promise<void> {
    const text = part.records.map((record, index) => `${checkedText(record, `Record ${index} of ${part.file}`, part.now)}\n`).join('');
    const directory = this.#of(owner, importId);
    if (mkdirSync(directory, { recursive: true, mode: 0o700 }) !== undefined) this.#removeAbandoned(part.now);
    const held = partsIn(directory).reduce((sum, path) => sum + statSync(path).size, 0);
    if (held + Buffer.byteLength(text) > importBytesMax)
      throw new LimitExceeded(`An import can hold at most ${importBytesMax} bytes: import the files in several runs, oldest first.`);
    const name = join(directory, uuidv7(part.now.getTime()));
    const file = await open(`${name}.writing`, 'w', 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(`${name}.writing`, `${name}.ndjson`);
  }

  /**
   * All parts of an import, put into order.
   *
   * @param accountOf the account that a record goes to
   * @throws ValidationError a record belongs to no account
   * @throws LimitExceeded more records than an import may have
   */
  async open(
    owner: string,
    importId: string,
    { now, accountOf }: { readonly now: Date; readonly accountOf: (record: CloudTrailRecord) => string },
  ): Promise<SpooledImport> {
    const directory = this.#of(owner, importId);
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    const file = openSync(join(directory, 'all'), 'w+', 0o600);
    try {
      const index = new SpoolIndex(file, now);
      for (const path of partsIn(directory)) index.take(await readFile(path), accountOf);
      return index.finish();
    } catch (error) {
      closeSync(file);
      throw error;
    }
  }

  /** Forgets an import that was carried out. */
  remove(owner: string, importId: string): void {
    rmSync(this.#of(owner, importId), { recursive: true, force: true });
  }

  #of(owner: string, importId: string): string {
    if (!/^[0-9a-f-]{36}$/.test(importId)) throw new ValidationError('ImportId must be a UUID'); // it becomes the name of a directory
    return join(this.#directory, owner, importId);
  }

  #removeAbandoned(now: Date): void {
    for (const owner of readdirSync(this.#directory)) {
      for (const importId of readdirSync(join(this.#directory, owner))) {
        const path = join(this.#directory, owner, importId);
        const { mtimeMs } = statSync(path, { throwIfNoEntry: false }) ?? { mtimeMs: Number.POSITIVE_INFINITY };
        if (now.getTime() - mtimeMs > abandonedHours * 3_600_000) rmSync(path, { recursive: true, force: true });
      }
    }
  }
}

/** What tells a record apart from all others. */
export const recordKey = (record: Readonly<Record<string, unknown>>): string =>
  typeof record['eventID'] === 'string' && record['eventID'] !== ''
    ? record['eventID']
    : `sha256:${createHash('sha256').update(canonical(record)).digest('base64url')}`;

const newline = 0x0a;

/** Writes parts one after another into one file and notes where each record stands. */
class SpoolIndex {
  readonly #file: number;
  readonly #now: Date;
  readonly #byKey = new Map<string, SpooledRecord>();
  readonly #contradictions = new Map<string, SpooledRecord>();
  #end = 0;
  #duplicates = 0;

  constructor(file: number, now: Date) {
    this.#file = file;
    this.#now = now;
  }

  take(part: Buffer, accountOf: (record: CloudTrailRecord) => string): void {
    for (let written = 0; written < part.length;) written += writeSync(this.#file, part, written, part.length - written, this.#end + written);
    for (let start = 0; start < part.length;) {
      const end = part.indexOf(newline, start);
      this.#note(part.toString('utf8', start, end), { offset: this.#end + start, bytes: end - start }, accountOf);
      start = end + 1;
    }
    this.#end += part.length;
  }

  #note(text: string, place: { readonly offset: number; readonly bytes: number }, accountOf: (record: CloudTrailRecord) => string): void {
    const call = readCloudTrailRecord(JSON.parse(text), this.#now);
    const key = recordKey(call.record);
    const accountId = accountOf(call);
    const noted: SpooledRecord = { accountId, key, second: Math.floor(Date.parse(call.eventTime) / 1000), rank: dependencyRank(call), ...place };
    const name = `${accountId}/${key}`;
    const before = this.#byKey.get(name);
    if (before === undefined) {
      if (this.#byKey.size >= importRecordsMax)
        throw new LimitExceeded(`An import can hold at most ${importRecordsMax} records: import the files in several runs, oldest first.`);
      this.#byKey.set(name, noted);
      return;
    }
    this.#duplicates++;
    const [given, held] = [canonical(call.record), canonical(this.read(before).record)];
    if (given === held) return;
    const taken = given < held ? noted : before;
    this.#byKey.set(name, taken);
    this.#contradictions.set(name, taken);
  }

  read({ offset, bytes }: SpooledRecord): CloudTrailRecord {
    const text = Buffer.allocUnsafe(bytes);
    readSync(this.#file, text, 0, bytes, offset);
    return readCloudTrailRecord(JSON.parse(text.toString('utf8')), this.#now);
  }

  finish(): SpooledImport {
    return {
      records: [...this.#byKey.values()].sort(byOrder),
      duplicates: this.#duplicates,
      contradictions: [...this.#contradictions.values()].sort(byOrder),
      read: (record) => this.read(record),
      close: () => closeSync(this.#file),
    };
  }
}

/** By second, account, dependency; what is left is decided by the key, so that the order never depends on that of the files. */
function byOrder(a: SpooledRecord, b: SpooledRecord): number {
  return a.second - b.second || compare(a.accountId, b.accountId) || a.rank - b.rank || compare(a.key, b.key);
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function partsIn(directory: string): string[] {
  return readdirSync(directory)
    .filter((name) => name.endsWith('.ndjson'))
    .map((name) => join(directory, name));
}

function checkedText(value: unknown, what: string, now: Date): string {
  try {
    const text = JSON.stringify(readCloudTrailRecord(value, now).record);
    if (Buffer.byteLength(text) > recordBytesMax) throw new ValidationError(`it has more than ${recordBytesMax} bytes.`);
    return text;
  } catch (error) {
    if (!(error instanceof ValidationError)) throw error;
    throw new ValidationError(`${what} can not be imported: ${error.message}`);
  }
}

/** JSON with the members in the order of their names: files differ in it. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).sort(([a], [b]) => compare(a, b));
  return `{${members.map(([name, inner]) => `${JSON.stringify(name)}:${canonical(inner)}`).join(',')}}`;
}
