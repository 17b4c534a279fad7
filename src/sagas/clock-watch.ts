import type { Ledger } from '../../libs/ledger/index.ts';
import { ClockGuard, type Clock, type ClockGuardSettings } from './clock.ts';
import { FoldedStream } from './folded-stream.ts';

export interface ClockWatchParts {
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly settings: ClockGuardSettings;
  /** Time of the log's last event at start. */
  readonly lastEvent: Date | undefined;
  readonly tell: (problem: string) => void;
}

/** The guard of the clock, and what it found as events of `saga-clock`. */
export class ClockWatch {
  readonly #guard: ClockGuard;
  readonly #clock: Clock;
  readonly #stream: FoldedStream;
  readonly #tell: (problem: string) => void;
  #isTold = false;

  constructor({ ledger, clock, settings, lastEvent, tell }: ClockWatchParts) {
    this.#clock = clock;
    this.#tell = tell;
    this.#guard = new ClockGuard(clock, settings);
    this.#guard.startAfter(lastEvent);
    this.#stream = new FoldedStream(ledger, 'saga-clock', () => {});
  }

  /** Looks at the clock. @returns whether it may be acted on */
  async look(): Promise<boolean> {
    const look = this.#guard.look();
    const now = this.#clock.now();
    if (look === 'jumped' || (look === 'doubted' && !this.#isTold)) {
      this.#isTold = true;
      await this.#stream.append({ type: 'ClockDoubted', data: { ...this.#guard.doubt } }, { now });
      this.#tell(this.doubt() ?? '');
    }
    if (look === 'confirmed') {
      this.#isTold = false;
      await this.#stream.append({ type: 'ClockConfirmed', data: { by: null } }, { now });
    }
    return look === 'steady' || look === 'confirmed';
  }

  /** A person says that the clock is right. */
  async confirm(by: string, reason: string): Promise<void> {
    if (this.#guard.doubt === undefined) return;
    this.#guard.confirm();
    this.#isTold = false;
    await this.#stream.append({ type: 'ClockConfirmed', data: { by, reason } }, { now: this.#clock.now() });
  }

  /** Why the time can not be acted on, in a sentence without its full stop. */
  doubt(): string | undefined {
    const { doubt } = this.#guard;
    if (doubt === undefined) return undefined;
    const how = `the clock went from ${doubt.before} to ${doubt.after} and jumped by ${Math.round(doubt.jumpMs / 1000)} seconds`;
    return doubt.needsPerson ? `${how}: nothing is done until a person confirms it` : `${how}: nothing is done until it has been steady for a while`;
  }
}
