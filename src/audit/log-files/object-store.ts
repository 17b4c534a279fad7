import { hash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** An object as it lies in the store. */
export interface StoredObject {
  readonly content: Buffer;
  /** Of S3: `x-amz-meta-…`, without the prefix. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly lastModified: Date;
  readonly etag: string;
}

/** What a listing tells of an object. */
export interface ObjectFacts {
  readonly key: string;
  /** Bytes. */
  readonly size: number;
  readonly lastModified: Date;
  readonly etag: string;
}

const metadataSuffix = '.metadata.json';
/** Keys are our own: such names and no others are looked for on the disk. */
const keyPattern = /^(?:[A-Za-z0-9_-][A-Za-z0-9_.-]*\/)*[A-Za-z0-9_-][A-Za-z0-9_.-]*$/;

/** Files in a directory, by the keys that S3 would have them under. What is written is there whole or not at all. */
export class ObjectStore {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  put(key: string, content: Uint8Array, metadata: Readonly<Record<string, string>> = {}): void {
    const path = join(this.#directory, key);
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    if (Object.keys(metadata).length > 0) write(`${path}${metadataSuffix}`, JSON.stringify(metadata));
    write(path, content);
  }

  get(key: string): StoredObject | undefined {
    const path = join(this.#directory, key);
    if (!isKey(key) || !existsSync(path) || !statSync(path).isFile()) return undefined;
    const metadataPath = `${path}${metadataSuffix}`;
    const content = readFileSync(path);
    return {
      content,
      metadata: existsSync(metadataPath) ? (JSON.parse(readFileSync(metadataPath, 'utf8')) as Record<string, string>) : {},
      lastModified: statSync(path).mtime,
      etag: etagOf(content),
    };
  }

  /** Objects whose keys begin with `prefix` and come after `after`, in the order of their keys. */
  list(prefix: string, after: string, countMax: number): ObjectFacts[] {
    const folder = prefix.slice(0, prefix.lastIndexOf('/') + 1);
    if (folder !== '' && !isKey(folder.slice(0, -1))) return [];
    const found: ObjectFacts[] = [];
    for (const key of this.#keys(folder, (path) => path > after || after.startsWith(path))) {
      if (!key.startsWith(prefix) || key <= after) continue;
      if (found.length === countMax) break;
      const path = join(this.#directory, key);
      const { size, mtime } = statSync(path);
      found.push({ key, size, lastModified: mtime, etag: etagOf(readFileSync(path)) });
    }
    return found;
  }

  /** Keys below a folder, in order; folders that `matters` does not let in are passed by. */
  *#keys(folder: string, matters: (path: string) => boolean): Generator<string> {
    const path = join(this.#directory, folder);
    if (!existsSync(path)) return;
    const entries = readdirSync(path, { withFileTypes: true }).map((entry) => ({ name: entry.name, isFolder: entry.isDirectory() }));
    entries.sort((one, other) => (sortName(one) < sortName(other) ? -1 : 1));
    for (const { name, isFolder } of entries) {
      const key = `${folder}${name}`;
      if (isFolder) {
        if (matters(`${key}/`)) yield* this.#keys(`${key}/`, matters);
      } else if (!name.endsWith(metadataSuffix) && !name.endsWith('.new')) {
        yield key;
      }
    }
  }
}

const sortName = ({ name, isFolder }: { readonly name: string; readonly isFolder: boolean }): string => (isFolder ? `${name}/` : name);
const isKey = (key: string): boolean => keyPattern.test(key) && !key.endsWith(metadataSuffix);
const etagOf = (content: Uint8Array): string => hash('sha256', content, 'hex').slice(0, 32);

function write(path: string, content: string | Uint8Array): void {
  writeFileSync(`${path}.new`, content, { mode: 0o600, flush: true });
  renameSync(`${path}.new`, path);
}
