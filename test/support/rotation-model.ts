import { createHash } from 'node:crypto';
import { AwsError, ServiceUnavailable, ValidationError, newAccessKeyId, newUniqueId } from '../../libs/aws/index.ts';
import { createAccessKey } from '../../src/iam/access-keys/create-access-key.ts';
import { deleteAccessKey } from '../../src/iam/access-keys/delete-access-key.ts';
import { updateAccessKey } from '../../src/iam/access-keys/update-access-key.ts';
import { emptyAccount, evolve as evolveAccount, type Account } from '../../src/iam/account.ts';
import type { Call } from '../../src/iam/call.ts';
import type { AccountEvent } from '../../src/iam/events.ts';
import type { AwsCommand, Operation } from '../../src/iam/operation.ts';
import { validate } from '../../src/iam/shape-validation.ts';
import type { AccessUse } from '../../src/sagas/access-use.ts';
import { decide } from '../../src/sagas/access-key-rotation/decide.ts';
import { evolve } from '../../src/sagas/access-key-rotation/evolve.ts';
import type { RotationEvent, RotationFact } from '../../src/sagas/access-key-rotation/facts.ts';
import { isOver, noRotation, type Rotation } from '../../src/sagas/access-key-rotation/rotation.ts';
import { defaultSettings, type RotationRules } from '../../src/sagas/access-key-rotation/settings.ts';
import type { RotationAction } from '../../src/sagas/access-key-rotation/steps.ts';
import type { RunnerFact, World } from '../../src/sagas/saga.ts';

const accountId = '123456789012';
export const day = 24 * 3600_000;
export const epoch = Date.parse('2026-01-01T00:00:00Z');

/** When a process dies: before the command or effect is carried out, or after it, with its answer lost. */
export type Crash = 'before effect' | 'after effect';

/** What a model does otherwise than a real runner: for twins that must fail. */
export interface Twists {
  /** Every try of a command has an id of its own. */
  readonly withoutCommandIds?: boolean;
  /** The state that `decide` is shown. */
  readonly shown?: (state: Rotation) => Rotation;
  /** The rules that it is shown. */
  readonly rulesShown?: (rules: RotationRules) => RotationRules;
}

type OutsideAction = Extract<RotationAction, { readonly kind: 'send' | 'effect' }>;

interface Keys {
  /** Access keys whose secret the owner has. */
  readonly held: ReadonlySet<string>;
  /** Access keys that the saga made inactive or deleted, and that nobody changed by hand since. */
  readonly cutBySaga: ReadonlySet<string>;
}

/**
 * One user's rotation in a world that can be copied at any moment: a real account with the real deciders, the saga's stream, the access history and an owner.
 * Everything in it is immutable, so a copy is cheap and a crash is nothing but forgetting the answer.
 */
export class RotationModel {
  now = epoch;
  account: Account;
  stream: readonly RotationEvent[] = [];
  state: Rotation = noRotation;
  /** Streams of the user's rotations before. */
  earlier: readonly (readonly RotationEvent[])[] = [];
  rules: RotationRules = { settings: defaultSettings, exemptionOf: () => ({ status: 'none' }) };
  delivery: 'acknowledged' | 'pick-up' = 'acknowledged';
  /** Effects that fail from now on. */
  failing: ReadonlySet<string> = new Set();
  keys: Keys = { held: new Set(), cutBySaga: new Set() };
  used: Readonly<Record<string, number>> = {};
  tried: Readonly<Record<string, number>> = {};
  historySince = 0;
  violations: string[] = [];
  notices: readonly string[] = [];
  twists: Twists = {};
  /**
   * As the runner does, an intent without outcome is brought to an end before anything is decided: an effect is repeated as it was, a command is answered if
   * it was carried out, carried out if the saga still wants it, and else it has failed. Without, the saga is asked at once: the harder of the two.
   */
  resumesFirst = false;
  #open: OutsideAction | undefined;
  #answers: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {};
  #tries = 0;

  constructor() {
    this.account = emptyAccount(accountId);
    this.#fold({ type: 'AccountOpened', data: { accountId, partition: 'aws', name: 'test', email: 'root@example.com' } });
    this.#fold({ type: 'UserCreated', data: { userName: 'bob', userId, path: '/', createDate: iso(this.now), tags: [] } });
  }

