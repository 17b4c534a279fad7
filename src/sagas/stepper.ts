import { AwsError } from '../../libs/aws/index.ts';
import type { Account } from '../iam/account.ts';
import type { Clock } from './clock.ts';
import { EffectFailed, type EffectAnswer, type EffectPort } from './effect-port.ts';
import { retryAtMs, type OpenStep } from './instance-state.ts';
import type { Cell, InstanceStore } from './instance-store.ts';
import { holdsSecret, keptAnswer } from './kept-answer.ts';
import type { RunnerFact, Saga, SagaAction, StepRequest, World } from './saga.ts';
import type { SagaKind } from './saga-kind.ts';
import { isTransient, type SagaCommands } from './saga-commands.ts';
import { commandId, issueId, sagaId } from './step-ids.ts';
import { HistoryBehind, requireUses, type UsesSeen } from './uses-seen.ts';

export interface StepperParts {
  readonly store: InstanceStore;
  readonly clock: Clock;
  readonly commands: SagaCommands;
  readonly effects: ReadonlyMap<string, EffectPort>;
  /** The world that instances of this account see; `undefined` where the account is not there or closed. */
  readonly world: (accountId: string, now: Date) => World | undefined;
  readonly usesSeen: UsesSeen;
  /** The saga under the rules of this account as they are now. */
  readonly saga: (kind: SagaKind, accountId: string) => Saga<unknown>;
  /** Whether the next step may be begun; one that was is ended in any case. */
  readonly mayAct: (cell: Cell) => boolean;
  /** The fencing token; `undefined`: another runner acts. Asked before everything. */
  readonly token: () => number | undefined;
  /** Name of this runner. */
  readonly owner: string;
  /** Position of the account for the search of a command that may have been carried out. */
  readonly position: (accountId: string) => number;
  /** Told of a step that has no outcome after its deadline; it is resumed all the same, under its id. */
  readonly onOverdue?: (cell: Cell, open: OpenStep, now: Date) => Promise<void>;
  /** Told of every point at which a process can end; for tests that end it there. */
  readonly onPoint?: (point: string) => void | Promise<void>;
}

/** Actions of one instance in a row; more are a saga that goes in circles. */
const actionsMax = 200;
const stepMs = 3_600_000;
/** Time that one call of an effect may take. */
const effectMsMax = 30_000;
/** Time that effects have to end when the server does. */
const drainMsMax = 5_000;
/** And to notice that they were ended. */
const abortMsMax = 1_000;

/** How a step is carried out: under which fencing token, and whether its intent was found without an outcome. */
interface Carrying {
  readonly lease: number;
  readonly isAgain: boolean;
  readonly unless?: ((world: World) => string | undefined) | undefined;
}

type StepAction = Extract<SagaAction, { kind: 'send' | 'effect' }>;

/**
 * Takes one instance as far as it gets: decide, carry out the first action, record its outcome, fold, decide again. Everything it knows is in the stream
 * before anything is done about it, so it may end at any point and go on from there.
 */
export class Stepper {
  readonly #parts: StepperParts;
  readonly #running = new Map<Cell, Promise<void>>();
  readonly #stop = new AbortController();

  constructor(parts: StepperParts) {
    this.#parts = parts;
  }

  /** Instances that are being taken on right now. */
  get busy(): number {
    return this.#running.size;
  }

  /** @throws Error where the saga is wrong, or the log takes nothing */
  advance(cell: Cell): Promise<void> {
    const running = this.#running.get(cell);
    if (running !== undefined) return running;
    const promise = this.#advance(cell).finally(() => this.#running.delete(cell));
    this.#running.set(cell, promise);
    return promise;
  }

  /** Whether something is to be done for the instance now. Pure and cheap: what a sweep over all of them asks. */
  hasWork(cell: Cell): boolean {
    const { isOver, isPaused, open, timers } = cell.value;
    if (isOver || isPaused) return false;
    const now = this.#parts.clock.now();
    if (open !== undefined || Object.values(timers).some((at) => at <= now.getTime())) return true;
    return this.#next(cell, now) !== undefined;
  }

