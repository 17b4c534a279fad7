import { AwsError } from '../../libs/aws/index.ts';
import { iamOperations } from '../../src/iam/operations.ts';
import type { Operation } from '../../src/iam/operation.ts';
import type { AccessUse } from '../../src/sagas/access-use.ts';
import type { Instances, KnownInstance, SagaKind } from '../../src/sagas/saga-kind.ts';
import type { RunnerFact, Saga, SagaAction, SagaEvent, SagaFact, World } from '../../src/sagas/saga.ts';
import { Scenario } from './scenario.ts';

export const dayMs = 86_400_000;

/** The access history of a test: what was used, when, and what was only tried. Uses are seen at once, or only after `lagMs`. */
export class KnownUse implements AccessUse {
  since = new Date(0);
  readonly keys = new Map<string, Date>();
  readonly attempts = new Map<string, Date>();
  readonly passwords = new Map<string, Date>();
  readonly roles = new Map<string, Date>();
  readonly principals = new Map<string, Map<string, Date>>();

  accessKey = (id: string): Date | undefined => this.keys.get(id);
  accessKeyAttempt = (id: string): Date | undefined => this.attempts.get(id);
  password = (id: string): Date | undefined => this.passwords.get(id);
  role = (id: string): Date | undefined => this.roles.get(id);
  actions = (id: string): ReadonlyMap<string, Date> => this.principals.get(id) ?? nothing;

  act(principalId: string, action: string, at: Date): void {
    this.principals.set(principalId, new Map([...this.actions(principalId), [action, at]]));
  }
}

const nothing: ReadonlyMap<string, Date> = new Map();
const operations = new Map<string, Operation>(iamOperations.map((each) => [each.name, each]));

export interface HouseInstance<State> {
  readonly instance: string;
  state: State;
  readonly events: SagaEvent[];
  /** An intent whose outcome was lost. */
  open: { readonly step: string; readonly attempt: number } | undefined;
  readonly timers: Map<string, string>;
}

export interface HouseOptions {
  /** Called between the decision and the command, as whatever happens at that moment. */
  readonly beforeCommand?: (operation: string, input: Readonly<Record<string, unknown>>, instance: string) => void | Promise<void>;
  /** Called when nothing keeps the command from being carried out any more. */
  readonly onCommand?: (operation: string, input: Readonly<Record<string, unknown>>, instance: string) => void;
  /** False: the last question of a command is not asked; for twins of tests that must fail then. */
  readonly asksAgain?: boolean;
  /** Whether the process ends here. */
  readonly crashes?: (point: string) => boolean;
  /** Code that a notice fails with, retryable. */
  readonly noticeFails?: () => boolean;
}

/** Actions of one instance in one tick; more are a saga that goes in circles. */
const actionsMax = 200;
/** Starts of the process at one moment; more are crashes that let nothing get on. */
const startsMax = 200;

/**
 * Runs a kind of saga as its contract says, without log and threads: on an account that the real deciders change, with a clock that the test moves. Every
 * intent is recorded before it is carried out, and carried out once, however often the process ends in between.
 */
export class SagaHouse<Rules, State, Fact extends SagaFact> {
  readonly scenario = new Scenario();
  readonly use = new KnownUse();
  readonly all = new Map<string, HouseInstance<State>>();
  readonly sent: { readonly operation: string; readonly input: Readonly<Record<string, unknown>>; readonly at: number }[] = [];
  readonly notices: Readonly<Record<string, unknown>>[] = [];
  readonly kind: SagaKind<Rules, State, Fact>;
  rules: Rules;
  options: HouseOptions;
  #hasCrashed = false;
  readonly #carriedOut = new Map<string, Readonly<Record<string, unknown>>>();

  constructor(kind: SagaKind<Rules, State, Fact>, rules: Rules, options: HouseOptions = {}) {
    this.kind = kind;
    this.rules = rules;
    this.options = options;
  }

  get now(): Date {
    return new Date(this.scenario.now);
  }

  world(): World {
    return { now: this.now, account: this.scenario.account, use: this.use };
  }

  /** Somebody's command, by hand. @throws the declared AWS error */
  async byHand(operation: string, input: Readonly<Record<string, unknown>>): Promise<Readonly<Record<string, Readonly<Record<string, string>>>>> {
    const { answer } = await this.scenario.when(operations.get(operation)!, input); // a test names operations that there are
    return answer as never;
  }

  plan() {
    const instances: Instances<State> = {
      of: (instance) => this.known(instance),
      all: () => [...this.all.keys()].map((instance) => this.known(instance)!), // they are all known
    };
    return this.kind.plan(this.world(), this.rules, instances);
  }

