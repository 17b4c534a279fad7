import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteLedger, uuidv7, type Ledger, type NewEvent } from '../../libs/ledger/index.ts';
import { emptyAccount, evolve, type Account } from '../../src/iam/account.ts';
import type { AccountEvent } from '../../src/iam/events.ts';
import { accessKeyRotation, rotationKind } from '../../src/sagas/access-key-rotation/access-key-rotation.ts';
import type { RotationFact } from '../../src/sagas/access-key-rotation/facts.ts';
import type { AccessUse } from '../../src/sagas/access-use.ts';
import { InstanceStore } from '../../src/sagas/instance-store.ts';
import { SagaRunner } from '../../src/sagas/runner.ts';
import type { RunnerFact } from '../../src/sagas/saga.ts';
import type { SagaKind } from '../../src/sagas/saga-kind.ts';
import { percentile, result, type Result } from '../support/report.ts';

const accountId = '000000000001';
const dayMs = 24 * 3600_000;
/** Streams that are written at the same time. */
const appendsAtOnce = 500;
const ticks = 20;
const warmUpTicks = 5;

const id = (prefix: string, number: number): string => `${prefix}${String(number).padStart(16, 'Z')}`;

/**
 * Rotations that wait for their old keys to fall silent: what they cost in memory, and what a tick costs that looks at every one of them and finds nothing
 * to do. The peer has no states in memory and folds the streams anew.
 */
