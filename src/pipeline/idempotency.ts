import { hash } from 'node:crypto';
import type { RecordedEvent } from '../../libs/ledger/index.ts';
import type { CallMetadata } from '../iam/call-metadata.ts';

/** What is remembered of a mutation: where its events stand, so that its answer can be given again. */
export interface Remembered {
  readonly accountId: string;
  readonly revisionBefore: number;
  readonly events: number;
  /** The answer itself, only where there are no events to tell it from. */
  readonly answer?: unknown;
}

export interface IdempotencySettings {
  readonly windowSeconds: number;
  readonly entriesMax: number;
}

/** Names a mutation, so that its repetition is recognised. */
export interface RequestIdentity {
  readonly accessKeyId: string;
  readonly signature: string;
  /** The SDK's `amz-sdk-invocation-id`: the same for all tries of one call. */
  readonly invocationId: string | undefined;
  readonly invocationIdIsSigned: boolean;
  readonly bodySha256: string;
}

/**
 * A digest that is the same for a repetition and for nothing else: of the invocation id and the body where the id is signed (a retry is signed
 * anew), else of the signature, which covers the body, the time and the access key. Clients that sign neither a nonce nor the invocation id
 * (boto3) give two equal calls within one second the same signature: their unsigned invocation id tells the two calls apart.
 */
export function idempotencyKey({ accessKeyId, signature, invocationId, invocationIdIsSigned, bodySha256 }: RequestIdentity): string {
  const identity = invocationId !== undefined && invocationIdIsSigned ? `${invocationId}\n${bodySha256}` : `${signature}\n${invocationId ?? ''}`;
  return hash('sha256', `${accessKeyId}\n${identity}`, 'base64url').slice(0, 22);
}

/**
 * Mutations of the last minutes by their key. What is here is found again after a restart: the key stands in the metadata of the events.
 * Two generations, each half the window: forgetting costs nothing, and an entry is kept at least the whole window unless there are too many.
 */
export class RecentMutations {
  readonly #settings: IdempotencySettings;
  readonly #running = new Map<string, Promise<unknown>>();
  #young = new Map<string, Remembered>();
  #old = new Map<string, Remembered>();
  #turnedAt = 0;

  constructor(settings: IdempotencySettings) {
    this.#settings = settings;
  }

  remember(key: string, remembered: Remembered, nowMs: number): void {
    if (nowMs - this.#turnedAt > this.#settings.windowSeconds * 1000 || this.#young.size >= this.#settings.entriesMax / 2) {
      this.#old = this.#young;
      this.#young = new Map();
      this.#turnedAt = nowMs;
    }
    this.#young.set(key, remembered);
  }

  /** Remembers what an event of an account says of the mutation that made it; events of one mutation come one after another. */
  noteRecorded({ revision, time, metadata }: Pick<RecordedEvent, 'revision' | 'time' | 'metadata'>): void {
    const { idempotencyKey: key, recipientAccountId: accountId } = metadata as CallMetadata;
    if (key === undefined) return;
    const before = this.find(key);
    const continues = before?.accountId === accountId && before.revisionBefore + before.events === revision - 1;
    const remembered = continues ? { ...before, events: before.events + 1 } : { accountId, revisionBefore: revision - 1, events: 1 };
    this.remember(key, remembered, Date.parse(time));
  }

  find(key: string): Remembered | undefined {
    return this.#young.get(key) ?? this.#old.get(key);
  }

  /** Runs `run` once per key at a time: a repetition that comes while the first is under way gets its outcome. */
  async once<T>(key: string, run: () => Promise<T>): Promise<T> {
    const running = this.#running.get(key);
    if (running !== undefined) return running as Promise<T>;
    const promise = run();
    this.#running.set(key, promise);
    try {
      return await promise;
    } finally {
      this.#running.delete(key);
    }
  }
}
