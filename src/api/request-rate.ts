import { Throttling } from '../../libs/aws/index.ts';

/** Access keys whose rate is kept at once; past it the oldest are forgotten, which favours them. */
const keysMax = 100_000;

interface Bucket {
  tokens: number;
  filledAt: number;
}

/**
 * Limits how many requests a second one access key may make, on average over a second: a token bucket for each. Zero sets no limit.
 */
export class RequestRate {
  readonly #perSecondMax: number;
  readonly #buckets = new Map<string, Bucket>();

  constructor(perSecondMax: number) {
    this.#perSecondMax = perSecondMax;
  }

  /** Counts a request. @throws Throttling, which SDKs wait for and try again */
  count(accessKeyId: string, now: Date): void {
    if (this.#perSecondMax === 0) return;
    const nowMs = now.getTime();
    let bucket = this.#buckets.get(accessKeyId);
    if (bucket === undefined) {
      if (this.#buckets.size >= keysMax) this.#buckets.delete(this.#buckets.keys().next().value ?? '');
      bucket = { tokens: this.#perSecondMax, filledAt: nowMs };
      this.#buckets.set(accessKeyId, bucket);
    }
    const elapsedMs = Math.max(0, nowMs - bucket.filledAt);
    bucket.tokens = Math.min(this.#perSecondMax, bucket.tokens + (elapsedMs / 1000) * this.#perSecondMax);
    bucket.filledAt = nowMs;
    if (bucket.tokens < 1) throw new Throttling();
    bucket.tokens -= 1;
  }
}
