import { describe, expect, it } from '@jest/globals';
import { EventTooLarge, LedgerBusy, LedgerFull, OutcomeUnknown, WrongExpectedRevision } from '../ledger.ts';
import type { NewEvent } from '../ledger.ts';
import { uuidv7 } from '../uuid.ts';
import { createAppender } from './appender.ts';
import type { Limits } from './limits.ts';
import { limitsWith } from './limits.ts';
import type { Outcome, WriteRequest } from './writer.ts';

function event(text = 'x'): NewEvent {
  return { id: uuidv7(Date.now()), type: 'UserCreated', schemaVersion: 1, time: '2026-01-01T00:00:00.000Z', data: { text }, metadata: {} };
}

/** An appender whose writer is the test: requests wait in `sent` until `reply` answers the oldest. */
function appenderOf(limits: Partial<Limits> = {}) {
  const sent: WriteRequest[] = [];
  let lookUps = 0;
  const appender = createAppender({
    head: 0,
    heads: { byName: new Map(), nextNumber: 1 },
    limits: limitsWith(limits),
    send: (request) => sent.push(request),
    lookUp: async () => {
      lookUps += 1;
      return undefined;
    },
  });
  const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));
  return {
    ...appender,
    sent,
    lookUps: () => lookUps,
    turn,
    async reply(outcome: Outcome) {
      const request = sent.shift()!;
      appender.replied({ outcome, message: `the test said ${outcome}`, bytes: request.bytes });
      await turn();
    },
  };
}

const count = ({ rows }: WriteRequest): number => rows.length / 3;
const outcomeOf = async (append: Promise<unknown>): Promise<unknown> => append.catch((error: unknown) => error);

