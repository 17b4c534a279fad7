import { afterEach, describe, expect, it } from '@jest/globals';
import { LedgerFull, openMemoryLedger, type Ledger } from '../../libs/ledger/index.ts';
import { demoKind, demoSaga, demoWaitMs } from '../../test/support/demo-saga.ts';
import { TestClock, TestNotices, accountId, eventsOf, openNode, runDemo, userWithKey, type SagaNode } from '../../test/support/saga-node.ts';
import { EffectFailed } from './effect-port.ts';

const open: SagaNode[] = [];
afterEach(async () => {
  for (const node of open.splice(0)) await node.close();
});

async function started(
  options: Partial<Parameters<typeof openNode>[0]> = {},
): Promise<{ node: SagaNode; clock: TestClock; stream: string; oldKeyId: string }> {
  const clock = new TestClock();
  const node = await openNode({ clock, ...options });
  open.push(node);
  const oldKeyId = await userWithKey(node, 'ann');
  await runDemo(node);
  const stream = node.ledger.streams('saga-demo-')[0]!; // one user, one instance
  return { node, clock, stream, oldKeyId };
}

const keysOf = (node: SagaNode, userName = 'ann'): readonly string[] => node.account().users.get(userName)?.accessKeyIds ?? [];

const wholeWay = [
  'DemoPlanned',
  'StepIssued create',
  'StepSucceeded create',
  'StepIssued tell',
  'StepSucceeded tell',
  'TimerScheduled wait',
  'TimerFired wait',
  'StepIssued deactivate',
  'StepSucceeded deactivate',
  'StepIssued delete',
  'StepSucceeded delete',
  'DemoDone',
];

describe('an instance', () => {
  it('is taken as far as it gets, waits for its timer, and goes on to its end', async () => {
    const { node, clock, stream, oldKeyId } = await started();
    await node.runner.tick();
    expect(await eventsOf(node.ledger, stream)).toEqual(wholeWay.slice(0, 6));
    expect(keysOf(node)).toHaveLength(2);
    await node.runner.tick();
    expect(await eventsOf(node.ledger, stream)).toHaveLength(6);
    clock.pass(demoWaitMs + 1000);
    await node.runner.tick();
    expect(await eventsOf(node.ledger, stream)).toEqual(wholeWay);
    expect(keysOf(node)).toHaveLength(1);
    expect(keysOf(node)).not.toContain(oldKeyId);
  });

  it('is the same after a start: timers, too, are in the stream', async () => {
    const { node, clock, stream } = await started();
    await node.runner.tick();
    const again = await openNode({ clock, ledger: node.ledger, settings: { owner: 'node-2' } });
    open.push(again);
    clock.pass(demoWaitMs - 1000);
    await again.runner.tick();
    expect(await eventsOf(node.ledger, stream)).toHaveLength(6);
    clock.pass(2000);
    await again.runner.tick();
    expect(await eventsOf(node.ledger, stream)).toEqual(wholeWay);
  });

  it('stands still while it is paused, and ends when it is cancelled', async () => {
    const { node, clock, stream } = await started();
    await node.runner.tick();
    const cell = node.runner.store.byStream(stream)!; // it was begun
    const say = (type: 'Paused' | 'Resumed' | 'Cancelled') =>
      node.runner.store.append(cell, { facts: [{ type, data: { by: 'somebody', reason: 'a test' } }], now: clock.now() });
    await say('Paused');
    clock.pass(demoWaitMs + 1000);
    await node.runner.tick();
    expect((await eventsOf(node.ledger, stream)).at(-1)).toBe('Paused');
    await say('Cancelled');
    await node.runner.tick();
    expect(cell.value.isOver).toBe(true);
    expect((await eventsOf(node.ledger, stream)).at(-1)).toBe('Cancelled');
  });

  it('tries what failed again under a new id after a pause, not at once', async () => {
    const notices = new TestNotices();
    notices.failures = [new EffectFailed('Unreachable', 'nobody answers', true), new EffectFailed('Unreachable', 'nobody answers', true)];
    const { node, clock, stream } = await started({ notices });
    await node.runner.tick();
    expect((await eventsOf(node.ledger, stream)).at(-1)).toBe('StepFailed tell Unreachable');
    await node.runner.tick();
    expect(notices.failures).toHaveLength(1);
    clock.pass(1000);
    await node.runner.tick();
    clock.pass(1000);
    await node.runner.tick();
    expect(notices.calls).toEqual([]);
    clock.pass(1000);
    await node.runner.tick();
    expect(notices.calls.map(({ step, attempt }) => ({ step, attempt }))).toEqual([{ step: 'tell', attempt: 3 }]);
    expect((await eventsOf(node.ledger, stream)).at(-1)).toBe('TimerScheduled wait');
  });

  it('leaves a step undone whose reason is gone in the version of the account that it would change', async () => {
    const { node, stream } = await started();
    await node.command('TagUser', { UserName: 'ann', Tags: [{ Key: 'hands-off', Value: 'yes' }] });
    await node.runner.tick().catch(() => {});
    expect((await eventsOf(node.ledger, stream)).slice(0, 3)).toEqual(['DemoPlanned', 'StepIssued create', 'StepFailed create NoLongerHolds']);
    expect(keysOf(node)).toHaveLength(1);
  });

  it('never puts a secret into its stream, whatever its saga wants to send', async () => {
    const careless = {
      ...demoKind,
      sagaWith: () => ({
        ...demoSaga,
        decide: () =>
          [
            { kind: 'send', step: 'create', attempt: 1, operation: 'CreateLoginProfile', input: { UserName: 'ann', Password: 'hunter2' }, keep: [] },
          ] as const,
      }),
    };
    const clock = new TestClock();
    const node = await openNode({ clock, kinds: [careless] });
    open.push(node);
    await userWithKey(node, 'ann');
    await runDemo(node, careless);
    await node.runner.tick();
    expect(node.runner.problems()).toEqual([expect.objectContaining({ text: expect.stringContaining('would put a secret into the log') })]);
    for await (const events of node.ledger.readAll()) expect(JSON.stringify(events)).not.toContain('hunter2');
  });

  it('is parked and told of where its saga goes in circles, and others go on', async () => {
    const told: string[] = [];
    const { node, clock } = await started({ tell: (problem) => told.push(problem) });
    await node.command('TagUser', { UserName: 'ann', Tags: [{ Key: 'hands-off', Value: 'yes' }] });
    await userWithKey(node, 'bob');
    await runDemo(node);
    for (let tick = 0; tick < 12; tick++) {
      await node.runner.tick();
      clock.pass(3_600_000);
    }
    expect(told).toEqual([expect.stringContaining('is parked after 8 failures')]);
    expect(node.runner.problems()).toEqual([expect.objectContaining({ isParked: true })]);
    expect(keysOf(node, 'bob')).toHaveLength(2);
    expect(await eventsOf(node.ledger, 'saga-run-demo')).toContain('InstanceParked');
  });
});

