import { hash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { globalRegionOf } from '../../../libs/aws/index.ts';
import type { Account } from '../../iam/account.ts';
import type { Call } from '../../projections/history/call.ts';
import type { History } from '../../projections/history/history.ts';
import type { HistoryCursor } from '../../projections/history/history-query.ts';
import { cloudTrailRecord } from '../cloudtrail-record.ts';
import { signedDigest, type DigestedFile, type DigestLink } from './digest.ts';
import { digestKey, logFileKey, type TrailPlace } from './log-file-names.ts';
import { ObjectStore } from './object-store.ts';
import { DigestKeys } from './signing-keys.ts';

export interface DeliveryParts {
  /** Everything about the log files is kept here. */
  readonly directory: string;
  readonly history: Pick<History, 'search'>;
  readonly accounts: () => readonly Account[];
  /** Encrypts the private keys on the disk. */
  readonly passphrase: Uint8Array;
}

/** How far an account is delivered. */
interface Progress {
  /** End of the last hour that was delivered. */
  readonly endMs: number;
  /** Position of the last call that was delivered. */
  readonly position: number;
  readonly last: DigestLink;
}

const hourMs = 3_600_000;
/** Time after an hour's end until what happened in it has surely reached the history. */
const graceMs = 60_000;
const lookMs = 30_000;
/** Calls of one log file. */
const recordsMax = 10_000;
const pageCalls = 1_000;

/**
 * Delivers CloudTrail log files and hourly digests: every call once, in the hour in which it came into the log, and a digest for every hour, also an empty one,
 * each chained to the one before. A delivery that was cut off is done again and writes the same files.
 */
export class LogFileDelivery {
  readonly store: ObjectStore;
  readonly keys: DigestKeys;
  readonly #parts: DeliveryParts;
  #timer: NodeJS.Timeout | undefined;
  #delivering: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(parts: DeliveryParts) {
    this.#parts = parts;
    this.store = new ObjectStore(join(parts.directory, 'objects'));
    this.keys = new DigestKeys(join(parts.directory, 'keys.json'), parts.passphrase);
  }

  /** From now on delivers every hour after its end. `onFailure` is told what went wrong; it is tried again. */
  start(onFailure: (error: unknown) => void): void {
    const look = (): void => void this.deliverUntil(new Date()).catch(onFailure);
    this.#timer = setInterval(look, lookMs);
    this.#timer.unref();
    look();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#timer);
    await this.#delivering.catch(() => undefined);
  }

  /** Delivers every hour that has ended by then, of every account; one delivery at a time. */
  deliverUntil(now: Date): Promise<void> {
    const next = this.#delivering.catch(() => undefined).then(() => this.#deliverAll(now.getTime() - graceMs));
    this.#delivering = next;
    return next;
  }

  async #deliverAll(untilMs: number): Promise<void> {
    for (const account of this.#parts.accounts()) {
      const place = { accountId: account.id, region: globalRegionOf[account.partition] };
      let progress = this.#progressOf(account.id);
      let startMs = progress?.endMs ?? hourOf(Date.parse(account.openedAt));
      for (; startMs + hourMs <= untilMs && !this.#stopped; startMs += hourMs) {
        progress = await this.#deliverHour(place, startMs, progress);
        this.#keep(account.id, progress);
      }
    }
  }

  async #deliverHour(place: TrailPlace, startMs: number, before: Progress | undefined): Promise<Progress> {
    const endMs = startMs + hourMs;
    const calls = await this.#callsOf(place.accountId, before?.position ?? 0, endMs);
    const files: DigestedFile[] = [];
    for (let first = 0; first < calls.length; first += recordsMax) {
      files.push(this.#putLogFile(place, endMs, calls.slice(first, first + recordsMax)));
    }
    const key = digestKey(place, endMs);
    const signingKey = await this.keys.keyFor(endMs);
    const digest = signedDigest({ accountId: place.accountId, key, startMs, endMs, files, previous: before?.last }, signingKey);
    this.store.put(key, digest.content, digest.metadata);
    return { endMs, position: calls.at(-1)?.position ?? before?.position ?? 0, last: digest.link };
  }

  #putLogFile(place: TrailPlace, endMs: number, calls: readonly Call[]): DigestedFile {
    const text = JSON.stringify({ Records: calls.map(cloudTrailRecord) });
    const sha256 = hash('sha256', text, 'hex');
    const key = logFileKey(place, endMs, uniqueOf(sha256));
    this.store.put(key, gzipSync(text));
    const times = calls.map(({ timeMs }) => timeMs);
    return { key, sha256, newestMs: Math.max(...times), oldestMs: Math.min(...times) };
  }

  /** The calls of an account after a position that came into the log before the end of the hour; imported ones whenever they were made. */
  async #callsOf(account: string, position: number, endMs: number): Promise<Call[]> {
    const calls: Call[] = [];
    let after: HistoryCursor | undefined;
    do {
      const page = await this.#parts.history.search({
        account,
        fromPosition: position + 1,
        order: 'oldest',
        limit: pageCalls,
        ...(after && { after }),
      });
      for (const call of page.calls) {
        if (call.timeMs >= endMs && call.metadata.importedRecord === undefined) return calls;
        calls.push(call);
      }
      after = page.next;
    } while (after !== undefined);
    return calls;
  }

  #progressPath(accountId: string): string {
    return join(this.#parts.directory, 'progress', `${accountId}.json`);
  }

  #progressOf(accountId: string): Progress | undefined {
    const path = this.#progressPath(accountId);
    return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Progress) : undefined;
  }

  #keep(accountId: string, progress: Progress): void {
    const path = this.#progressPath(accountId);
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileSync(`${path}.new`, JSON.stringify(progress), { mode: 0o600, flush: true });
    renameSync(`${path}.new`, path);
  }
}

const hourOf = (timeMs: number): number => Math.floor(timeMs / hourMs) * hourMs;

/** 16 letters and digits, the same for the same content: a delivery that is done again writes the same file. */
const uniqueOf = (sha256: string): string => BigInt(`0x${sha256}`).toString(36).padStart(16, '0').slice(-16).toUpperCase();