describe('the appender', () => {
  it('puts all who append in one turn into one transaction, and those who come meanwhile into the next', async () => {
    const { append, sent, turn, reply } = appenderOf({ batchesInFlightMax: 1 });
    const first = [append('a', 'any', [event()]), append('b', 'any', [event(), event()])];
    await turn();
    const second = [append('a', 0, [event()]), append('c', 'any', [event()])];
    await turn();
    expect(sent.map(count)).toEqual([3]);
    await reply('stored');
    expect((await Promise.all(first)).map(({ lastPosition }) => lastPosition)).toEqual([1, 3]);
    expect(sent.map(count)).toEqual([2]);
    await reply('stored');
    expect((await Promise.all(second)).map(({ firstPosition }) => firstPosition)).toEqual([4, 5]);
  });

  it('gives an idle writer half of those who usually wait at once, so that two halves take turns', async () => {
    const { append, sent, turn, reply } = appenderOf();
    const burst = (): Promise<unknown>[] => Array.from({ length: 64 }, (_, n) => append(`s${n}`, 'any', [event()]));
    burst();
    await turn();
    while (sent.length > 0) await reply('stored');
    burst();
    expect(sent).toHaveLength(1);
    await turn();
    const [first, second] = sent.map(count);
    expect(first! + second!).toBe(64);
    expect(Math.abs(first! - second!)).toBeLessThan(16);
  });

  it('never cuts an append, and begins another transaction where a limit is reached', async () => {
    const { append, sent, turn } = appenderOf({ batchEventsMax: 4, batchesInFlightMax: 9 });
    const appends = [3, 3, 4, 1].map((events) =>
      append(
        'a',
        'any',
        Array.from({ length: events }, () => event()),
      ),
    );
    await turn();
    expect(sent.map(count)).toEqual([3, 3, 4, 1]);
    expect(sent.map(({ firstPosition }) => firstPosition)).toEqual([1, 4, 7, 11]);
    expect(appends).toHaveLength(4);
  });

  it('refuses an event or an append that is too large, before anything is taken', async () => {
    const { append, sent, turn } = appenderOf({ eventBytesMax: 300, batchEventsMax: 4 });
    expect(await outcomeOf(append('a', 'any', [event(), event('x'.repeat(300))]))).toBeInstanceOf(EventTooLarge);
    // Two bytes each in UTF-8: the limit is of bytes.
    expect(await outcomeOf(append('a', 'any', [event('ü'.repeat(100))]))).toBeInstanceOf(EventTooLarge);
    expect(
      await outcomeOf(
        append(
          'a',
          'any',
          [1, 2, 3, 4, 5].map(() => event()),
        ),
      ),
    ).toBeInstanceOf(EventTooLarge);
    const taken = append('a', 'no-stream', [event()]);
    await turn();
    expect(sent.map(({ firstPosition, newStreams, rows }) => [firstPosition, newStreams, rows.length])).toEqual([[1, [[1, 'a']], 3]]);
    expect(taken).toBeInstanceOf(Promise);
  });

  it('is busy when its queue is full, and takes appends again when there is room', async () => {
    const { append, turn, reply } = appenderOf({ queueEventsMax: 3, recentEventsMax: 6 });
    const first = append('a', 'any', [event(), event(), event()]);
    expect(await outcomeOf(append('a', 'any', [event()]))).toBeInstanceOf(LedgerBusy);
    await turn();
    expect(await outcomeOf(append('b', 'any', [event()]))).toBeInstanceOf(LedgerBusy);
    await reply('stored');
    await first;
    void append('a', 2, [event()]);
    await turn();
    await reply('stored');
  });

  it('is busy when too many bytes wait', async () => {
    const { append } = appenderOf({ queueBytesMax: 1000 });
    void append('a', 'any', [event('x'.repeat(2000))]);
    expect(await outcomeOf(append('a', 'any', [event()]))).toBeInstanceOf(LedgerBusy);
  });

  it('does not refuse for what may still fail: it waits until that is decided', async () => {
    const { append, turn, reply } = appenderOf();
    const first = outcomeOf(append('a', 'no-stream', [event()]));
    await turn();
    const second = append('a', 'no-stream', [event()]);
    const third = outcomeOf(append('a', 'no-stream', [event()]));
    await turn();
    await reply('full');
    expect(await first).toBeInstanceOf(LedgerFull);
    await turn();
    await reply('stored');
    expect(await second).toEqual({ firstPosition: 1, lastPosition: 1, revision: 0 });
    expect(await third).toBeInstanceOf(WrongExpectedRevision);
  });

  it('fails all that was decided on events that could not be written, and gives their positions again', async () => {
    const { append, sent, turn, reply, head, progress } = appenderOf({ batchesInFlightMax: 2 });
    const first = outcomeOf(append('a', 'no-stream', [event()]));
    await turn();
    const second = outcomeOf(append('a', 0, [event()]));
    await turn();
    const third = outcomeOf(append('b', 'no-stream', [event()]));
    await reply('full');
    for (const each of [first, second, third]) expect(await each).toBeInstanceOf(LedgerFull);
    const again = append('a', 'no-stream', [event()]);
    await reply('refused');
    expect(sent.map(({ firstPosition, newStreams }) => [firstPosition, newStreams])).toEqual([[1, [[3, 'a']]]]);
    await reply('stored');
    expect(await again).toEqual({ firstPosition: 1, lastPosition: 1, revision: 0 });
    expect([head(), progress.closed]).toEqual([1, false]);
  });

  it('refuses everything once an outcome is unknown', async () => {
    const { append, turn, reply, failure, drain } = appenderOf({ batchesInFlightMax: 1 });
    const first = outcomeOf(append('a', 'no-stream', [event()]));
    await turn();
    const second = outcomeOf(append('a', 0, [event()]));
    await reply('unknown');
    for (const each of [first, second, outcomeOf(append('b', 'any', [event()]))]) expect(await each).toBeInstanceOf(OutcomeUnknown);
    expect(failure()).toBeInstanceOf(OutcomeUnknown);
    await drain();
  });

  it('does so, too, when the writer is gone or answers what it must not', async () => {
    const gone = appenderOf();
    const append = outcomeOf(gone.append('a', 'any', [event()]));
    gone.fail('the writer has ended');
    expect(await append).toBeInstanceOf(OutcomeUnknown);
    const wrong = appenderOf();
    const refused = outcomeOf(wrong.append('a', 'any', [event()]));
    await wrong.turn();
    await wrong.reply('refused');
    expect(await refused).toBeInstanceOf(OutcomeUnknown);
  });

  it('looks on the disk for an append that came before, only where it no longer remembers', async () => {
    const { append, turn, reply, lookUps } = appenderOf({ queueEventsMax: 2, recentEventsMax: 4 });
    const first = event();
    for (let revision = -1; revision < 6; revision += 1) {
      void append('a', revision, [revision === -1 ? first : event()]);
      await turn();
      await reply('stored');
    }
    expect(await outcomeOf(append('a', 4, [event()]))).toBeInstanceOf(WrongExpectedRevision);
    expect(lookUps()).toBe(0);
    expect(await outcomeOf(append('a', 'no-stream', [first]))).toBeInstanceOf(WrongExpectedRevision);
    expect(lookUps()).toBe(1);
  });
});

describe('the limits', () => {
  it.each([[{ batchEventsMax: 0 }], [{ recentEventsMax: 10, queueEventsMax: 6 }], [{ pageEventsMax: 1.5 }]])('refuse %j', (changes) => {
    expect(() => limitsWith(changes)).toThrow(RangeError);
  });
});
