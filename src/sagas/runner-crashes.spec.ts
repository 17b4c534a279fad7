import { afterEach, describe, expect, it } from '@jest/globals';
import { openMemoryLedger, uuidv7, type Ledger } from '../../libs/ledger/index.ts';
import { demoWaitMs } from '../../test/support/demo-saga.ts';
import { TestClock, TestNotices, eventsOf, openNode, runDemo, userWithKey, type NodeOptions, type SagaNode } from '../../test/support/saga-node.ts';
import type { SagaRunner } from './runner.ts';

const open: SagaNode[] = [];
afterEach(async () => {
  for (const node of open.splice(0)) await node.close();
});

async function node(options: NodeOptions): Promise<SagaNode> {
  const opened = await openNode(options);
  open.push(opened);
  return opened;
}

/** Never resolves: the process ended here, and what it had begun stands in the log. */
const ended = new Promise<never>(() => {});

/** Runs a node until it ends at a point, or is at rest. */
async function untilItEnds(runner: SagaRunner, died: Promise<void>): Promise<void> {
  await Promise.race([runner.tick().catch(() => {}), died]);
}

interface World {
  readonly clock: TestClock;
  readonly ledger: Ledger;
  readonly notices: TestNotices;
  readonly stream: string;
}

async function begun(): Promise<World> {
  const clock = new TestClock();
  const ledger = openMemoryLedger();
  const notices = new TestNotices();
  const first = await node({ clock, ledger, notices });
  await userWithKey(first, 'ann');
  await runDemo(first);
  return { clock, ledger, notices, stream: ledger.streams('saga-demo-')[0]! }; // one user, one instance
}

const pointsOfTheWay = ['create', 'tell', 'deactivate', 'delete'].flatMap((step) => [`issued ${step}`, `carried out ${step}`, `recorded ${step}`]);

interface AtTheEnd {
  readonly keys: number;
  readonly noticeIds: number;
  readonly last: string | undefined;
}

/** Goes the whole way with a process that ends at each of these points, the first time that it gets there, and another that goes on. */
async function wayWithEndsAt(points: readonly string[], options: Partial<NodeOptions> = {}): Promise<AtTheEnd> {
  const world = await begun();
  const { clock, ledger, notices, stream } = world;
  const left = [...points];
  let owner = 1;
  let current: SagaNode | undefined;
  let die = (): void => {};
  let isDead = false;
  let died: Promise<void> = Promise.resolve();
  for (let turn = 0; turn < 40; turn++) {
    if (current === undefined) {
      isDead = false;
      died = new Promise<void>((resolve) => (die = resolve));
    }
    current ??= await node({
      clock,
      ledger,
      notices,
      settings: { owner: `node-${++owner}` },
      onPoint: (point) => {
        if (left[0] !== point) return undefined;
        left.shift();
        isDead = true;
        die();
        return ended;
      },
      ...options,
    });
    await untilItEnds(current.runner, died);
    if (isDead) {
      open.splice(open.indexOf(current), 1); // gone: nobody closes what was killed
      current = undefined;
    }
    clock.pass(turn % 2 === 0 ? 2_000 : demoWaitMs);
  }
  const last = current ?? (await node({ clock, ledger, notices }));
  await last.runner.tick().catch(() => {});
  return {
    keys: last.account().users.get('ann')?.accessKeyIds.length ?? -1,
    noticeIds: new Set(notices.calls.map(({ idempotencyKey }) => idempotencyKey)).size,
    last: (await eventsOf(ledger, stream)).at(-1),
  };
}

const asWithoutAnEnd: AtTheEnd = { keys: 1, noticeIds: 1, last: 'DemoDone' };

describe('a process that ends between any two steps', () => {
  it('comes to this without an end', async () => {
    expect(await wayWithEndsAt([])).toEqual(asWithoutAnEnd);
  });

  it.each(pointsOfTheWay)('comes to the same when it ends at "%s"', async (point) => {
    expect(await wayWithEndsAt([point])).toEqual(asWithoutAnEnd);
  });

  it('comes to the same when it ends at every point of the way, one after another', async () => {
    expect(await wayWithEndsAt(pointsOfTheWay)).toEqual(asWithoutAnEnd);
  });

  it('comes to the same when it ends twice at the same point', async () => {
    for (const point of pointsOfTheWay.filter((each) => !each.startsWith('recorded'))) {
      expect({ point, ...(await wayWithEndsAt([point, point])) }).toEqual({ point, ...asWithoutAnEnd });
    }
  });

  it('is told to be late where it comes back after the deadline of a step, and does the step under the same id all the same', async () => {
    const { clock, ledger, notices, stream } = await begun();
    let die = (): void => {};
    const died = new Promise<void>((resolve) => (die = resolve));
    const first = await openNode({ clock, ledger, notices, onPoint: (point) => (point === 'issued tell' ? (die(), ended) : undefined) });
    await untilItEnds(first.runner, died);
    clock.pass(2 * 3_600_000);
    const second = await node({ clock, ledger, notices, settings: { owner: 'node-2' } });
    await second.runner.tick();
    expect(notices.calls.map(({ attempt }) => attempt)).toEqual([1]);
    expect((await eventsOf(ledger, 'saga-run-demo')).at(-1)).toContain('StepOverdue');
    expect((await eventsOf(ledger, stream)).at(-1)).toBe('TimerScheduled wait');
  });

  it('would leave a key behind without the id of the command (the guard is needed)', async () => {
    const { keys } = await withoutIds(() => wayWithEndsAt(['carried out create']));
    expect(keys).toBeGreaterThan(1);
  });
});

