import { describe, expect, it } from '@jest/globals';
import type { AccessHistory } from './access-history.ts';
import type { Tallied } from './access-reader.ts';
import { LastUse } from './last-use.ts';

/** A history that says of everything that it was last used at `last`, and counts how often it was asked. */
function historyWith() {
  const state = { position: 1, last: Date.parse('2026-01-01T00:00:00.500Z'), asked: 0 };
  const tallied = (): Tallied => ({
    firstUse: state.last,
    lastUse: state.last,
    uses: 1,
    firstAttempt: null,
    lastAttempt: null,
    attempts: 0,
    last: state.last,
    region: 'us-east-1',
    source: '192.0.2.1',
    serviceOfLast: 's3',
  });
  const history: Pick<AccessHistory, 'subject' | 'actions' | 'status'> = {
    subject: () => (state.asked++, tallied()),
    actions: () => [],
    status: () => ({ position: state.position, lag: 0, ready: true }),
  };
  return { state, lastUse: new LastUse(history) };
}

describe('the last use of a thing', () => {
  it('is read once until the history has grown, for each kind of thing apart', () => {
    const { state, lastUse } = historyWith();
    for (let time = 0; time < 3; time++) expect(lastUse.password('AIDA1')).toEqual(new Date('2026-01-01T00:00:00Z'));
    expect(state.asked).toBe(1);
    lastUse.role('AIDA1');
    lastUse.password('AIDA2');
    expect(state.asked).toBe(3);
    state.position = 2;
    state.last = Date.parse('2026-01-02T00:00:00Z');
    expect(lastUse.password('AIDA1')).toEqual(new Date('2026-01-02T00:00:00Z'));
    expect(state.asked).toBe(4);
  });

  it('is the latest verified call where the history does not have it yet', () => {
    const { lastUse } = historyWith();
    const caller = { type: 'IAMUser', accountId: '000000000001', partition: 'aws', arn: 'arn', principalId: 'AIDA1', accessKeyId: 'AKIA1' } as const;
    expect(lastUse.accessKey('AKIA1')).toEqual({ date: new Date('2026-01-01T00:00:00Z'), region: 'us-east-1', serviceName: 's3' });
    lastUse.noteUse(caller, 'iam', 'eu-west-1', new Date('2026-01-03T00:00:00.900Z'));
    expect(lastUse.accessKey('AKIA1')).toEqual({ date: new Date('2026-01-03T00:00:00Z'), region: 'eu-west-1', serviceName: 'iam' });
  });
});