  known(instance: string): KnownInstance<State> | undefined {
    const found = this.all.get(instance);
    return found === undefined ? undefined : { instance, state: found.state, isOver: this.#saga().isOver(found.state) };
  }

  /** Plans, begins what the plan would begin and takes it as far as it gets. @returns the names of what was begun */
  async begin(): Promise<string[]> {
    const started: string[] = [];
    for (const item of this.plan()) {
      if (item.action !== 'start') continue;
      if (this.all.has(item.instance)) throw new Error(`${item.instance} was begun before`);
      const instance: HouseInstance<State> = {
        instance: item.instance,
        state: this.#saga().initialState,
        events: [],
        open: undefined,
        timers: new Map(),
      };
      this.all.set(item.instance, instance);
      for (const fact of item.facts) this.append(instance, fact);
      started.push(item.instance);
    }
    await this.tick();
    return started;
  }

  /** Takes every instance as far as it gets; a process that ended is started again at once. */
  async tick(): Promise<void> {
    for (const instance of this.all.values()) {
      for (let starts = 0; ; starts += 1) {
        if (starts === startsMax)
          throw new Error(
            `${instance.instance} does not get on: ${instance.events
              .slice(-6)
              .map(({ type }) => type)
              .join(', ')}`,
          );
        this.#hasCrashed = false;
        await this.#advance(instance);
        if (!this.#hasCrashed) break;
      }
    }
  }

  /** Lets so many days go by, with so many ticks a day. */
  async days(count: number, ticksPerDay = 1): Promise<void> {
    for (let tick = 0; tick < count * ticksPerDay; tick += 1) {
      this.scenario.now += dayMs / ticksPerDay;
      await this.tick();
    }
  }

  state(instance: string): State {
    const found = this.all.get(instance);
    if (found === undefined) throw new Error(`there is no ${instance}, only ${[...this.all.keys()].join(', ')}`);
    return found.state;
  }

  /** A fact from outside: a person's word. */
  tell(instance: string, fact: Fact | RunnerFact): void {
    this.append(this.all.get(instance)!, fact); // a test tells instances that there are
  }

  append(instance: HouseInstance<State>, fact: Fact | RunnerFact): void {
    const event = { ...fact, id: `${instance.instance}/${instance.events.length}`, time: this.now.toISOString(), revision: instance.events.length };
    instance.events.push(JSON.parse(JSON.stringify(event)) as SagaEvent);
    instance.state = instance.events.slice(-1).reduce<State>((state, each) => this.#saga().evolve(state, each as SagaEvent<Fact>), instance.state);
  }

  #saga(): Saga<State, Fact> {
    return this.kind.sagaWith(this.rules);
  }

  async #advance(instance: HouseInstance<State>): Promise<void> {
    for (let count = 0; count < actionsMax; count += 1) {
      for (const [timer, dueAt] of instance.timers) {
        if (dueAt > this.now.toISOString()) continue;
        instance.timers.delete(timer);
        this.append(instance, { type: 'TimerFired', data: { timer } });
      }
      if (this.#saga().isOver(instance.state)) return;
      const [action] = this.#saga().decide(instance.state, this.world());
      if (action === undefined) return;
      if (action.kind === 'schedule') {
        if (instance.timers.get(action.timer) === action.dueAt.toISOString()) return;
        instance.timers.set(action.timer, action.dueAt.toISOString());
        this.append(instance, { type: 'TimerScheduled', data: { timer: action.timer, dueAt: action.dueAt.toISOString() } });
      } else if (action.kind === 'record') for (const fact of action.facts) this.append(instance, fact);
      else if (!(await this.#step(instance, action))) return;
    }
    throw new Error(
      `${instance.instance} did ${actionsMax} things in a row: ${instance.events
        .slice(-6)
        .map((event) => event.type)
        .join(', ')}`,
    );
  }

  #crash(): false {
    this.#hasCrashed = true;
    return false;
  }

  /** @returns false where the process ended */
  async #step(instance: HouseInstance<State>, action: Extract<SagaAction<Fact>, { kind: 'send' | 'effect' }>): Promise<boolean> {
    const { step, attempt } = action;
    const { crashes = () => false } = this.options;
    const commandId = `${instance.instance}/${step}/${attempt}`;
    if (instance.open?.step !== step || instance.open.attempt !== attempt)
      this.append(instance, { type: 'StepIssued', data: { step, attempt, commandId, deadline: this.now.toISOString() } });
    instance.open = { step, attempt };
    if (crashes(`issued ${step}`)) return this.#crash();
    const outcome = await this.#outcome(instance, action, commandId);
    if (crashes(`carried out ${step}`)) return this.#crash();
    this.append(instance, outcome);
    instance.open = undefined;
    return true;
  }

  async #outcome(
    instance: HouseInstance<State>,
    action: Extract<SagaAction<Fact>, { kind: 'send' | 'effect' }>,
    commandId: string,
  ): Promise<RunnerFact> {
    const { step, attempt } = action;
    const failed = (code: string, message: string, retryable: boolean): RunnerFact => ({
      type: 'StepFailed',
      data: { step, attempt, code, message, retryable },
    });
    if (action.kind === 'effect') {
      if (this.options.noticeFails?.() === true) return failed('Unreachable', 'nobody answers', true);
      this.notices.push({ ...action.payload, instance: instance.instance, at: this.now.toISOString() });
      return { type: 'StepSucceeded', data: { step, attempt, answer: {} } };
    }
    const known = this.#carriedOut.get(commandId);
    if (known !== undefined) return { type: 'StepSucceeded', data: { step, attempt, answer: known } };
    await this.options.beforeCommand?.(action.operation, action.input, instance.instance);
    const refused = this.options.asksAgain === false ? undefined : action.unless?.(this.world());
    if (refused !== undefined) return failed('NoLongerHolds', refused, false);
    this.options.onCommand?.(action.operation, action.input, instance.instance);
    const before = this.scenario.now;
    try {
      const { answer } = await this.scenario.when(operations.get(action.operation)!, action.input); // iamOperations has them all
      this.sent.push({ operation: action.operation, input: action.input, at: before });
      const kept = Object.fromEntries(
        action.keep.map((path) => [path, path.split('.').reduce<unknown>((value, name) => (value as Record<string, unknown>)[name], answer)]),
      );
      this.#carriedOut.set(commandId, kept);
      return { type: 'StepSucceeded', data: { step, attempt, answer: kept } };
    } catch (error) {
      if (error instanceof AwsError) return failed(error.code, error.message, false);
      throw error;
    } finally {
      this.scenario.now = before; // commands take no time here
    }
  }
}