  /** Waits for the steps that are under way, once no new one may be begun; effects that take too long are ended and repeated after the next start. */
  async drain(): Promise<void> {
    const timers: NodeJS.Timeout[] = [];
    const after = (ms: number): Promise<void> => new Promise((resolve) => timers.push(setTimeout(resolve, ms)));
    const drained = Promise.allSettled(this.#running.values());
    await Promise.race([drained, after(drainMsMax)]);
    this.#stop.abort();
    await Promise.race([drained, after(abortMsMax)]); // what does not even end then is found as an intent by the next start
    for (const timer of timers) clearTimeout(timer);
  }

  async #advance(cell: Cell): Promise<void> {
    for (let action = 0; action < actionsMax; action++) {
      const token = this.#parts.token();
      if (token === undefined || !this.#parts.mayAct(cell)) return;
      if (!(await this.#once(cell, token))) return;
    }
    throw new Error(`${cell.stream} did ${actionsMax} things in a row and has not come to rest`);
  }

  /** One action. @returns false where there is none */
  async #once(cell: Cell, lease: number): Promise<boolean> {
    const { store, clock } = this.#parts;
    const { isOver, isPaused, open, timers } = cell.value;
    if (isOver || isPaused) return false;
    const now = clock.now();
    const due = Object.entries(timers).filter(([, at]) => at <= now.getTime());
    if (due.length > 0) {
      const facts = due.map(([timer]): RunnerFact => ({ type: 'TimerFired', data: { timer } }));
      await store.append(cell, { facts, now, lease });
      return true;
    }
    if (open !== undefined) {
      await this.#resume(cell, open, { now, lease });
      return true;
    }
    const next = this.#next(cell, now);
    if (next === undefined) return false;
    if (next.kind === 'record') await store.append(cell, { facts: next.facts, now, lease });
    else if (next.kind === 'schedule')
      await store.append(cell, { facts: [{ type: 'TimerScheduled', data: { timer: next.timer, dueAt: next.dueAt.toISOString() } }], now, lease });
    else await this.#issue(cell, next, { now, lease });
    return true;
  }

  /** The first action that is not waited for already. */
  #next(cell: Cell, now: Date): SagaAction | undefined {
    const { value, kind } = cell;
    const world = this.#parts.world(value.accountId, now);
    if (world === undefined) return undefined;
    const actions = this.#parts.saga(kind, value.accountId).decide(value.state, world);
    return actions.find((action) => {
      if (action.kind === 'schedule') return value.timers[action.timer] !== action.dueAt.getTime();
      if (action.kind === 'record') return action.facts.length > 0;
      return retryAtMs(value, action.step) <= now.getTime();
    });
  }

  /** Intent first. Of two runners one appends it. */
  async #issue(cell: Cell, action: StepAction, { now, lease }: { readonly now: Date; readonly lease: number }): Promise<void> {
    const { store, owner, position } = this.#parts;
    const { step, attempt } = action;
    const { attempts, accountId, kind, instance } = cell.value;
    if (attempt <= (attempts[step] ?? 0)) throw new Error(`${cell.stream}: attempt ${attempt} of ${step} has an outcome and can not be issued again`);
    if (holdsSecret(action.kind === 'send' ? action.input : action.payload))
      throw new Error(`${cell.stream}: the step ${step} would put a secret into the log`);
    const saga = sagaId(kind, instance);
    const request: StepRequest =
      action.kind === 'send'
        ? { kind: 'send', operation: action.operation, input: action.input, keep: action.keep, position: position(accountId) }
        : { kind: 'effect', effect: action.effect, payload: action.payload };
    const deadline = (action.deadline ?? new Date(now.getTime() + stepMs)).toISOString();
    const fact: RunnerFact = { type: 'StepIssued', data: { step, attempt, commandId: commandId(saga, step, attempt), deadline, request } };
    const isIssued = await store.append(cell, { facts: [fact], now, lease, id: issueId(saga, { step, attempt, owner: `${owner}/${lease}` }) });
    await this.#point(`issued ${step}`);
    const { open } = cell.value;
    if (!isIssued || open === undefined) return; // decided again
    await this.#carryOut(cell, open, { lease, isAgain: false, unless: action.kind === 'send' ? action.unless : undefined });
  }

