import { Cron } from 'croner';
import { uuidv7, WrongExpectedRevision, type Ledger } from '../../libs/ledger/index.ts';

/** When runs are due. */
export interface ScheduleSettings {
  /** Five or six fields, as cron has them: `0 3 * * *`. */
  readonly expression: string;
  /** IANA name: `Europe/Zurich`. */
  readonly timeZone: string;
}

export interface TakenSlot {
  /** ISO 8601. */
  readonly slot: string;
  /** Slots between the last one that was taken and this one: nobody was there to take them. */
  readonly missed: number;
}

/** More missed slots than this are not counted. */
const missedMax = 1000;

/**
 * The slots of a schedule, each a stream that is appended to with "no stream expected": of all nodes one takes it. Only the last slot that is past is
 * ever taken, so a server that was off catches up with one run, not with all that it missed.
 */
export class Schedule {
  readonly #ledger: Ledger;
  readonly #kind: string;
  readonly #cron: Cron;
  #nextMs: number | undefined;

  constructor(ledger: Ledger, kind: string, { expression, timeZone }: ScheduleSettings) {
    this.#ledger = ledger;
    this.#kind = kind;
    this.#cron = new Cron(expression, { timezone: timeZone, paused: true });
  }

  next(now: Date): Date | undefined {
    return this.#cron.nextRun(now) ?? undefined;
  }

  /** Takes the last slot before `now` (and not before `since`), unless that was done. Costs nothing where none is due. */
  async take(now: Date, since: Date): Promise<TakenSlot | undefined> {
    if (this.#nextMs !== undefined && now.getTime() < this.#nextMs) return undefined;
    const [slot] = this.#cron.previousRuns(1, new Date(now.getTime() + 1));
    const taken = slot === undefined || slot < since ? undefined : await this.#take(slot, now);
    this.#nextMs = this.next(now)?.getTime() ?? Number.POSITIVE_INFINITY;
    return taken;
  }

  /** The last slot that was ever taken, if it is the last one that is past. */
  lastTaken(now: Date): TakenSlot | undefined {
    const [slot] = this.#cron.previousRuns(1, new Date(now.getTime() + 1));
    if (slot === undefined || this.#ledger.revision(`saga-slot-${this.#kind}-${slot.toISOString()}`) === -1) return undefined;
    return { slot: slot.toISOString(), missed: 0 };
  }

  async #take(at: Date, now: Date): Promise<TakenSlot | undefined> {
    const slot = at.toISOString();
    const prefix = `saga-slot-${this.#kind}-`;
    if (this.#ledger.revision(prefix + slot) >= 0) return undefined;
    const missed = this.#missedBetween(
      this.#ledger.streams(prefix).map((name) => name.slice(prefix.length)),
      at,
    );
    try {
      await this.#ledger.append(prefix + slot, 'no-stream', [
        {
          id: uuidv7(now.getTime()),
          type: 'SlotTaken',
          schemaVersion: 1,
          time: now.toISOString(),
          data: { kind: this.#kind, slot, missed },
          metadata: {},
        },
      ]);
      return { slot, missed };
    } catch (error) {
      if (error instanceof WrongExpectedRevision) return undefined; // another node has it
      throw error;
    }
  }

  #missedBetween(taken: readonly string[], at: Date): number {
    const last = taken.toSorted().at(-1);
    if (last === undefined) return 0;
    let missed = 0;
    for (let slot = this.#cron.nextRun(new Date(last)); slot !== null && slot < at && missed < missedMax; slot = this.#cron.nextRun(slot)) missed++;
    return missed;
  }
}
