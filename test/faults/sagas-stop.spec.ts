import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { openMemoryLedger, uuidv7, type Ledger } from '../../libs/ledger/index.ts';
import { eventsOf } from '../support/saga-node.ts';
import { shareLedger } from '../support/shared-ledger.ts';

jest.setTimeout(120_000);

const program = join(import.meta.dirname, '..', 'support', 'saga-node-process.ts');
const stream = 'saga-outside-one';
const leaseMs = 1000;
const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

interface Effect {
  readonly owner: string;
  readonly fencingToken: number;
  readonly idempotencyKey: string;
}

interface Node {
  readonly process: ChildProcess;
  readonly effects: Effect[];
  ticks: number;
  isStopped: boolean;
}

function node(ledger: Ledger, owner: string, { stopAt = '-', fence = 'fenced' } = {}): Node {
  const child = fork(program, [owner, String(leaseMs), stopAt, fence], { execArgv: ['--no-warnings'] });
  children.push(child);
  shareLedger(ledger, child);
  const started: Node = { process: child, effects: [], ticks: 0, isStopped: false };
  child.on('message', (message: { effect?: Effect; stopped?: string; ticked?: unknown }) => {
    if (message.effect !== undefined) started.effects.push(message.effect);
    if (message.stopped !== undefined) started.isStopped = true;
    if (message.ticked !== undefined) started.ticks++;
  });
  return started;
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await sleep(20);
}

async function begun(): Promise<Ledger> {
  const ledger = openMemoryLedger();
  const metadata = { kind: 'outside', instance: 'one', accountId: '000000000001', correlationId: 'one' };
  await ledger.append(stream, 'no-stream', [
    { id: uuidv7(Date.now()), type: 'Begun', schemaVersion: 1, time: new Date().toISOString(), data: {}, metadata },
  ]);
  return ledger;
}

/** A runner is stopped with a step issued and not carried out, another takes over when the lease is over, and the first is let go on. */
async function stoppedPastItsLease(fence: string): Promise<{ readonly effects: readonly Effect[]; readonly events: readonly string[] }> {
  const ledger = await begun();
  const first = node(ledger, 'first', { stopAt: 'issued act', fence });
  await until(() => first.isStopped);
  const second = node(ledger, 'second');
  await until(() => second.effects.length > 0);
  const ticks = first.ticks;
  first.process.kill('SIGCONT');
  await until(() => first.ticks > ticks + 2);
  return { effects: [...first.effects, ...second.effects], events: await eventsOf(ledger, stream) };
}

describe('a runner that was stopped for longer than its lease', () => {
  it('finds itself fenced when it goes on: what the other did is done once', async () => {
    const { effects, events } = await stoppedPastItsLease('fenced');
    expect(effects).toEqual([expect.objectContaining({ owner: 'second', fencingToken: 1 })]);
    expect(events).toEqual(['Begun', 'StepIssued act', 'StepSucceeded act']);
  });

  it('would do it again if it did not look at its lease', async () => {
    const { effects } = await stoppedPastItsLease('unfenced');
    expect(effects.map(({ owner }) => owner).toSorted()).toEqual(['first', 'second']);
    expect(new Set(effects.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(1);
  });
});
