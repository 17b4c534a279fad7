/**
 * A runner in a process of its own, on the ledger of its parent, with a saga whose one step is done outside. Arguments: its name, the milliseconds of its
 * lease, the point at which it stops itself (or `-`), and `fenced` or `unfenced`: whether it looks at its lease at all.
 */
import { emptyAccount } from '../../src/iam/account.ts';
import { systemClock } from '../../src/sagas/clock.ts';
import { Lease } from '../../src/sagas/lease.ts';
import { SagaRunner } from '../../src/sagas/runner.ts';
import type { SagaKind } from '../../src/sagas/saga-kind.ts';
import type { SagaFact } from '../../src/sagas/saga.ts';
import { neverUsed, testRunnerSettings } from './runner-settings.ts';
import { ledgerOfParent } from './shared-ledger.ts';

const [owner = '', leaseMs = '', stopAt = '', fence = ''] = process.argv.slice(2);

const kind: SagaKind<undefined, 'none' | 'begun' | 'done', SagaFact> = {
  kind: 'outside',
  summary: 'Does one thing outside',
  principal: 'outside.iam-ledger.internal',
  roleName: 'Outside',
  actions: [],
  readRules: () => undefined,
  problemsOf: () => [],
  plan: () => [],
  population: () => 0,
  sagaWith: () => ({
    kind: 'outside',
    initialState: 'none',
    evolve: (state, { type }) => (type === 'Begun' ? 'begun' : type === 'StepSucceeded' ? 'done' : state),
    decide: (state) => (state === 'begun' ? [{ kind: 'effect', step: 'act', attempt: 1, effect: 'outside', payload: {} }] : []),
    isOver: (state) => state === 'done',
  }),
};

if (fence === 'unfenced') {
  // It took the lease once, and believes in it for ever.
  const { token } = Lease.prototype;
  let first: number | undefined;
  Lease.prototype.token = function () {
    return (first ??= token.call(this));
  };
}

const ledger = ledgerOfParent();
await ledger.look();
const runner = new SagaRunner({
  ledger,
  kinds: [kind],
  settings: {
    ...testRunnerSettings,
    owner,
    leaseMs: Number(leaseMs),
    isSoleOwner: false,
    clock: { ...testRunnerSettings.clock, driftMsMax: 3_600_000 },
  },
  commands: { send: async () => undefined, isCarriedOut: async () => false },
  effects: [
    {
      name: 'outside',
      carryOut: async ({ fencingToken, idempotencyKey }) => {
        process.send?.({ effect: { owner, fencingToken, idempotencyKey } });
        return {};
      },
    },
  ],
  world: (id, now) => ({ now, account: emptyAccount(id), use: neverUsed }),
  usesSeen: async () => {},
  accounts: () => [],
  provideRole: async () => {},
  since: new Date(),
  clock: systemClock,
  onPoint: (point) => {
    if (point !== stopAt) return;
    process.send?.({ stopped: point });
    process.kill(process.pid, 'SIGSTOP');
  },
});
await runner.load();
for (;;) {
  await ledger.look();
  await runner.tick().catch(() => {});
  process.send?.({ ticked: runner.idleBecause() });
  await new Promise((resolve) => setTimeout(resolve, 50));
}