  copy(): RotationModel {
    const copy = new RotationModel();
    Object.assign(copy, this);
    copy.#answers = this.#answers;
    copy.#tries = this.#tries;
    copy.#open = this.#open;
    return copy;
  }

  /** Does by hand what a person does. */
  byHand<C extends AwsCommand<unknown>>(
    operation: Operation<C>,
    input: Partial<C>,
    id = `hand-${this.account.revision}`,
  ): Readonly<Record<string, unknown>> {
    const cutBySaga = new Set(this.keys.cutBySaga);
    cutBySaga.delete((input as { readonly AccessKeyId?: string }).AccessKeyId ?? '');
    this.keys = { ...this.keys, cutBySaga };
    return this.#carryOut(operation as unknown as Operation, input as Readonly<Record<string, unknown>>, id);
  }

  /** A key that the owner has. */
  ownKey(): string {
    const id = String(this.byHand(createAccessKey, { UserName: this.user!.userName })['AccessKey.AccessKeyId']);
    this.keys = { ...this.keys, held: new Set([...this.keys.held, id]) };
    return id;
  }

  /** Folds an account's event as it is. */
  given(event: AccountEvent): void {
    this.#fold(event);
  }

  get user() {
    return [...this.account.users.values()].find((user) => user.userId === userId);
  }

  /** The user's keys that work, of those that the owner has. */
  get workingKeys(): readonly string[] {
    return (this.user?.accessKeyIds ?? []).filter((id) => this.keys.held.has(id) && this.account.accessKeys.get(id)!.status === 'Active');
  }

  use(accessKeyId: string): void {
    this.tried = { ...this.tried, [accessKeyId]: this.now };
    if (this.account.accessKeys.get(accessKeyId)?.status === 'Active') this.used = { ...this.used, [accessKeyId]: this.now };
  }

  /** Begins a rotation of a key, in a stream of its own. */
  plan(accessKeyId: string): void {
    const { createDate } = this.account.accessKeys.get(accessKeyId)!;
    const data = { rotation: this.state.rotation + 1, accountId, userId, userName: this.user!.userName, accessKeyId, createDate };
    this.begin({ type: 'RotationPlanned', data });
  }

  begin(...facts: readonly RotationFact[]): void {
    this.earlier = [...this.earlier, this.stream];
    this.stream = [];
    this.state = noRotation;
    for (const fact of facts) this.append(fact);
  }

  append(fact: RotationFact | RunnerFact): void {
    const event = {
      ...fact,
      id: `saga-${this.stream.length}`,
      time: new Date(this.now).toISOString(),
      revision: this.stream.length,
    } as RotationEvent;
    this.stream = [...this.stream, event];
    this.state = evolve(this.state, event);
  }

  get world(): World {
    const lookUp = (times: Readonly<Record<string, number>>) => (id: string) => (times[id] === undefined ? undefined : new Date(times[id]));
    const use: AccessUse = {
      accessKey: lookUp(this.used),
      accessKeyAttempt: lookUp(this.tried),
      password: () => undefined,
      role: () => undefined,
      actions: () => new Map(),
      since: new Date(this.historySince),
    };
    return { now: new Date(this.now), account: this.account, use };
  }

  /** What the saga wants to do now. */
  next(): RotationAction | undefined {
    const { shown, rulesShown } = this.twists;
    return decide(shown?.(this.state) ?? this.state, this.world, rulesShown?.(this.rules) ?? this.rules)[0];
  }

  /** Carries out what the saga wants; `crash` says where the process dies on the way. `false`: it waits. */
  step(crash?: Crash): boolean {
    if (this.resumesFirst && this.#open !== undefined) {
      this.#resume(this.#open, crash);
      return true;
    }
    const action = this.next();
    if (action === undefined) return false;
    switch (action.kind) {
      case 'record':
        for (const fact of action.facts) this.append(fact);
        return true;
      case 'schedule':
        this.append({ type: 'TimerScheduled', data: { timer: action.timer, dueAt: action.dueAt.toISOString() } });
        return false;
      case 'send':
      case 'effect':
        this.#stepOutside(action, crash);
        return true;
      default:
        throw new Error(`unknown action ${(action satisfies never as RotationAction).kind}`);
    }
  }

