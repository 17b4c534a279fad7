import type { Account } from '../../src/iam/account.ts';
import type { Saga, SagaAction, SagaEvent, World } from '../../src/sagas/saga.ts';
import type { PlanItem, SagaKind } from '../../src/sagas/saga-kind.ts';

/** A saga of a few steps, for tests of the runner: gives a user a second key, tells somebody, waits, and takes the first key away. */
export interface Demo {
  readonly phase: 'None' | 'Planned' | 'Created' | 'Told' | 'Waited' | 'Inactive' | 'Deleted' | 'Done' | 'Cancelled';
  readonly userName: string;
  readonly oldKeyId: string;
  readonly newKeyId: string;
  readonly failures: Readonly<Record<string, number>>;
}

export type DemoFact =
  | { readonly type: 'DemoPlanned'; readonly data: { readonly userName: string; readonly oldKeyId: string } }
  | { readonly type: 'DemoDone'; readonly data: Readonly<Record<string, never>> };

export const demoWaitMs = 24 * 3_600_000;

const next: Readonly<Record<string, Demo['phase']>> = { create: 'Created', tell: 'Told', deactivate: 'Inactive', delete: 'Deleted' };

function evolve(state: Demo, event: SagaEvent<DemoFact>): Demo {
  switch (event.type) {
    case 'DemoPlanned':
      return { ...state, phase: 'Planned', ...event.data };
    case 'DemoDone':
      return { ...state, phase: 'Done' };
    case 'StepSucceeded': {
      const created = event.data.answer['AccessKey.AccessKeyId'];
      return { ...state, phase: next[event.data.step] ?? state.phase, ...(typeof created === 'string' ? { newKeyId: created } : {}) };
    }
    case 'StepFailed':
      return { ...state, failures: { ...state.failures, [event.data.step]: (state.failures[event.data.step] ?? 0) + 1 } };
    case 'TimerFired':
      return { ...state, phase: 'Waited' };
    case 'Cancelled':
      return { ...state, phase: 'Cancelled' };
    case 'StepIssued':
    case 'TimerScheduled':
    case 'Paused':
    case 'Resumed':
    case 'Approved':
      return state;
    default:
      throw new Error(`unknown event ${JSON.stringify(event satisfies never)}`);
  }
}

function decide(state: Demo, world: World, waitMs: number): readonly SagaAction<DemoFact>[] {
  const { userName: UserName, oldKeyId, failures } = state;
  const send = (step: string, operation: string, input: Record<string, unknown>, keep: string[] = []): SagaAction<DemoFact>[] => [
    {
      kind: 'send',
      step,
      attempt: 1 + (failures[step] ?? 0),
      operation,
      input,
      keep,
      unless: ({ account }) => (account.users.get(UserName)?.tags.some(({ Key }) => Key === 'hands-off') ? 'it is tagged hands-off' : undefined),
    },
  ];
  switch (state.phase) {
    case 'Planned':
      return send('create', 'CreateAccessKey', { UserName }, ['AccessKey.AccessKeyId']);
    case 'Created':
      return [{ kind: 'effect', step: 'tell', attempt: 1 + (failures['tell'] ?? 0), effect: 'notice', payload: { about: UserName } }];
    case 'Told':
      return [{ kind: 'schedule', timer: 'wait', dueAt: new Date(Date.parse(world.account.openedAt) + waitMs) }];
    case 'Waited':
      return send('deactivate', 'UpdateAccessKey', { UserName, AccessKeyId: oldKeyId, Status: 'Inactive' });
    case 'Inactive':
      return send('delete', 'DeleteAccessKey', { UserName, AccessKeyId: oldKeyId });
    case 'Deleted':
      return [{ kind: 'record', facts: [{ type: 'DemoDone', data: {} }] }];
    default:
      return [];
  }
}

export const demoSaga: Saga<Demo, DemoFact> = {
  kind: 'demo',
  initialState: { phase: 'None', userName: '', oldKeyId: '', newKeyId: '', failures: {} },
  evolve,
  decide: (state, world) => decide(state, world, demoWaitMs),
  isOver: ({ phase }) => phase === 'Done' || phase === 'Cancelled',
};

/** Users with exactly one key, but those that its settings leave out: `{ "exceptUsers": ["ann"] }`. */
export const demoKind: SagaKind<{ readonly exceptUsers: readonly string[] }, Demo, DemoFact> = {
  kind: 'demo',
  summary: 'Replaces the one key of every user',
  principal: 'demo.iam-ledger.internal',
  roleName: 'IamLedgerDemo',
  actions: ['iam:CreateAccessKey', 'iam:UpdateAccessKey', 'iam:DeleteAccessKey'],
  readRules: ({ settings }) => ({ exceptUsers: (settings as { exceptUsers?: string[] } | undefined)?.exceptUsers ?? [] }),
  problemsOf: ({ settings }) =>
    settings === undefined || Array.isArray((settings as { exceptUsers?: unknown }).exceptUsers) ? [] : ['exceptUsers must be a list of names.'],
  sagaWith: () => demoSaga,
  plan: ({ account }, { exceptUsers }) => planned(account, exceptUsers),
  population: ({ users }) => users.size,
};

/** One that does not wait. */
export const impatientDemoKind: typeof demoKind = {
  ...demoKind,
  sagaWith: () => ({ ...demoSaga, decide: (state, world) => decide(state, world, 0) }),
};

function planned(account: Account, exceptUsers: readonly string[]): PlanItem<DemoFact>[] {
  return [...account.users.values()]
    .filter(({ accessKeyIds }) => accessKeyIds.length === 1)
    .map(({ userName, userId, accessKeyIds }) => {
      const oldKeyId = accessKeyIds[0]!; // exactly one
      const item = {
        instance: `${userId}.${oldKeyId}`,
        entity: `arn:aws:iam::${account.id}:user/${userName}`,
        credential: oldKeyId,
        reason: 'it has one key',
        evidence: [oldKeyId],
      };
      if (exceptUsers.includes(userName)) return { ...item, action: 'skip' as const, skipReason: 'the settings leave it out' };
      return { ...item, action: 'start' as const, facts: [{ type: 'DemoPlanned' as const, data: { userName, oldKeyId } }] };
    });
}