describe('a runner that can not trust its clock', () => {
  it.each([
    ['a year and more ahead', 401 * 86_400_000],
    ['two hours back', -2 * 3_600_000],
  ])('does nothing after a jump of %s, and says so', async (_how, jump) => {
    const told: string[] = [];
    const { node, clock, stream } = await started({ tell: (problem) => told.push(problem) });
    await node.runner.tick();
    clock.ms += jump;
    for (let tick = 0; tick < 2; tick++) {
      await node.runner.tick();
      clock.pass(1000);
    }
    expect((await eventsOf(node.ledger, stream)).at(-1)).toBe('TimerScheduled wait');
    expect(await eventsOf(node.ledger, 'saga-clock')).toEqual(['ClockDoubted']);
    expect(node.runner.idleBecause()).toEqual([expect.stringContaining('the clock went from')]);
    expect(told).toHaveLength(1);
    const request = { kind: demoKind, accountId, trigger: { by: 'person', arn: 'somebody' }, isDry: false, now: clock.now() } as const;
    expect(await node.runner.runs.run(request)).toBeUndefined();
    expect(node.runner.runs.book('demo').skipped(accountId)[0]?.reason).toContain('the clock went from');
  });

  it('goes on by itself after a small jump, when the clock was steady for a while', async () => {
    const { node, clock, stream } = await started();
    await node.runner.tick();
    clock.ms += demoWaitMs;
    for (let tick = 0; tick < 5; tick++) {
      await node.runner.tick();
      clock.pass(1000);
    }
    expect((await eventsOf(node.ledger, stream)).at(-1)).toBe('DemoDone');
    expect(await eventsOf(node.ledger, 'saga-clock')).toEqual(['ClockDoubted', 'ClockConfirmed']);
  });

  it('goes on after a large one when a person says that the clock is right', async () => {
    const { node, clock, stream } = await started();
    await node.runner.tick();
    clock.ms += 401 * 86_400_000;
    for (let tick = 0; tick < 10; tick++) {
      await node.runner.tick();
      clock.pass(1000);
    }
    expect((await eventsOf(node.ledger, stream)).at(-1)).toBe('TimerScheduled wait');
    await node.runner.confirmClock('arn:aws:iam::000000000001:user/ops', 'it was off');
    await node.runner.tick();
    expect((await eventsOf(node.ledger, stream)).at(-1)).toBe('DemoDone');
  });

  it('does not begin with one that is behind the log', async () => {
    const { node, clock, stream } = await started();
    const lastEvent = new Date(clock.ms + 3_600_000);
    const again = await openNode({ clock, ledger: node.ledger, lastEvent });
    open.push(again);
    await again.runner.tick();
    expect(await eventsOf(node.ledger, stream)).toEqual(['DemoPlanned']);
    expect(await eventsOf(node.ledger, 'saga-clock')).toEqual(['ClockDoubted']);
  });
});

