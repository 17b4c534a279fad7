import type { Ledger } from '../../libs/ledger/index.ts';
import type { Clock } from './clock.ts';
import { isOfTheLog } from './runner-problems.ts';
import type { Runs } from './runs.ts';
import type { SagaKind } from './saga-kind.ts';
import { Schedule, type ScheduleSettings, type TakenSlot } from './schedule.ts';

export interface SlotRunsParts {
  readonly ledger: Ledger;
  readonly kinds: readonly SagaKind[];
  readonly runs: Runs;
  readonly clock: Clock;
  readonly settings: { readonly schedule: ScheduleSettings; readonly isSoleOwner: boolean };
  /** No slot before it was missed. */
  readonly since: Date;
  readonly accounts: () => readonly string[];
  /** Folds in what other nodes appended. */
  readonly refresh: () => Promise<void>;
  readonly tell?: ((problem: string) => void) | undefined;
}

/** The runs that come by themselves: one for each slot of the schedule, kind and account. */
export class SlotRuns {
  readonly #parts: SlotRunsParts;
  readonly #schedules: ReadonlyMap<SagaKind, Schedule>;
  #isFirst = true;

  constructor(parts: SlotRunsParts) {
    this.#parts = parts;
    this.#schedules = new Map(parts.kinds.map((kind) => [kind, new Schedule(parts.ledger, kind.kind, parts.settings.schedule)]));
  }

  next(kind: SagaKind): Date | undefined {
    return this.#schedules.get(kind)?.next(this.#parts.clock.now());
  }

  /** Runs what is due. @returns whether anything was. @throws what the log throws */
  async take(): Promise<boolean> {
    const { since, settings, clock } = this.#parts;
    const now = clock.now();
    let isAny = false;
    for (const [kind, schedule] of this.#schedules) {
      // A process that took the slot and ended before it ran: nobody else would.
      const left = this.#isFirst && settings.isSoleOwner ? schedule.lastTaken(now) : undefined;
      const slot = left ?? (await schedule.take(now, since));
      if (slot === undefined) continue;
      isAny = true;
      await this.#run(kind, slot, now);
    }
    this.#isFirst = false;
    return isAny;
  }

  async #run(kind: SagaKind, { slot, missed }: TakenSlot, now: Date): Promise<void> {
    const { runs, accounts, refresh, tell } = this.#parts;
    await refresh();
    for (const accountId of accounts()) {
      if (runs.book(kind.kind).hadSlot(accountId, slot)) continue;
      try {
        await runs.run({ kind, accountId, trigger: { by: 'schedule', slot, missedSlots: missed }, isDry: false, now });
      } catch (error) {
        if (isOfTheLog(error)) throw error;
        tell?.(`the run of ${kind.kind} in account ${accountId} failed: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  }
}
