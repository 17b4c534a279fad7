import { openMemoryLedger, type Ledger } from '../../libs/ledger/index.ts';
import { Authentication } from '../../src/authentication/authenticate.ts';
import { DerivedSecrets, newKeyRing, type KeyRing } from '../../src/authentication/key-ring.ts';
import { secretsOf } from '../../src/authentication/session-tokens.ts';
import type { Account } from '../../src/iam/account.ts';
import { iamOperations } from '../../src/iam/operations.ts';
import { AccountStates } from '../../src/pipeline/account-states.ts';
import { ActivityLog } from '../../src/pipeline/activity-log.ts';
import { found } from '../../src/pipeline/founding.ts';
import { RecentMutations } from '../../src/pipeline/idempotency.ts';
import { Pipeline } from '../../src/pipeline/pipeline.ts';
import type { AccessUse } from '../../src/sagas/access-use.ts';
import { UsedAssertions } from '../../src/pipeline/used-assertions.ts';
import type { Clock } from '../../src/sagas/clock.ts';
import type { EffectCall, EffectFailed, EffectPort } from '../../src/sagas/effect-port.ts';
import { openRunner } from '../../src/sagas/open-runner.ts';
import type { RunnerSettings, SagaRunner } from '../../src/sagas/runner.ts';
import type { SagaKind } from '../../src/sagas/saga-kind.ts';
import type { UsesSeen } from '../../src/sagas/uses-seen.ts';
import { stsOperations } from '../../src/sts/operations.ts';
import { validate } from '../../src/iam/shape-validation.ts';
import { demoKind } from './demo-saga.ts';
import { plainServices } from './scenario.ts';
import { neverUsed, testRunnerSettings } from './runner-settings.ts';

export const accountId = '000000000001';

/** A clock that stands still until it is moved; both of its hands go together unless the wall clock is set. */
export class TestClock implements Clock {
  ms = Date.now();
  passedMs = 0;

  now(): Date {
    return new Date(this.ms);
  }

  monotonicMs(): number {
    return this.passedMs;
  }

  pass(ms: number): void {
    this.ms += ms;
    this.passedMs += ms;
  }
}

/** A port that keeps what it was asked to do, and fails as it is told. */
export class TestNotices implements EffectPort {
  readonly name = 'notice';
  readonly calls: EffectCall[] = [];
  failures: EffectFailed[] = [];

  async carryOut(call: EffectCall): Promise<Record<string, unknown>> {
    const failure = this.failures.shift();
    if (failure !== undefined) throw failure;
    this.calls.push(call);
    return { sent: true };
  }
}

/** A node of a server without its front door: accounts, pipeline and a runner that ticks when told to. Several may share a ledger. */
export interface SagaNode {
  readonly ledger: Ledger;
  readonly states: AccountStates;
  readonly runner: SagaRunner;
  readonly notices: EffectPort & { readonly calls: readonly EffectCall[] };
  account(): Account;
  /** A command of the account's root user. */
  command(name: string, input: Readonly<Record<string, unknown>>): Promise<unknown>;
  close(): Promise<void>;
}

export interface NodeOptions {
  readonly ledger?: Ledger;
  readonly ring?: KeyRing;
  readonly clock: Clock;
  readonly kinds?: readonly SagaKind[];
  readonly notices?: SagaNode['notices'];
  /** Effects beside the notices, of the node's secrets and accounts. */
  readonly effects?: (states: AccountStates, secrets: DerivedSecrets) => readonly EffectPort[];
  readonly use?: AccessUse;
  readonly usesSeen?: UsesSeen;
  readonly settings?: Partial<RunnerSettings>;
  readonly lastEvent?: Date;
  readonly onPoint?: (point: string) => void | Promise<void>;
  readonly tell?: (problem: string) => void;
}

export const testRing: KeyRing = newKeyRing();