  /** Steps until the saga waits. @throws Error where it never does */
  settle(): void {
    for (let steps = 0; steps < 100; steps++) if (!this.step()) return;
    throw new Error(
      `the saga does not come to rest: ${this.stream
        .slice(-6)
        .map(({ type }) => type)
        .join(', ')}`,
    );
  }

  /** Moves the clock on to the timer, at most to `until`. */
  sleep(until = Number.POSITIVE_INFINITY): void {
    const wakeAt = this.state.wakeAt === undefined ? Number.POSITIVE_INFINITY : Date.parse(this.state.wakeAt);
    const next = Math.min(wakeAt, until);
    if (next === Number.POSITIVE_INFINITY) throw new Error('the saga waits for nothing');
    this.now = Math.max(this.now, next);
    if (wakeAt <= this.now) this.append({ type: 'TimerFired', data: { timer: 'wake' } });
  }

  /** The owner takes the secret from the address that was offered. */
  collect(): boolean {
    const { offer, newKeyId } = this.state;
    if (offer === undefined || newKeyId === undefined || Date.parse(offer.expiresAt) <= this.now) return false;
    this.append({ type: 'SecretCollected', data: { accessKeyId: newKeyId, attempt: offer.attempt, sourceIPAddress: '192.0.2.1' } });
    this.#hold(newKeyId);
    return true;
  }

  get isOver(): boolean {
    return isOver(this.state);
  }

