import { describe, expect, it } from '@jest/globals';
import { openMemoryLedger } from '../../libs/ledger/index.ts';
import { TestClock } from '../../test/support/saga-node.ts';
import { Lease, leaseStream } from './lease.ts';

const leaseMs = 60_000;

function two() {
  const ledger = openMemoryLedger();
  const clock = new TestClock();
  const lease = (owner: string): Lease => new Lease(ledger, clock, { owner, leaseMs, isSoleOwner: false });
  return { ledger, clock, a: lease('a'), b: lease('b'), lease };
}

describe('a lease', () => {
  it('is taken by one of two who try at the same moment', async () => {
    const { a, b } = two();
    expect((await Promise.all([a.hold(), b.hold()])).toSorted()).toEqual(['other', 'taken']);
  });

  it('is kept without writing anything while it is young, and renewed when a third of it is over', async () => {
    const { ledger, clock, a } = two();
    await a.hold();
    clock.pass(leaseMs / 3 - 1);
    expect(await a.hold()).toBe('kept');
    expect(ledger.revision(leaseStream)).toBe(0);
    clock.pass(1);
    expect(await a.hold()).toBe('kept');
    expect(ledger.revision(leaseStream)).toBe(1);
    expect(a.token()).toBe(1);
  });

  it('is not held any longer by who was stopped beyond its time, even where nobody else took it', async () => {
    const { clock, a } = two();
    await a.hold();
    clock.pass(leaseMs);
    expect(a.token()).toBeUndefined();
    expect(await a.hold()).toBe('taken');
  });

  it('fences who held it: his token is gone the moment another has it', async () => {
    const { clock, a, b } = two();
    await a.hold();
    await b.hold();
    clock.pass(leaseMs);
    expect(await b.hold()).toBe('taken');
    expect([a.token(), b.token()]).toEqual([undefined, 1]);
    expect(await a.hold()).toBe('other');
  });

  it('is not taken from a holder who goes on renewing it', async () => {
    const { clock, a, b } = two();
    await a.hold();
    for (let third = 0; third < 9; third++) {
      clock.pass(leaseMs / 3);
      expect(await a.hold()).toBe('kept');
      expect(await b.hold()).toBe('other');
    }
  });

  it('can be taken at once after it was given back, and by the one process that can have the store', async () => {
    const { ledger, clock, a, b } = two();
    await a.hold();
    await a.release();
    expect(a.token()).toBeUndefined();
    expect(await b.hold()).toBe('taken');
    const alone = new Lease(ledger, clock, { owner: 'c', leaseMs, isSoleOwner: true });
    expect(await alone.hold()).toBe('taken');
  });
});