export async function inFlight(quick: boolean): Promise<Result[]> {
  const rotations = quick ? 1000 : 10_000;
  const directory = mkdtempSync(join(tmpdir(), 'iam-ledger-bench-'));
  const ledger = await openSqliteLedger({ directory });
  try {
    const now = Date.now();
    await writeStreams(ledger, rotations, now);
    const account = accountWith(rotations, now);
    const runner = new SagaRunner(partsOf(ledger, account, now));

    collectGarbage();
    const before = process.memoryUsage().heapUsed;
    await runner.load();
    collectGarbage();
    const megabytes = (process.memoryUsage().heapUsed - before) / 1e6;

    const times: number[] = [];
    for (let tick = 0; tick < warmUpTicks + ticks; tick++) {
      runner.wakeAll();
      const start = performance.now();
      await runner.tick();
      if (tick >= warmUpTicks) times.push(performance.now() - start);
    }
    if (runner.problems().length > 0) throw new Error('a rotation could not be taken on');
    const start = performance.now();
    await new InstanceStore(ledger, [accessKeyRotation as SagaKind]).refresh();
    const peer = { peer: performance.now() - start, peerName: 'fold the streams anew' };
    await runner.stop();
    const name = `${rotations.toLocaleString('en')} rotations in flight`;
    return [
      result(`memory of ${name}`, 'MB', megabytes, { atMost: 50 }),
      result(`a tick over ${name}, p50`, 'ms', percentile(times, 0.5), { ...peer, atMost: 200 }),
      result(`a tick over ${name}, worst`, 'ms', Math.max(...times), { ...peer, atMost: 200 }),
    ];
  } finally {
    await ledger.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Without it, what is dead already would count; needs `--expose-gc`, and is left out without. */
function collectGarbage(): void {
  (globalThis as { gc?: () => void }).gc?.();
}

function partsOf(ledger: Ledger, account: Account, nowMs: number): ConstructorParameters<typeof SagaRunner>[0] {
  const lastUse = new Date(nowMs - dayMs);
  const use: AccessUse = {
    accessKey: () => lastUse,
    accessKeyAttempt: () => lastUse,
    password: () => undefined,
    role: () => undefined,
    actions: () => new Map(),
    since: new Date(0),
  };
  const settings = {
    isEnabled: true,
    owner: 'bench',
    leaseMs: 60_000,
    isSoleOwner: true,
    tickMs: 1000,
    sweepMs: 0,
    clock: { driftMsMax: 60_000, confirmations: 1, jumpMsMax: 400 * dayMs },
    caps: { startsMax: 1, startsPercentMax: 1 },
    schedule: { expression: '0 0 29 2 *', timeZone: 'UTC' },
  };
  return {
    ledger,
    kinds: [accessKeyRotation as SagaKind],
    commands: { send: () => Promise.reject(new Error('nothing is to be done')), isCarriedOut: async () => false },
    effects: [],
    settings,
    world: (_accountId, now) => ({ now, account, use }),
    usesSeen: async () => {},
    accounts: () => [accountId],
    provideRole: async () => {},
    since: new Date(nowMs),
    lastEvent: new Date(nowMs),
  };
}

/** Every user has the key that is replaced and the one that replaces it. */
function accountWith(users: number, nowMs: number): Account {
  let account = emptyAccount(accountId);
  const fold = ({ type, data }: AccountEvent): void => {
    const revision = account.revision + 1;
    account = evolve(account, { id: `event-${revision}`, type, data, revision, position: revision + 1, time: new Date(nowMs).toISOString() });
  };
  fold({ type: 'AccountOpened', data: { accountId, partition: 'aws', name: 'bench', email: 'bench@example.com' } });
  for (let number = 0; number < users; number++) {
    const userName = `user-${number}`;
    fold({ type: 'UserCreated', data: { userName, userId: id('AIDA', number), path: '/', createDate: oldDate(nowMs), tags: [] } });
    for (const accessKeyId of [id('AKIA', number), id('AKIB', number)]) {
      const data = { accessKeyId, userName, status: 'Active', createDate: oldDate(nowMs), masterKeyId: 'bench' } as const;
      fold({ type: 'AccessKeyCreated', data });
    }
  }
  return account;
}

const oldDate = (nowMs: number): string => `${new Date(nowMs - 91 * dayMs).toISOString().slice(0, 19)}Z`;

async function writeStreams(ledger: Ledger, rotations: number, nowMs: number): Promise<void> {
  for (let start = 0; start < rotations; start += appendsAtOnce) {
    const numbers = Array.from({ length: Math.min(appendsAtOnce, rotations - start) }, (_, index) => start + index);
    await Promise.all(numbers.map((number) => ledger.append(`saga-${rotationKind}-${id('AIDA', number)}-1`, 'no-stream', eventsOf(number, nowMs))));
  }
}

/** From the plan to the observation, as the runner writes it. */
function eventsOf(number: number, nowMs: number): NewEvent[] {
  const [userId, accessKeyId, newKeyId] = [id('AIDA', number), id('AKIA', number), id('AKIB', number)];
  const userName = `user-${number}`;
  const step = (name: string, answer: Readonly<Record<string, unknown>>): RunnerFact[] => {
    const request = { kind: 'effect', effect: 'notice', payload: { accountId, userId, userName, accessKeyId } } as const;
    return [
      { type: 'StepIssued', data: { step: name, attempt: 1, commandId: uuidv7(nowMs), deadline: new Date(nowMs).toISOString(), request } },
      { type: 'StepSucceeded', data: { step: name, attempt: 1, answer } },
    ];
  };
  const facts: readonly (RotationFact | RunnerFact)[] = [
    { type: 'RotationPlanned', data: { rotation: 1, accountId, userId, userName, accessKeyId, createDate: oldDate(nowMs) } },
    ...step('notice-days-14', {}),
    ...step('notice-days-7', {}),
    ...step('notice-days-1', {}),
    ...step('create-access-key', { 'AccessKey.AccessKeyId': newKeyId }),
    ...step('deliver', { acknowledged: true, channel: 'pick-up' }),
    { type: 'ObservationStarted', data: { accessKeyId: newKeyId } },
    { type: 'TimerScheduled', data: { timer: 'wake', dueAt: new Date(nowMs + dayMs).toISOString() } },
  ];
  const metadata = { kind: rotationKind, instance: `${userId}-1`, accountId, correlationId: uuidv7(nowMs) };
  return facts.map(({ type, data }) => ({ id: uuidv7(nowMs), type, schemaVersion: 1, time: new Date(nowMs).toISOString(), data, metadata }));
}