  #resume(open: OutsideAction, crash: Crash | undefined): void {
    const { step, attempt } = open;
    const isCarriedOut = this.#answers[`${this.state.rotation}|${step}|${attempt}`] !== undefined;
    const wanted = this.next();
    const isWanted = wanted?.kind === 'send' && wanted.step === step && wanted.attempt === attempt;
    if (open.kind === 'effect' || isCarriedOut) return this.#stepOutside(open, crash);
    if (isWanted) return this.#stepOutside(wanted, crash);
    this.#end({ type: 'StepFailed', data: { step, attempt, code: 'Interrupted', message: '', retryable: true } });
  }

  #end(outcome: RunnerFact): void {
    this.append(outcome);
    this.#open = undefined;
  }

  #stepOutside(action: OutsideAction, crash: Crash | undefined): void {
    const { step, attempt } = action;
    const commandId = this.twists.withoutCommandIds === true ? `try-${++this.#tries}` : `${this.state.rotation}|${step}|${attempt}`;
    if (this.state.steps[step]?.status !== 'issued' || this.state.steps[step]?.attempt !== attempt) {
      this.append({ type: 'StepIssued', data: { step, attempt, commandId, deadline: new Date(this.now + 60_000).toISOString() } });
    }
    this.#open = action;
    if (crash === 'before effect') return;
    let outcome: RunnerFact;
    try {
      const answer = action.kind === 'send' ? this.#sendOnce(action, commandId) : this.#effect(action);
      outcome = { type: 'StepSucceeded', data: { step, attempt, answer } };
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      outcome = {
        type: 'StepFailed',
        data: { step, attempt, code: error.code, message: error.message, retryable: error.code === 'ServiceUnavailable' },
      };
    }
    if (crash !== 'after effect') this.#end(outcome);
  }

  #sendOnce({ operation, input, unless }: Extract<RotationAction, { kind: 'send' }>, commandId: string): Readonly<Record<string, unknown>> {
    const done = this.#answers[commandId];
    if (done !== undefined) return done;
    const refused = unless?.(this.world);
    if (refused !== undefined) throw new ValidationError(refused);
    this.#checkCut(operation, input);
    if (this.user !== undefined && this.rules.exemptionOf(this.account, this.user, this.world.now).status !== 'none')
      this.#violated('an exempt user is touched');
    return this.#carryOut(operations[operation]!, input, commandId);
  }

  /** INVARIANT: nothing that the owner has is cut unless something else that he has works; nothing active is deleted. */
  #checkCut(operation: string, input: Readonly<Record<string, unknown>>): void {
    const id = String(input['AccessKeyId'] ?? '');
    const isCut = operation === 'DeleteAccessKey' || (operation === 'UpdateAccessKey' && input['Status'] === 'Inactive');
    if (!isCut) return;
    if (operation === 'DeleteAccessKey' && this.account.accessKeys.get(id)?.status === 'Active')
      this.#violated(`${id} is deleted while it is active`);
    if (this.keys.held.has(id) && !this.workingKeys.some((other) => other !== id))
      this.#violated(`${operation} ${id} leaves the owner without a key`);
    this.keys = { ...this.keys, cutBySaga: new Set([...this.keys.cutBySaga, id]) };
  }

  #violated(what: string): void {
    this.violations = [...this.violations, what];
  }

  #effect({ effect, payload, step }: Extract<RotationAction, { kind: 'effect' }>): Readonly<Record<string, unknown>> {
    if (this.failing.has(effect)) throw new ServiceUnavailable('it is down');
    if (effect === 'notice') {
      this.notices = [...this.notices, step];
      return {};
    }
    if (this.delivery === 'pick-up') return { acknowledged: false, expiresAt: new Date(this.now + 7 * day).toISOString() };
    this.#hold(String(payload['accessKeyId']));
    return { acknowledged: true };
  }

  #hold(accessKeyId: string): void {
    this.keys = { ...this.keys, held: new Set([...this.keys.held, accessKeyId]) };
  }

  #carryOut(operation: Operation, input: Readonly<Record<string, unknown>>, id: string): Readonly<Record<string, unknown>> {
    const command = Object.assign(new operation.command(), input);
    validate(command);
    const call = this.#call(id);
    const events = operation.declaration.decide!(command, this.account, call, undefined); // mutations only
    for (const event of events) this.#fold(event);
    const answer = operation.declaration.respond?.(command, this.account, call, events) as { AccessKey?: { AccessKeyId?: string } } | undefined;
    const kept = answer?.AccessKey?.AccessKeyId === undefined ? {} : { 'AccessKey.AccessKeyId': answer.AccessKey.AccessKeyId };
    if (events.length > 0) this.#answers = { ...this.#answers, [id]: kept };
    return kept;
  }

  #fold({ type, data }: AccountEvent): void {
    const revision = this.account.revision + 1;
    this.account = evolveAccount(this.account, {
      id: `event-${revision}`,
      type,
      data,
      revision,
      position: revision + 1,
      time: new Date(this.now).toISOString(),
    });
  }

  /** Ids are derived from the id of the command, so a history gives the same account however often it crashed. */
  #call(id: string): Call {
    const bytes = (size: number): Uint8Array => createHash('sha256').update(id).digest().subarray(0, size);
    return {
      caller: { type: 'AWSService', accountId, partition: 'aws', arn: 'rotation.iam-ledger.internal', principalId: 'rotation.iam-ledger.internal' },
      request: { requestId: id, sourceIPAddress: '', userAgent: '', secureTransport: true, service: 'iam', region: 'us-east-1', eventId: id },
      now: new Date(this.now),
      time: iso(this.now),
      newId: (prefix) => newUniqueId(prefix, bytes),
      newAccessKeyId: (prefix) => newAccessKeyId(prefix, accountId, bytes),
      secrets: {
        masterKeyId: 'test',
        secretAccessKey: () => 'secret',
        sessionToken: () => 'token',
        mac: () => 'mac',
        mfaSeed: () => new Uint8Array(),
        servicePassword: () => 'password',
        sealMessage: () => 'sealed',
        openMessage: () => undefined,
      },
      lastUsed: { accessKey: () => undefined, role: () => undefined, password: () => undefined, actions: () => [], complete: true },
      accountOf: () => undefined,
    };
  }
}

export const userId = 'AIDABOBBOBBOBBOBBOBB2';

const operations: Readonly<Record<string, Operation>> = {
  CreateAccessKey: createAccessKey as unknown as Operation,
  UpdateAccessKey: updateAccessKey as unknown as Operation,
  DeleteAccessKey: deleteAccessKey as unknown as Operation,
};

const iso = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;
