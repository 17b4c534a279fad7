import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { takeEvents } from '../../../test/support/projections.ts';
import type { CallMetadata, UserIdentity } from '../../iam/call-metadata.ts';

import { historyEventOf } from './history-event.ts';
import { openHistoryReader } from './history-reader.ts';
import { openHistoryWriter } from './history-writer.ts';
import type { LastUsed, LastUsedKind } from './last-used.ts';

const alice: UserIdentity = {
  type: 'IAMUser',
  principalId: 'AIDAALICE',
  arn: 'arn:aws:iam::100000000000:user/alice',
  accountId: '100000000000',
  accessKeyId: 'AKIAALICE',
  userName: 'alice',
};
const session: UserIdentity = {
  type: 'AssumedRole',
  principalId: 'AROADEPLOY:ci',
  accessKeyId: 'ASIADEPLOY',
  sessionContext: {
    sessionIssuer: { type: 'Role', principalId: 'AROADEPLOY', arn: 'arn:aws:iam::100000000000:role/deploy', accountId: '100000000000' },
  },
};
const root: UserIdentity = { type: 'Root', principalId: '100000000000', accountId: '100000000000' };

interface Use {
  readonly actor: UserIdentity;
  readonly time: string;
  readonly metadata?: Partial<CallMetadata>;
}

describe('last used', () => {
  let directory = '';
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'history-'));
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  /** Writes the uses one call a segment, so that every answer is put together from several. */
  function afterUses(uses: readonly Use[], segmentCallsMax = 1): (kind: LastUsedKind, id: string) => LastUsed | undefined {
    const template = takeEvents(1)[0] as ReturnType<typeof takeEvents>[number];
    const writer = openHistoryWriter(directory, segmentCallsMax);
    const events = uses.map(({ actor, time, metadata }, index) => {
      const call = { ...(template.metadata as CallMetadata), requestId: `r-${index}`, eventSource: 'iam.amazonaws.com', ...metadata, actor };
      return historyEventOf({ ...template, stream: 'activity-100000000000', position: index + 1, time, metadata: call });
    });
    writer.apply(events);
    const { segments } = writer.checkpoint();
    writer.close();
    const reader = openHistoryReader(directory);
    const answers = new Map(
      (['access-key', 'user', 'role', 'password', 'root'] as const).map((kind) => [kind, reader.lastUsed(kind, ids, segments)]),
    );
    reader.close();
    return (kind, id) => answers.get(kind)?.get(id);
  }
  const ids = ['AKIAALICE', 'ASIADEPLOY', 'AIDAALICE', 'AROADEPLOY', '100000000000'];

  it.each([1, 100])('is the latest call of a key and its user, refused calls included (%d calls a segment)', (segmentCallsMax) => {
    const lastUsed = afterUses(
      [
        { actor: alice, time: '2026-01-01T00:00:00.000Z' },
        {
          actor: alice,
          time: '2026-01-02T00:00:00.000Z',
          metadata: { errorCode: 'AccessDenied', eventSource: 'sts.amazonaws.com', awsRegion: 'eu-west-1' },
        },
        { actor: session, time: '2026-01-03T00:00:00.000Z' },
      ],
      segmentCallsMax,
    );
    const used = { timeMs: Date.parse('2026-01-02'), region: 'eu-west-1', serviceName: 'sts', position: 2 };
    expect(lastUsed('access-key', 'AKIAALICE')).toEqual(used);
    expect(lastUsed('user', 'AIDAALICE')).toEqual(used);
    expect(lastUsed('password', 'AIDAALICE')).toBeUndefined();
  });

  it('of a role is the last call of any of its sessions; a session key has none', () => {
    const lastUsed = afterUses([{ actor: session, time: '2026-01-03T00:00:00.000Z' }]);
    expect(lastUsed('role', 'AROADEPLOY')).toMatchObject({ timeMs: Date.parse('2026-01-03'), serviceName: 'iam' });
    expect(lastUsed('access-key', 'ASIADEPLOY')).toBeUndefined();
  });

  it.each([1, 100])('goes by time, not by position: an import of old calls takes nothing back (%d calls a segment)', (segmentCallsMax) => {
    const importedRecord = { eventID: 'e', eventTime: '2020-01-01T00:00:00Z' };
    const lastUsed = afterUses(
      [
        { actor: alice, time: '2026-01-02T00:00:00.000Z' },
        { actor: alice, time: '2026-01-05T00:00:00.000Z', metadata: { importedRecord } },
      ],
      segmentCallsMax,
    );
    expect(lastUsed('user', 'AIDAALICE')).toMatchObject({ timeMs: Date.parse('2026-01-02'), position: 1 });
  });

  it('of a password is the last successful sign-in', () => {
    const signIn = { eventName: 'ConsoleLogin', eventSource: 'signin.amazonaws.com' };
    const lastUsed = afterUses([
      { actor: alice, time: '2026-01-01T00:00:00.000Z', metadata: { ...signIn, responseElements: { ConsoleLogin: 'Success' } } },
      {
        actor: alice,
        time: '2026-01-02T00:00:00.000Z',
        metadata: { ...signIn, responseElements: { ConsoleLogin: 'Failure' }, errorMessage: 'Failed authentication' },
      },
      { actor: root, time: '2026-01-03T00:00:00.000Z', metadata: { ...signIn, responseElements: { ConsoleLogin: 'Success' } } },
    ]);
    expect(lastUsed('password', 'AIDAALICE')?.timeMs).toBe(Date.parse('2026-01-01'));
    expect(lastUsed('password', '100000000000')?.timeMs).toBe(Date.parse('2026-01-03'));
    expect(lastUsed('root', '100000000000')?.timeMs).toBe(Date.parse('2026-01-03'));
  });
});