  /**
   * An intent without outcome. A command that was not carried out is carried out under its id if the saga still wants it, and else has failed; an
   * effect is asked about or repeated under its id.
   */
  async #resume(cell: Cell, open: OpenStep, { now, lease }: { readonly now: Date; readonly lease: number }): Promise<void> {
    const { request, commandId: id, step, attempt } = open;
    const { store, commands, saga, world } = this.#parts;
    const { accountId, state } = cell.value;
    if (now.toISOString() > open.deadline) await this.#parts.onOverdue?.(cell, open, now);
    if (request.kind === 'effect') return this.#carryOut(cell, open, { lease, isAgain: true });
    const seen = world(accountId, now);
    const wanted = (seen === undefined ? [] : saga(cell.kind, accountId).decide(state, seen)).find(
      (action) => action.kind === 'send' && action.step === step && action.attempt === attempt,
    );
    const isCarriedOut = await commands.isCarriedOut({ accountId, commandId: id, after: request.position });
    if (isCarriedOut) return this.#carryOut(cell, open, { lease, isAgain: true });
    if (wanted?.kind === 'send') return this.#carryOut(cell, open, { lease, isAgain: true, unless: wanted.unless });
    const outcome = failed(open, { code: 'Interrupted', message: 'The runner ended before it was carried out.', retryable: true });
    await store.append(cell, { facts: [outcome], now, lease });
  }

  async #carryOut(cell: Cell, open: OpenStep, how: Carrying): Promise<void> {
    const { store, clock, token } = this.#parts;
    if (token() !== how.lease) return; // fenced: whoever has the lease now goes on from the intent
    const outcome = await this.#outcome(cell, open, how);
    if (outcome === undefined) return;
    await this.#point(`carried out ${open.step}`);
    const isOpen = (value: Cell['value']): boolean => value.open?.eventId === open.eventId;
    if (token() !== how.lease) return; // the outcome is told by whoever finds the intent: he asks, or repeats it under the same id
    await store.appendAnyway(cell, { facts: [outcome], now: clock.now(), lease: how.lease }, isOpen);
    await this.#point(`recorded ${open.step}`);
  }

  /** Carries a step out. `undefined`: nothing is known, and it is to be tried again under the same id. */
  async #outcome(cell: Cell, open: OpenStep, how: Carrying): Promise<RunnerFact | undefined> {
    const { step, attempt, request } = open;
    try {
      const answer = request.kind === 'send' ? await this.#send(cell, open, request, how) : await this.#effect(cell, open, request, how);
      if (holdsSecret(answer)) throw new Error(`${cell.stream}: the answer to ${step} would put a secret into the log`);
      return { type: 'StepSucceeded', data: { step, attempt, answer } };
    } catch (error) {
      if (this.#stop.signal.aborted && !(error instanceof AwsError)) return undefined;
      if (error instanceof Fenced) return undefined;
      if (error instanceof HistoryBehind) return failed(open, { code: 'HistoryBehind', message: error.message, retryable: true });
      if (error instanceof NoLongerHolds) return failed(open, { code: 'NoLongerHolds', message: error.message, retryable: false });
      if (error instanceof AwsError) return failed(open, { code: error.code, message: error.message, retryable: isTransient(error) });
      if (error instanceof EffectFailed) return failed(open, { code: error.code, message: error.message, retryable: error.retryable });
      throw error;
    }
  }

  async #send(
    cell: Cell,
    { commandId: id, eventId }: OpenStep,
    { operation, input, keep }: Extract<StepRequest, { kind: 'send' }>,
    { lease, unless }: Carrying,
  ): Promise<EffectAnswer> {
    const { commands, clock, token, world, usesSeen } = this.#parts;
    const { accountId, kind, instance } = cell.value;
    // INVARIANT: the last question is asked of a history that knows all that was recorded before.
    if (unless !== undefined) await requireUses(usesSeen, this.#stop.signal);
    const now = clock.now();
    const guard = (account: Account): void => {
      if (token() !== lease) throw new Fenced();
      const seen = unless === undefined ? undefined : world(accountId, now);
      const reason = seen === undefined ? undefined : unless?.({ ...seen, account });
      if (reason !== undefined) throw new NoLongerHolds(reason);
    };
    const answer = await commands.send({
      kind: cell.kind,
      accountId,
      commandId: id,
      operation,
      input,
      correlationId: sagaId(kind, instance),
      causationId: eventId,
      now,
      guard,
    });
    return keptAnswer(answer, keep);
  }

  async #effect(
    cell: Cell,
    { step, attempt, commandId: idempotencyKey }: OpenStep,
    { effect, payload }: Extract<StepRequest, { kind: 'effect' }>,
    { lease, isAgain }: Carrying,
  ): Promise<EffectAnswer> {
    const { effects, clock } = this.#parts;
    const port = effects.get(effect);
    if (port === undefined) throw new EffectFailed('NoSuchEffect', `This server has no way to do '${effect}'.`, false);
    const { accountId, kind, instance } = cell.value;
    const now = clock.now();
    const signal = AbortSignal.any([this.#stop.signal, AbortSignal.timeout(effectMsMax)]);
    const call = { kind, instance, accountId, step, attempt, idempotencyKey, fencingToken: lease, payload, now, signal };
    if (isAgain) {
      const done = await port.ask?.(call);
      if (done !== undefined) return done;
    }
    return port.carryOut(call);
  }

  async #point(point: string): Promise<void> {
    await this.#parts.onPoint?.(point);
  }
}

function failed({ step, attempt }: OpenStep, { code, message, retryable }: { code: string; message: string; retryable: boolean }): RunnerFact {
  return { type: 'StepFailed', data: { step, attempt, code, message, retryable } };
}

/** The reason why a step was to be done is gone. */
class NoLongerHolds extends Error {}

/** The lease was lost while a command waited for its turn. */
class Fenced extends Error {}
