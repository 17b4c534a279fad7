import { setImmediate as breath } from 'node:timers/promises';
import type { Ledger } from '../../libs/ledger/index.ts';
import { systemClock, type Clock, type ClockGuardSettings } from './clock.ts';
import { ClockWatch } from './clock-watch.ts';
import type { EffectPort } from './effect-port.ts';
import type { OpenStep } from './instance-state.ts';
import { InstanceStore, type Cell } from './instance-store.ts';
import { Lease } from './lease.ts';
import { Problems, isOfTheLog } from './runner-problems.ts';
import { Runs, type RunCaps } from './runs.ts';
import type { SagaCommands } from './saga-commands.ts';
import type { SagaKind } from './saga-kind.ts';
import { SagaRules } from './saga-rules.ts';
import type { World } from './saga.ts';
import type { ScheduleSettings } from './schedule.ts';
import { SlotRuns } from './slot-runs.ts';
import { Stepper } from './stepper.ts';
import type { UsesSeen } from './uses-seen.ts';

export interface RunnerSettings {
  /** Whether the runner acts by itself; without, it only answers questions. */
  readonly isEnabled: boolean;
  readonly owner: string;
  readonly leaseMs: number;
  /** Nobody else can have the store open. */
  readonly isSoleOwner: boolean;
  readonly tickMs: number;
  /** How often every instance under way is looked at, whether it is due or not: what people do by hand is seen then. */
  readonly sweepMs: number;
  readonly clock: ClockGuardSettings;
  readonly caps: RunCaps;
  readonly schedule: ScheduleSettings;
}

export interface RunnerParts {
  readonly ledger: Ledger;
  readonly kinds: readonly SagaKind[];
  readonly commands: SagaCommands;
  readonly effects: readonly EffectPort[];
  readonly settings: RunnerSettings;
  readonly world: (accountId: string, now: Date) => World | undefined;
  readonly usesSeen: UsesSeen;
  /** Ids of the accounts that are open. */
  readonly accounts: () => readonly string[];
  readonly provideRole: (kind: SagaKind, accountId: string, now: Date) => Promise<void>;
  /** Why no run may begin anything now: the change window. */
  readonly closedBecause?: ((now: Date) => string | undefined) | undefined;
  /** When the log began: no slot before it was missed. */
  readonly since: Date;
  /** Time of the log's last event at start. */
  readonly lastEvent?: Date | undefined;
  readonly clock?: Clock | undefined;
  readonly tell?: ((problem: string) => void) | undefined;
  /** For tests that end the process at a point. */
  readonly onPoint?: ((point: string) => void | Promise<void>) | undefined;
}

/** Instances that are taken on at a time. */
const advancesAtOnceMax = 16;
/** A sweep looks at instances for so long before it lets calls through. */
const sliceMs = 4;

/**
 * Runs the sagas: begins instances when a slot of the schedule comes, takes those that are due as far as they get, and tells what it does. Whatever it
 * holds in memory is folded from the log, so it may be killed at any point and go on after a start; and there may be several: one holds the lease and acts.
 */
export class SagaRunner {
  readonly store: InstanceStore;
  readonly rules: SagaRules;
  readonly runs: Runs;
  readonly clock: Clock;
  readonly #parts: RunnerParts;
  readonly #lease: Lease;
  readonly #stepper: Stepper;
  readonly #problems = new Problems();
  readonly #slots: SlotRuns;
  readonly #watch: ClockWatch;
  #timer: NodeJS.Timeout | undefined;
  #ticking: Promise<void> | undefined;
  #sweptAtMs = Number.NEGATIVE_INFINITY;
  #isStopped = false;
  #isOther = false;
  #trouble: string | undefined;