export async function openNode({
  ledger = openMemoryLedger(),
  ring = testRing,
  clock,
  kinds = [demoKind],
  settings = {},
  effects,
  use = neverUsed,
  ...more
}: NodeOptions): Promise<SagaNode> {
  const recent = new RecentMutations({ windowSeconds: 900, entriesMax: 1000 });
  const states = new AccountStates(ledger, { exactEventsMax: 1000 }, (event) => recent.noteRecorded(event));
  const secrets = new DerivedSecrets(ring);
  await states.organization.catchUp();
  for await (const events of ledger.readAll()) for (const event of events) states.fold(event);
  const first = { id: accountId, name: 'test', email: 'root@example.com', partition: 'aws' } as const;
  await found(states, secrets, first, async () => 'hash');
  const activity = new ActivityLog(ledger, { flushMilliseconds: 1, queueEventsMax: 10_000 });
  const pipeline = new Pipeline({
    ledger,
    states,
    activity,
    recent,
    usedAssertions: new UsedAssertions(),
    secrets: secretsOf(secrets),
    passwords: { ...plainServices, hashPassword: async () => 'hash', verifyPassword: async () => true },
    lastUsed: { accessKey: () => undefined, role: () => undefined, password: () => undefined, actions: () => [], complete: true },
    settings: { rootGuard: false, recordReads: false },
    onOutcomeUnknown: () => {},
  });
  const authentication = new Authentication(secrets, (id) => states.account(id), { clockSkewSeconds: 300, services: new Set(), isPath: () => true });
  const operations = new Map(iamOperations.map((operation) => [operation.name, operation]));
  const notices = more.notices ?? new TestNotices();
  const runner = await openRunner({
    pipeline,
    states,
    ledger,
    recent,
    operation: (name) => operations.get(name),
    assumeRole: stsOperations.find(({ name }) => name === 'AssumeRole')!, // it is one of STS's
    identify: (accessKeyId, sessionToken, now) => authentication.identify(accessKeyId, sessionToken, now),
    kinds,
    effects: [notices, ...(effects?.(states, secrets) ?? [])],
    use: () => use,
    usesSeen: async () => {},
    settings: { ...testRunnerSettings, ...settings },
    clock,
    ...more,
  });
  return {
    ledger,
    states,
    runner,
    notices,
    account: () => states.account(accountId)!, // founded
    command: async (name, input) => {
      const operation = operations.get(name)!; // a test that misspells it fails here
      const command = Object.assign(new operation.command(), input);
      validate(command);
      const id = crypto.randomUUID();
      const arn = `arn:aws:iam::${accountId}:root`;
      const { answer } = await pipeline.run(operation, command, {
        caller: { type: 'Root', accountId, partition: 'aws', arn, principalId: accountId },
        receivedAt: clock.now(),
        apiVersion: '2010-05-08',
        request: {
          requestId: id,
          eventId: id,
          sourceIPAddress: '192.0.2.1',
          userAgent: 'test',
          secureTransport: true,
          service: 'iam',
          region: 'us-east-1',
        },
      });
      return answer;
    },
    close: async () => {
      await runner.stop();
      await activity.flush();
    },
  };
}

/** A user with one key. @returns the key's id */
export async function userWithKey(node: SagaNode, UserName: string): Promise<string> {
  await node.command('CreateUser', { UserName });
  const { AccessKey } = (await node.command('CreateAccessKey', { UserName })) as { AccessKey: { AccessKeyId: string } };
  return AccessKey.AccessKeyId;
}

/** Types of the events of a stream, in order; steps with their names. */
export async function eventsOf(ledger: Ledger, stream: string): Promise<string[]> {
  const types: string[] = [];
  for await (const events of ledger.read(stream)) {
    for (const { type, data } of events) {
      const { step, timer, code } = data as { step?: string; timer?: string; code?: string };
      types.push([type, step ?? timer, code].filter((part) => part !== undefined).join(' '));
    }
  }
  return types;
}

/** A dry run and then a real one, as the first in an account must be. */
export async function runDemo(node: SagaNode, kind: SagaKind = demoKind): Promise<void> {
  const request = {
    kind,
    accountId,
    trigger: { by: 'person', arn: 'arn:aws:iam::000000000001:root' },
    isDry: false,
    now: node.runner.clock.now(),
  } as const;
  await node.runner.runs.run(request);
  await node.runner.runs.run(request);
}
