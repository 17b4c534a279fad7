import { readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import type { Ledger, RecordedEvent } from '../../../libs/ledger/ledger.ts';

import { startFollower, type Follower } from './follower.ts';
import type { Checkpoint } from './messages.ts';
import { waitingFor } from './waiting.ts';
import { ProjectionStopped, type WriterThread } from './writer-thread.ts';

/** The files of a projection and the threads that own them. */
export type ProjectionFiles<Event> = WriterThread<Event, Checkpoint>;

/** What makes one projection differ from another. */
export interface ProjectionDeclaration<Event extends { readonly position: number }, Files extends ProjectionFiles<Event>> {
  /** Its files stand in `<name>-v<version>`. */
  readonly name: string;
  /** A change of what the files hold is a new version, which replays beside the old one. */
  readonly version: number;
  /** What it takes in of an event. Never throws: it is the writer that stops at an event. */
  readonly eventOf: (event: RecordedEvent) => Event;
  readonly open: (directory: string) => Promise<Files>;
}

export interface ProjectionOptions {
  /** Where the projections are kept; each makes a directory of its own in it. */
  readonly directory: string;
  readonly ledger: Ledger;
  /** Throw away what is there and fold the whole log again. */
  readonly fromScratch?: boolean;
  /** The log is followed from when this resolves; at once by default. A server that starts has better things to do. */
  readonly begin?: Promise<unknown>;
  /** What happens when the disk is full or fails: try again until it does (default), or stop. */
  readonly onDiskError?: 'retry' | 'stop';
}

export interface ProjectionStatus {
  /** Position of the last event that is in the projection. */
  readonly position: number;
  /** Events that are in the log but not yet here. */
  readonly lag: number;
  /** It has caught up once since it was opened, and has not stopped. */
  readonly ready: boolean;
  /** Why it stopped: the server must not say that it is ready. It may go on by itself where the disk was the reason. */
  readonly error?: string;
}

export interface Projection<Files> {
  /** The present files, once they are not being swapped. */
  files(): Promise<Files>;
  /** The present files, be they about to be swapped. */
  present(): Files;
  status(): ProjectionStatus;
  /** Resolves when the event at `position` is in the projection. @throws ProjectionStopped it never will be; or the signal's reason */
  waitFor(position: number, options?: { readonly signal?: AbortSignal }): Promise<void>;
  /**
   * Folds the whole log again into new files beside the present ones, which answer until the new ones are complete and take their place.
   * @throws ProjectionStopped an event cannot be applied; the present files stay
   */
  rebuild(onProgress?: (progress: { readonly position: number; readonly head: number }) => void): Promise<void>;
  close(): Promise<void>;
}

/** Wait before the first try after the disk was full or failed; it doubles with every try that gets nowhere. */
const retryMsMin = 250;
const retryMsMax = 30_000;

/**
 * A read model that follows the log, can be thrown away and rebuilt, and is versioned. It stops at an event that it cannot apply. Where the disk
 * is full or fails it waits and goes on from its checkpoint, without a restart of the server.
 */
export async function openProjection<Event extends { readonly position: number }, Files extends ProjectionFiles<Event>>(
  { name, version, eventOf, open }: ProjectionDeclaration<Event, Files>,
  { directory, ledger, fromScratch = false, begin = Promise.resolve(), onDiskError = 'retry' }: ProjectionOptions,
): Promise<Projection<Files>> {
  const current = join(directory, `${name}-v${version}`);
  const rebuilt = `${current}.rebuilding`;
  if (fromScratch) rmSync(current, { recursive: true, force: true });
  rmSync(rebuilt, { recursive: true, force: true });
  const waiting = waitingFor();
  let files = await open(current);
  const unopened = files.error();
  if (unopened !== undefined && !isTriedAgain(unopened)) throw unopened;
  let follower = follow();
  let ready = false;
  const closing = new AbortController();
  let swapping: Promise<void> | undefined;
  let recovering: Promise<void> | undefined;

  function isTriedAgain(error: ProjectionStopped | undefined): boolean {
    return error?.temporary === true && onDiskError === 'retry';
  }

  /** Feeds the present files until told to stop. */
  function follow(): Follower {
    files.onApplied(advance);
    return startFollower({ name, ledger, files, eventOf, begin, onStopped: advance });
  }

  function stopped(): ProjectionStopped | undefined {
    return files.error() ?? follower.error();
  }

  function advance(): void {
    const { position } = files.checkpoint();
    const error = stopped();
    if (!ready && error === undefined && position >= ledger.head()) {
      ready = true;
      removeOtherVersions(directory, name, current);
    }
    if (isTriedAgain(error)) recovering ??= recover().finally(() => (recovering = undefined));
    waiting.advance(position, isTriedAgain(error) ? undefined : error);
  }

  /** Starts the writer anew until it gets on. */
  async function recover(): Promise<void> {
    const { position } = files.checkpoint();
    for (let waitMs = retryMsMin; ; waitMs = Math.min(2 * waitMs, retryMsMax)) {
      await sleep(waitMs, undefined, { signal: closing.signal }).catch(() => undefined);
      await swapping;
      if (closing.signal.aborted) return;
      await follower.stop();
      await files.restart();
      follower = follow();
      if (await hasGotOn(position)) break;
      if (!isTriedAgain(stopped())) break;
    }
    advance();
  }

  /** Whether the files have an event after `position`, or there is none. */
  async function hasGotOn(position: number): Promise<boolean> {
    while (stopped() === undefined && !closing.signal.aborted) {
      if (files.checkpoint().position > position || ledger.head() <= position) return true;
      await sleep(retryMsMin, undefined, { signal: closing.signal }).catch(() => undefined);
    }
    return false;
  }

  async function rebuild(onProgress: (progress: { readonly position: number; readonly head: number }) => void = () => undefined): Promise<void> {
    rmSync(rebuilt, { recursive: true, force: true });
    const fresh = await open(rebuilt);
    try {
      fresh.onApplied(() => onProgress({ position: fresh.checkpoint().position, head: ledger.head() }));
      for await (const batch of ledger.readAll()) await fresh.send(batch.map(eventOf));
      await fresh.settle();
    } catch (error) {
      await fresh.close();
      rmSync(rebuilt, { recursive: true, force: true });
      throw error;
    }
    await fresh.close();
    swapping = swapFiles();
    await swapping;
  }

  /** Questions asked meanwhile wait; those already asked are answered from the old files. */
  async function swapFiles(): Promise<void> {
    files.onApplied(() => undefined);
    await follower.stop();
    await files.close();
    rmSync(current, { recursive: true, force: true });
    renameSync(rebuilt, current);
    files = await open(current);
    follower = follow();
    advance();
  }

  advance();
  return {
    async files() {
      await swapping;
      return files;
    },
    present: () => files,
    status() {
      const { position } = files.checkpoint();
      const error = stopped();
      return { position, lag: Math.max(0, ledger.head() - position), ready: ready && error === undefined, ...(error && { error: error.message }) };
    },
    waitFor: (position, { signal } = {}) => {
      if (files.checkpoint().position >= position) return Promise.resolve();
      const error = stopped();
      return waiting.wait(position, isTriedAgain(error) ? undefined : error, signal);
    },
    rebuild,
    async close() {
      if (closing.signal.aborted) return;
      closing.abort();
      await swapping;
      await recovering;
      await follower.stop();
      await files.close();
      waiting.advance(files.checkpoint().position, new ProjectionStopped(`the ${name} is closed`));
    },
  };
}

/** The files of an older version stay until the present one has caught up. */
function removeOtherVersions(directory: string, projection: string, current: string): void {
  for (const name of readdirSync(directory)) {
    const path = join(directory, name);
    if (name.startsWith(`${projection}-v`) && /-v\d+$/.test(name) && path !== current) rmSync(path, { recursive: true, force: true });
  }
}