  constructor(parts: RunnerParts) {
    const { ledger, kinds, settings, world, clock = systemClock } = parts;
    this.#parts = parts;
    this.clock = clock;
    this.store = new InstanceStore(ledger, kinds);
    this.rules = new SagaRules(ledger);
    this.#watch = new ClockWatch({ ledger, clock, settings: settings.clock, lastEvent: parts.lastEvent, tell: (problem) => parts.tell?.(problem) });
    this.#lease = new Lease(ledger, clock, settings);
    this.runs = new Runs({
      ledger,
      store: this.store,
      rules: this.rules,
      caps: settings.caps,
      world,
      provideRole: parts.provideRole,
      closedBecause: (now) => this.#watch.doubt() ?? parts.closedBecause?.(now),
    });
    this.#slots = new SlotRuns({ ...parts, settings, clock, runs: this.runs, refresh: () => this.refresh() });
    this.#stepper = new Stepper({
      store: this.store,
      clock,
      commands: parts.commands,
      effects: new Map(parts.effects.map((port) => [port.name, port])),
      world,
      usesSeen: parts.usesSeen,
      saga: (kind, accountId) => this.rules.of(kind, accountId).saga,
      token: () => this.#lease.token(),
      mayAct: (cell) => !this.#isStopped && this.#watch.doubt() === undefined && !this.#isPaused(cell),
      owner: settings.owner,
      onOverdue: (cell, open, now) => this.#tellOverdue(cell, open, now),
      position: () => ledger.head(),
      ...(parts.onPoint === undefined ? {} : { onPoint: parts.onPoint }),
    });
  }

  /** Folds what the log says. Must have resolved before anything else is asked. */
  async load(): Promise<void> {
    await this.#fold();
    if (this.#parts.settings.isSoleOwner) await this.runs.endInterrupted(this.clock.now());
  }

  /** Ticks from now on. */
  start(): void {
    if (!this.#parts.settings.isEnabled) return;
    this.#timer = setInterval(() => void this.tick().catch(() => {}), this.#parts.settings.tickMs); // tick has told
    this.#timer.unref();
  }

  /** Ends after the steps that are under way. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    clearInterval(this.#timer);
    await this.#stepper.drain();
    await this.#lease.release().catch(() => {}); // the store may be full or gone: the lease runs out by itself
  }

  /** Folds in what other nodes appended; nothing is to be done where there can be none. */
  async refresh(): Promise<void> {
    if (!this.#parts.settings.isSoleOwner) await this.#fold();
  }

  async #fold(): Promise<void> {
    await this.rules.refresh();
    await this.runs.refresh();
    await this.store.refresh();
  }

  /** Does all that is due now. A tick that comes while one is under way is that one. @throws what the log throws */
  tick(): Promise<void> {
    if (this.#isStopped) return Promise.resolve();
    this.#ticking ??= this.#tick().finally(() => (this.#ticking = undefined));
    return this.#ticking;
  }

  async #tick(): Promise<void> {
    try {
      if (!(await this.#watch.look())) return;
      if (await this.#slots.take()) this.#sweptAtMs = Number.NEGATIVE_INFINITY; // the instances that a run began
      const now = this.clock.now();
      const due = this.#takeDue(now);
      const isSweep = this.clock.monotonicMs() - this.#sweptAtMs >= this.#parts.settings.sweepMs;
      if (due.size === 0 && !isSweep) return;
      if (isSweep) await this.#sweep(due, now);
      if (due.size > 0) await this.#advanceAll(due);
      this.#trouble = undefined;
    } catch (error) {
      this.#note(error);
      throw error;
    }
  }

  /** Names of instances whose time has come, without those that can not be taken on now. */
  #takeDue(now: Date): Set<Cell> {
    const due = new Set<Cell>();
    for (let stream = this.store.due.popDue(now.getTime()); stream !== undefined; stream = this.store.due.popDue(now.getTime())) {
      const cell = this.store.byStream(stream);
      if (cell !== undefined) due.add(cell);
    }
    return due;
  }

  /** Looks at everything that is under way; what has something to do joins `due`. */
  async #sweep(due: Set<Cell>, now: Date): Promise<void> {
    this.#sweptAtMs = this.clock.monotonicMs();
    await this.refresh();
    let sliceEndsAt = performance.now() + sliceMs;
    for (const cell of this.store.all()) {
      if (this.#hasWork(cell, now)) due.add(cell);
      if (performance.now() < sliceEndsAt) continue;
      await breath();
      sliceEndsAt = performance.now() + sliceMs;
    }
  }

  #hasWork(cell: Cell, now: Date): boolean {
    if (cell.value.isOver || this.#problems.isHeld(cell.stream, now) || this.#isPaused(cell)) return false;
    try {
      return this.#stepper.hasWork(cell);
    } catch (error) {
      this.#failed(cell, error);
      return false;
    }
  }

  #isPaused({ kind, value }: Cell): boolean {
    return this.rules.pausedBecause(kind.kind, value.accountId) !== undefined;
  }

  async #advanceAll(due: ReadonlySet<Cell>): Promise<void> {
    const held = await this.#lease.hold();
    this.#isOther = held === 'other';
    if (held === 'other') return this.#askAgain(due);
    if (held === 'taken') await this.refresh(); // what the runner before did
    const cells = [...due];
    for (let start = 0; start < cells.length && !this.#isStopped; start += advancesAtOnceMax) {
      if ((await this.#lease.hold()) === 'other') return this.#askAgain(new Set(cells.slice(start)));
      await Promise.all(cells.slice(start, start + advancesAtOnceMax).map((cell) => this.#advance(cell)));
    }
  }

  /** What is due stays due. */
  #askAgain(due: ReadonlySet<Cell>): void {
    const at = this.clock.now().getTime();
    for (const { stream } of due) this.store.due.push(stream, at);
  }

  async #advance(cell: Cell): Promise<void> {
    if (this.#isPaused(cell) || this.#problems.isHeld(cell.stream, this.clock.now())) return; // a sweep sees when that is over
    try {
      await this.#stepper.advance(cell);
      this.#problems.clear(cell.stream);
    } catch (error) {
      if (isOfTheLog(error)) throw error;
      this.#failed(cell, error);
    }
  }

  #failed(cell: Cell, error: unknown): void {
    const now = this.clock.now();
    const parked = this.#problems.note(cell.stream, error, now);
    if (parked === undefined) return;
    this.#parts.tell?.(`${cell.stream} is parked after ${parked.failures} failures: ${parked.text}`);
    const { instance } = cell.value;
    void this.runs
      .book(cell.kind.kind)
      .stream.append({ type: 'InstanceParked', data: { instance, reason: parked.text, failures: parked.failures } }, { now })
      .catch((problem: unknown) => this.#note(problem));
  }

  async #tellOverdue({ kind, stream, value: { instance } }: Cell, { step, attempt, deadline }: OpenStep, now: Date): Promise<void> {
    this.#parts.tell?.(`${stream}: the step ${step} had no outcome by ${deadline} and is resumed`);
    await this.runs.book(kind.kind).stream.append({ type: 'StepOverdue', data: { instance, step, attempt, deadline } }, { now });
  }

  /** Asks an instance as soon as possible: a person said something. */
  wake(cell: Cell): void {
    this.#problems.clear(cell.stream);
    this.store.due.push(cell.stream, this.clock.now().getTime());
    this.#tickSoon();
  }

  /** Looks at every instance as soon as possible. */
  wakeAll(): void {
    this.#sweptAtMs = Number.NEGATIVE_INFINITY;
    this.#tickSoon();
  }

  #tickSoon(): void {
    if (this.#timer !== undefined) setImmediate(() => void this.tick().catch(() => {})); // tick has told
  }

  /** A person says that the clock is right. */
  async confirmClock(by: string, reason: string): Promise<void> {
    await this.#watch.confirm(by, reason);
    this.wakeAll();
  }

  /** Why the runner does not act; empty where it does, or would if something were due. */
  idleBecause(): readonly string[] {
    const { isEnabled } = this.#parts.settings;
    return [
      isEnabled ? undefined : 'sagas.enabled is false',
      this.#isOther ? 'another node holds the lease' : undefined,
      this.#watch.doubt(),
      this.#trouble,
    ].filter((reason) => reason !== undefined);
  }

  problems() {
    return this.#problems.all();
  }

  nextRun(kind: SagaKind): Date | undefined {
    return this.#slots.next(kind);
  }

  /** Instances that are being taken on at this moment. */
  get busy(): number {
    return this.#stepper.busy;
  }

  #note(error: unknown): void {
    const text = error instanceof Error ? error.message : String(error);
    if (this.#trouble !== text) this.#parts.tell?.(`the sagas can not go on: ${text}`);
    this.#trouble = text;
    this.#sweptAtMs = Number.NEGATIVE_INFINITY; // what was due is looked for again
  }
}
