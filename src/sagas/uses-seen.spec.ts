import { afterEach, describe, expect, it } from '@jest/globals';
import { TestClock, eventsOf, openNode, runDemo, userWithKey, type SagaNode } from '../../test/support/saga-node.ts';
import { neverUsed } from '../../test/support/runner-settings.ts';
import { demoKind, demoSaga } from '../../test/support/demo-saga.ts';
import { HistoryBehind, requireUses, usesSeenBy } from './uses-seen.ts';

const nobodyStops = new AbortController().signal;

describe('uses are seen', () => {
  it('once what waits for the log is written, and the history has reached the head that this makes', async () => {
    const order: string[] = [];
    let head = 5;
    const flush = async () => {
      order.push('flush');
      head = 9;
    };
    const waitFor = async (position: number) => void order.push(`wait for ${position}`);
    await usesSeenBy({ ledger: { head: () => head }, activity: { flush, failure: undefined }, accessHistory: { waitFor } })(nobodyStops);
    expect(order).toEqual(['flush', 'wait for 9']);
  });

  it('not while calls can not be written', async () => {
    const activity = { flush: async () => {}, failure: new Error('the disk is full') };
    const seen = usesSeenBy({ ledger: { head: () => 5 }, activity, accessHistory: { waitFor: async () => {} } });
    await expect(requireUses(seen, nobodyStops)).rejects.toThrow(HistoryBehind);
  });

  it('not for ever: whoever stops does not wait for a history that does not get on', async () => {
    const stop = new AbortController();
    const never = (signal: AbortSignal) =>
      new Promise<void>((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true }));
    const waiting = requireUses(never, stop.signal);
    stop.abort(new Error('the server ends'));
    await expect(waiting).rejects.toThrow('The access history does not reach the head of the log: the server ends');
  });
});

describe('a command that asks a last question', () => {
  const open: SagaNode[] = [];
  afterEach(async () => {
    for (const node of open.splice(0)) await node.close();
  });

  /** The demo, which leaves a user alone who did anything. */
  const asking: typeof demoKind = {
    ...demoKind,
    sagaWith: () => ({
      ...demoSaga,
      decide: (state, world) =>
        demoSaga
          .decide(state, world)
          .map((action) =>
            action.kind === 'send' ? { ...action, unless: ({ use }) => (use.password('ann') === undefined ? undefined : 'it is used') } : action,
          ),
    }),
  };

  async function started(usesSeen: () => Promise<void>, use = neverUsed) {
    const clock = new TestClock();
    const node = await openNode({ clock, usesSeen, use, kinds: [asking] });
    open.push(node);
    await userWithKey(node, 'ann');
    await runDemo(node, asking);
    const stream = node.ledger.streams('saga-demo-')[0]!; // one user, one instance
    return { node, clock, events: () => eventsOf(node.ledger, stream) };
  }

  it('is not carried out while the history is behind, and is tried again later', async () => {
    let isBehind = true;
    const { node, clock, events } = await started(async () => {
      if (isBehind) throw new Error('it stopped');
    });
    await node.runner.tick();
    expect(await events()).toEqual(['DemoPlanned', 'StepIssued create', 'StepFailed create HistoryBehind']);
    expect(node.account().users.get('ann')?.accessKeyIds).toHaveLength(1);
    isBehind = false;
    clock.pass(2000);
    await node.runner.tick();
    expect((await events()).slice(3, 5)).toEqual(['StepIssued create', 'StepSucceeded create']);
  });

  it('sees a use that only comes to the history while it waits', async () => {
    let usedAt: Date | undefined;
    const { node, events } = await started(
      async () => {
        usedAt = new Date();
      },
      { ...neverUsed, password: () => usedAt },
    );
    await node.runner.tick().catch(() => {});
    expect((await events()).slice(0, 3)).toEqual(['DemoPlanned', 'StepIssued create', 'StepFailed create NoLongerHolds']);
  });
});
