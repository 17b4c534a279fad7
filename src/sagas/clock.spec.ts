import { describe, expect, it } from '@jest/globals';
import { TestClock } from '../../test/support/saga-node.ts';
import { ClockGuard } from './clock.ts';

const day = 86_400_000;

function guarded(): { readonly clock: TestClock; readonly guard: ClockGuard; looks(): string[] } {
  const clock = new TestClock();
  const guard = new ClockGuard(clock, { driftMsMax: 60_000, confirmations: 3, jumpMsMax: 7 * day });
  return {
    clock,
    guard,
    looks: () =>
      Array.from({ length: 5 }, () => {
        clock.pass(1000);
        return guard.look();
      }),
  };
}

describe('the guard of the clock', () => {
  it('is content with a clock that goes with the time, however long nobody looked', () => {
    const { clock, guard } = guarded();
    expect(guard.look()).toBe('steady');
    clock.pass(100 * day);
    expect(guard.look()).toBe('steady');
    clock.ms += 59_000;
    expect(guard.look()).toBe('steady');
  });

  it.each([
    ['three hours ahead', 3 * 3_600_000],
    ['two hours back', -2 * 3_600_000],
  ])('waits until a clock that went %s has been steady for some looks', (_how, jump) => {
    const { clock, guard, looks } = guarded();
    clock.ms += jump;
    expect(guard.look()).toBe('jumped');
    expect(guard.doubt).toMatchObject({ jumpMs: jump, needsPerson: false });
    expect(looks()).toEqual(['doubted', 'doubted', 'confirmed', 'steady', 'steady']);
  });

  it('waits for a person after a jump that would make everything old', () => {
    const { clock, guard, looks } = guarded();
    clock.ms += 400 * day;
    expect(guard.look()).toBe('jumped');
    expect(guard.doubt).toMatchObject({ needsPerson: true });
    expect(looks()).toEqual(Array.from({ length: 5 }, () => 'doubted'));
    guard.confirm();
    expect(looks()[0]).toBe('steady');
  });

  it('takes one bad read for what it was when the clock is back', () => {
    const { clock, guard, looks } = guarded();
    clock.ms += 400 * day;
    expect(guard.look()).toBe('jumped');
    clock.ms -= 400 * day;
    expect(guard.look()).toBe('jumped');
    expect(guard.doubt).toMatchObject({ needsPerson: false });
    expect(looks()).toContain('confirmed');
  });

  it.each([
    ['is behind the log', -3_600_000, true],
    ['is further ahead of it than a server is off', 8 * day, true],
    ['is a night ahead of it', day / 2, false],
    ['is the same', 0, false],
  ])('at start, when the clock %s', (_how, ahead, doubted) => {
    const { clock, guard } = guarded();
    guard.startAfter(new Date(clock.ms - ahead));
    expect(guard.doubt?.needsPerson === true).toBe(doubted);
  });
});