describe('a runner whose log takes nothing', () => {
  it('holds nobody for wrong, and goes on with the same steps when there is room', async () => {
    const memory = openMemoryLedger();
    let isFull = false;
    const ledger: Ledger = {
      ...memory,
      append: (stream, expected, events) => (isFull ? Promise.reject(new LedgerFull('no room')) : memory.append(stream, expected, events)),
    };
    const told: string[] = [];
    const { node, clock, stream } = await started({ ledger, tell: (problem) => told.push(problem) });
    isFull = true;
    for (let tick = 0; tick < 20; tick++) {
      await expect(node.runner.tick()).rejects.toThrow('no room');
      clock.pass(1000);
    }
    expect([node.runner.problems(), node.runner.idleBecause()]).toEqual([[], ['no room']]);
    expect(told).toEqual([expect.stringContaining('no room')]);
    isFull = false;
    await node.runner.tick();
    expect((await eventsOf(ledger, stream)).at(-1)).toBe('TimerScheduled wait');
    expect(node.runner.idleBecause()).toEqual([]);
  });
});

describe('the service principal of a kind', () => {
  it('has a role that anybody can see, and every step is recorded as its doing, with the saga as what it was done for', async () => {
    const { node, stream } = await started();
    await node.runner.tick();
    const role = node.account().roles.get('IamLedgerDemo');
    expect(JSON.parse(role?.assumeRolePolicyDocument ?? '')).toMatchObject({ Statement: [{ Principal: { Service: 'demo.iam-ledger.internal' } }] });
    const cell = node.runner.store.byStream(stream)!; // it was begun
    const created = cell.value.state as { newKeyId: string };
    const events = [];
    for await (const batch of node.ledger.read(`account-${accountId}`)) events.push(...batch);
    const event = events.find(({ data }) => (data as { accessKeyId?: string }).accessKeyId === created.newKeyId);
    expect(event?.metadata).toMatchObject({
      eventName: 'CreateAccessKey',
      sourceIPAddress: 'demo.iam-ledger.internal',
      actor: { type: 'AssumedRole', sessionContext: { sessionRoot: 'demo.iam-ledger.internal', sessionIssuer: { userName: 'IamLedgerDemo' } } },
    });
  });

  it.each([
    ['its policy is taken away', (node: SagaNode) => node.command('DeleteRolePolicy', { RoleName: 'IamLedgerDemo', PolicyName: 'IamLedgerDemo' })],
    [
      'it is denied',
      (node: SagaNode) =>
        node.command('PutRolePolicy', {
          RoleName: 'IamLedgerDemo',
          PolicyName: 'no',
          PolicyDocument: '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"*","Resource":"*"}]}',
        }),
    ],
    [
      'its role trusts it no longer',
      (node: SagaNode) =>
        node.command('UpdateAssumeRolePolicy', {
          RoleName: 'IamLedgerDemo',
          PolicyDocument:
            '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"other.internal"},"Action":"sts:AssumeRole"}]}',
        }),
    ],
    [
      'its role is deleted',
      async (node: SagaNode) => {
        await node.command('DeleteRolePolicy', { RoleName: 'IamLedgerDemo', PolicyName: 'IamLedgerDemo' });
        await node.command('DeleteRole', { RoleName: 'IamLedgerDemo' });
      },
    ],
  ])('can do nothing once %s', async (_how, stop) => {
    const { node, stream } = await started();
    await stop(node);
    await node.runner.tick().catch(() => {});
    expect((await eventsOf(node.ledger, stream)).slice(1, 3)).toEqual(['StepIssued create', 'StepFailed create AccessDenied']);
    await runDemo(node);
    expect(keysOf(node)).toHaveLength(1);
  });
});

