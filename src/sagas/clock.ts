/** The clocks of the runner: what time it is, and how much of it has passed. */
export interface Clock {
  now(): Date;
  /** Milliseconds since some moment; never set, never goes back. */
  monotonicMs(): number;
}

export const systemClock: Clock = { now: () => new Date(), monotonicMs: () => performance.now() };

export interface ClockGuardSettings {
  /** How far the two clocks may drift apart between two looks. */
  readonly driftMsMax: number;
  /** Looks, one after another, at which they agree, until a small jump is believed. */
  readonly confirmations: number;
  /** A jump further than this is never believed without a person: it would make everything old and unused at once. */
  readonly jumpMsMax: number;
}

/** Why nothing is done by the clock. */
export interface ClockDoubt {
  /** Milliseconds that the clock moved further than time passed; negative: back. */
  readonly jumpMs: number;
  readonly before: string;
  readonly after: string;
  readonly needsPerson: boolean;
}

/**
 * Compares the wall clock with the monotonic one at every look. Where they disagree, nobody may act on the time until the clock has been steady for some
 * looks; after a large jump, until a person says that it is right.
 */
export class ClockGuard {
  readonly #clock: Clock;
  readonly #settings: ClockGuardSettings;
  #wallMs: number;
  #monotonicMs: number;
  #doubt: ClockDoubt | undefined;
  #steady = 0;

  constructor(clock: Clock, settings: ClockGuardSettings) {
    this.#clock = clock;
    this.#settings = settings;
    this.#wallMs = clock.now().getTime();
    this.#monotonicMs = clock.monotonicMs();
  }

  get doubt(): ClockDoubt | undefined {
    return this.#doubt;
  }

  /**
   * Compares the clock with the time of the last event in the log, once, at start: a clock behind it is wrong, and one far ahead of it is either wrong or
   * the server was off for long; only a person can tell.
   */
  startAfter(lastEvent: Date | undefined): void {
    if (lastEvent === undefined) return;
    const aheadMs = this.#wallMs - lastEvent.getTime();
    if (aheadMs >= -this.#settings.driftMsMax && aheadMs <= this.#settings.jumpMsMax) return;
    this.#doubt = { jumpMs: aheadMs, before: lastEvent.toISOString(), after: new Date(this.#wallMs).toISOString(), needsPerson: true };
  }

  /** `'steady'`: act. `'jumped'`: the doubt is new. `'doubted'`: do nothing yet. `'confirmed'`: the doubt is over, act. */
  look(): 'steady' | 'jumped' | 'doubted' | 'confirmed' {
    const wallMs = this.#clock.now().getTime();
    const monotonicMs = this.#clock.monotonicMs();
    const jumpMs = wallMs - this.#wallMs - (monotonicMs - this.#monotonicMs);
    const before = this.#wallMs;
    this.#wallMs = wallMs;
    this.#monotonicMs = monotonicMs;
    if (Math.abs(jumpMs) > this.#settings.driftMsMax) return this.#jumped(jumpMs, before, wallMs);
    if (this.#doubt === undefined) return 'steady';
    this.#steady++;
    if (this.#doubt.needsPerson || this.#steady < this.#settings.confirmations) return 'doubted';
    this.#doubt = undefined;
    return 'confirmed';
  }

  /** A person says that the clock is right. */
  confirm(): void {
    this.#doubt = undefined;
  }

  #jumped(jumpMs: number, before: number, after: number): 'jumped' {
    const total = (this.#doubt?.jumpMs ?? 0) + jumpMs; // a clock that comes back where it was has not jumped
    const isBack = this.#doubt !== undefined && Math.abs(total) <= this.#settings.driftMsMax;
    this.#steady = 0;
    this.#doubt = {
      jumpMs: total,
      before: this.#doubt?.before ?? new Date(before).toISOString(),
      after: new Date(after).toISOString(),
      needsPerson: !isBack && Math.abs(total) > this.#settings.jumpMsMax,
    };
    return 'jumped';
  }
}