/** Lets the search for what was carried out find nothing, and gives every command a new id. */
async function withoutIds<T>(work: () => Promise<T>): Promise<T> {
  const { PipelineCommands } = await import('./saga-commands.ts');
  const { prototype } = PipelineCommands;
  const { send, isCarriedOut } = prototype;
  prototype.send = function (command) {
    return send.call(this, { ...command, commandId: uuidv7(Date.now()) });
  };
  prototype.isCarriedOut = async () => false;
  try {
    return await work();
  } finally {
    prototype.send = send;
    prototype.isCarriedOut = isCarriedOut;
  }
}

describe('two runners on one store', () => {
  it('do every step once, whoever is faster', async () => {
    const { clock, ledger, notices, stream } = await begun();
    const nodes = await Promise.all(
      ['a', 'b'].map((owner) => node({ clock, ledger, notices, settings: { owner, isSoleOwner: false, leaseMs: 60_000 } })),
    );
    for (let turn = 0; turn < 6; turn++) {
      await Promise.all(nodes.map(({ runner }) => runner.tick()));
      clock.pass(demoWaitMs / 2);
    }
    const events = await eventsOf(ledger, stream);
    expect(events.filter((event) => event.startsWith('StepIssued'))).toEqual(
      ['create', 'tell', 'deactivate', 'delete'].map((step) => `StepIssued ${step}`),
    );
    expect(events.at(-1)).toBe('DemoDone');
    expect(notices.calls).toHaveLength(1);
  });

  it('act one at a time: the other waits for the lease, takes it when its time is over, and goes on where the first was', async () => {
    const { clock, ledger, notices, stream } = await begun();
    const a = await node({ clock, ledger, notices, settings: { owner: 'a', isSoleOwner: false } });
    const b = await node({ clock, ledger, notices, settings: { owner: 'b', isSoleOwner: false } });
    await a.runner.tick();
    clock.pass(30_000);
    await b.runner.tick();
    expect(b.runner.idleBecause()).toEqual([]);
    clock.pass(demoWaitMs);
    await b.runner.tick(); // sees the lease of a for the first time, and that it does not move
    expect(b.runner.idleBecause()).toEqual(['another node holds the lease']);
    clock.pass(60_000);
    await b.runner.tick();
    expect((await eventsOf(ledger, stream)).at(-1)).toBe('DemoDone');
    expect(await eventsOf(ledger, 'saga-lease')).toEqual(['LeaseTaken', 'LeaseTaken']);
  });

  it('do not both act because the clock of one is an hour ahead: no clock is compared with another', async () => {
    const { clock, ledger, notices, stream } = await begun();
    const ahead = new TestClock();
    ahead.ms = clock.ms + 3_600_000;
    const a = await node({ clock, ledger, notices, settings: { owner: 'a', isSoleOwner: false } });
    await a.runner.tick();
    const cell = a.runner.store.byStream(stream)!; // it was begun
    expect(cell.value.timers).not.toEqual({});
    const b = await node({ clock: ahead, ledger, notices, settings: { owner: 'b', isSoleOwner: false } });
    ahead.ms += demoWaitMs;
    await b.runner.tick().catch(() => {});
    expect(await eventsOf(ledger, 'saga-lease')).toEqual(['LeaseTaken']);
    expect((await eventsOf(ledger, stream)).at(-1)).toBe('TimerScheduled wait');
  });

  it.each([
    ['issued tell', 1],
    ['issued create', 1],
    ['carried out create', 1],
  ])('leave a step to the one who took over when the first was stopped at "%s" for longer than its lease', async (point, notified) => {
    const { clock, ledger, notices, stream } = await begun();
    let goOn = (): void => {};
    let reached = (): void => {};
    const stopped = new Promise<void>((resolve) => (reached = resolve));
    const a = await node({
      clock,
      ledger,
      notices,
      settings: { owner: 'a', isSoleOwner: false },
      onPoint: (at) => {
        if (at !== point) return undefined;
        reached();
        return new Promise<void>((resolve) => (goOn = resolve));
      },
    });
    const b = await node({ clock, ledger, notices, settings: { owner: 'b', isSoleOwner: false } });
    const ticking = a.runner.tick();
    await stopped;
    await b.runner.tick();
    clock.pass(60_000);
    await b.runner.tick();
    expect((await eventsOf(ledger, stream)).at(-1)).toBe('TimerScheduled wait');
    goOn();
    await ticking.catch(() => {});
    await b.runner.refresh();
    expect(notices.calls).toHaveLength(notified);
    const events = await eventsOf(ledger, stream);
    expect(events).toEqual([...new Set(events)]);
    clock.pass(demoWaitMs + 60_000);
    for (const each of [b, a]) await each.runner.tick();
    expect(b.account().users.get('ann')?.accessKeyIds).toHaveLength(1);
    expect((await eventsOf(ledger, stream)).at(-1)).toBe('DemoDone');
  });
});