describe('a run', () => {
  const by = { by: 'person', arn: 'arn:aws:iam::000000000001:root' } as const;

  it('is dry the first time in an account, whoever asks', async () => {
    const clock = new TestClock();
    const node = await openNode({ clock });
    open.push(node);
    await userWithKey(node, 'ann');
    const request = { kind: demoKind, accountId, trigger: by, isDry: false, now: clock.now() } as const;
    expect(await node.runner.runs.run(request)).toMatchObject({
      status: 'Completed',
      isDry: true,
      dryBecause: expect.stringContaining('first'),
      starts: 1,
      started: 0,
    });
    expect(node.ledger.streams('saga-demo-')).toEqual([]);
    expect(await node.runner.runs.run(request)).toMatchObject({ isDry: false, starts: 1, started: 1 });
    expect(await node.runner.runs.run(request)).toMatchObject({ starts: 0, skips: 1, started: 0 });
    expect(await node.runner.runs.book('demo').items(node.runner.runs.book('demo').runs(accountId)[0]!.runId)).toEqual([
      expect.objectContaining({ action: 'skip', skipReason: 'it is under way', credential: expect.any(String) }),
    ]);
  });

  it('of a kind that takes something away stays dry on the schedule until its settings are put; a person need not wait', async () => {
    const clock = new TestClock();
    const careful = { ...demoKind, waitsForSettings: true } as const;
    const node = await openNode({ clock, kinds: [careful] });
    open.push(node);
    await userWithKey(node, 'ann');
    const scheduled = (slot: string) =>
      node.runner.runs.run({ kind: careful, accountId, trigger: { by: 'schedule', slot, missedSlots: 0 }, isDry: false, now: clock.now() });
    await scheduled('2026-01-01T03:00:00.000Z');
    expect(await scheduled('2026-01-02T03:00:00.000Z')).toMatchObject({
      isDry: true,
      dryBecause: expect.stringContaining('settings'),
      starts: 1,
      started: 0,
    });
    await node.runner.rules.change(
      [careful],
      careful.kind,
      accountId,
      { exceptUsers: [] },
      { by: 'arn:aws:iam::000000000001:user/ann', reason: 'tried it', now: clock.now() },
    );
    expect(await scheduled('2026-01-03T03:00:00.000Z')).toMatchObject({ isDry: false, starts: 1, started: 1 });
  });

  it('is refused as a whole, with its list, where it would begin more than it may', async () => {
    const clock = new TestClock();
    const node = await openNode({ clock, settings: { caps: { startsMax: 100, startsPercentMax: 50 } } });
    open.push(node);
    for (const name of ['ann', 'bob', 'cai']) await userWithKey(node, name);
    await runDemo(node);
    const book = node.runner.runs.book('demo');
    const [run] = book.runs(accountId);
    expect(run).toMatchObject({ status: 'Refused', starts: 3, started: 0, reason: expect.stringContaining('3 of 3') });
    expect(await book.items(run!.runId)).toHaveLength(3); // it was written before it was refused
    expect(node.ledger.streams('saga-demo-')).toEqual([]);
    expect(node.account().roles.has('IamLedgerDemo')).toBe(false);
    const agreed = await node.runner.runs.run({ kind: demoKind, accountId, trigger: by, isDry: false, now: clock.now(), startsMax: 3 });
    expect(agreed).toMatchObject({ status: 'Completed', started: 3 });
  });

  it('of a plan that was agreed to begins nothing that is not in it or that changed since', async () => {
    const clock = new TestClock();
    const node = await openNode({ clock });
    open.push(node);
    const annsKey = await userWithKey(node, 'ann');
    await userWithKey(node, 'bob');
    const request = { kind: demoKind, accountId, trigger: by, now: clock.now() } as const;
    const plan = await node.runner.runs.run({ ...request, isDry: true });
    await userWithKey(node, 'cai');
    await node.command('DeleteAccessKey', { UserName: 'ann', AccessKeyId: annsKey });
    await node.command('CreateAccessKey', { UserName: 'ann' });
    const run = await node.runner.runs.run({ ...request, isDry: false, planRunId: plan!.runId });
    expect(run).toMatchObject({ starts: 1, started: 1, skips: 2 });
  });

  it('does not take place while the kind is paused or its settings can not be read, and says why', async () => {
    const { node, clock } = await started();
    await userWithKey(node, 'bob');
    const word = { by: 'somebody', reason: 'an audit', now: clock.now() };
    await node.runner.rules.pause(accountId, 'demo', word);
    const request = { kind: demoKind, accountId, trigger: by, isDry: false, now: clock.now() } as const;
    expect(await node.runner.runs.run(request)).toBeUndefined();
    await node.runner.tick();
    expect(keysOf(node)).toHaveLength(1);
    await node.runner.rules.resume(accountId, 'demo', word);
    await expect(node.runner.rules.change([demoKind], 'demo', accountId, { exceptUsers: 'bob' }, word)).rejects.toThrow('exceptUsers must be a list');
    await node.runner.rules.change([demoKind], 'demo', accountId, { exceptUsers: ['bob'] }, word);
    expect(await node.runner.runs.run(request)).toMatchObject({ starts: 0, skips: 2 });
    expect(node.runner.runs.book('demo').skipped(accountId)).toEqual([
      expect.objectContaining({ reason: expect.stringContaining('paused by somebody') }),
    ]);
    await node.runner.tick();
    expect(keysOf(node)).toHaveLength(2);
  });

  it('comes with a slot of the schedule, once however many nodes there are; what was missed is counted and costs one run', async () => {
    const clock = new TestClock();
    const schedule = { expression: '0 3 * * *', timeZone: 'Europe/Zurich' };
    const node = await openNode({ clock, settings: { schedule } });
    open.push(node);
    await node.runner.tick();
    expect(node.ledger.streams('saga-slot-demo-')).toEqual([]);
    const next = node.runner.nextRun(demoKind)!; // every day
    clock.pass(next.getTime() - clock.ms);
    const other = await openNode({ clock, ledger: node.ledger, settings: { schedule, owner: 'node-2', isSoleOwner: false } });
    open.push(other);
    await Promise.all([node.runner.tick(), other.runner.tick()]);
    expect(node.ledger.streams('saga-slot-demo-')).toEqual([`saga-slot-demo-${next.toISOString()}`]);
    await node.runner.refresh();
    expect(node.runner.runs.book('demo').runs(accountId)).toHaveLength(1);
    clock.pass(3 * 86_400_000);
    await node.runner.tick();
    expect(node.runner.runs.book('demo').runs(accountId)[0]).toMatchObject({
      trigger: { by: 'schedule', slot: new Date(next.getTime() + 3 * 86_400_000).toISOString(), missedSlots: 2 },
    });
  });

  it('of a slot that a crash interrupted takes place after the next start', async () => {
    const clock = new TestClock();
    const settings = { schedule: { expression: '0 3 * * *', timeZone: 'UTC' } };
    const node = await openNode({ clock, settings });
    open.push(node);
    await userWithKey(node, 'ann');
    const slot = node.runner.nextRun(demoKind)!.toISOString(); // every day
    clock.pass(Date.parse(slot) - clock.ms);
    const taken = { id: '01980000-0000-7000-8000-000000000000', type: 'SlotTaken', schemaVersion: 1, time: slot, data: {}, metadata: {} };
    await node.ledger.append(`saga-slot-demo-${slot}`, 'no-stream', [taken]);
    await node.runner.runs
      .book('demo')
      .stream.append(
        { type: 'RunStarted', data: { runId: 'r1', accountId, trigger: { by: 'schedule', slot, missedSlots: 0 }, isDry: true, position: 1 } },
        { now: clock.now() },
      );
    for (let start = 0; start < 2; start++) {
      const again = await openNode({ clock, settings, ledger: node.ledger });
      open.push(again);
      await again.runner.tick();
      expect(
        again.runner.runs
          .book('demo')
          .runs(accountId)
          .map(({ status }) => status),
      ).toEqual(['Completed', 'Failed']);
    }
  });

  it('that a crash interrupted is told to have failed at the next start', async () => {
    const clock = new TestClock();
    const node = await openNode({ clock });
    open.push(node);
    await node.runner.runs
      .book('demo')
      .stream.append({ type: 'RunStarted', data: { runId: 'r1', accountId, trigger: by, isDry: false, position: 1 } }, { now: clock.now() });
    const again = await openNode({ clock, ledger: node.ledger });
    open.push(again);
    expect(again.runner.runs.book('demo').find('r1')).toMatchObject({ status: 'Failed', reason: expect.stringContaining('ended') });
  });
});
