import { beforeAll, describe, expect, it } from '@jest/globals';
import { AccountLog } from '../../../test/support/account-log.ts';
import { allow, arnOf, call, numbersFrom, walk, type Call } from '../../../test/support/account-walk.ts';
import type { Account } from '../../iam/account.ts';
import { createAccessKey } from '../../iam/access-keys/create-access-key.ts';
import { updateAccessKey } from '../../iam/access-keys/update-access-key.ts';
import { addUserToGroup } from '../../iam/groups/add-user-to-group.ts';
import { attachGroupPolicy } from '../../iam/groups/attach-group-policy.ts';
import { createGroup } from '../../iam/groups/create-group.ts';
import { createPolicy } from '../../iam/policies/create-policy.ts';
import { createPolicyVersion } from '../../iam/policies/create-policy-version.ts';
import { createUser } from '../../iam/users/create-user.ts';
import { tagUser } from '../../iam/users/tag-user.ts';
import { composed, keyOf, type Change } from './account-changes.ts';
import { originsOfChanges } from './change-origins.ts';
import { changesBetween } from './changes-between.ts';

const sorted = (changes: readonly Change[]): Change[] => changes.toSorted((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));

describe.each([1, 2, 3])('the difference between two states of an account (walk %i)', (seed) => {
  let log: AccountLog;
  let states: Account[];
  beforeAll(async () => {
    ({ log, states } = await walk(seed, 250));
  });

  it('is nothing between a state and itself', () => {
    expect(states.length).toBeGreaterThan(50);
    for (const state of states) expect(changesBetween(state, state)).toEqual([]);
  });

  it('put after the one before it is that of both together', () => {
    const pick = numbersFrom(seed + 100);
    for (let round = 0; round < 60; round++) {
      const [a, b, c] = [pick(states.length), pick(states.length), pick(states.length)].sort((one, other) => one - other).map((at) => states[at]!);
      expect(sorted(composed(changesBetween(a!, b!), changesBetween(b!, c!)))).toEqual(sorted(changesBetween(a!, c!)));
    }
  });

  it('names for each line the last event that changed it', async () => {
    const pick = numbersFrom(seed + 200);
    for (let round = 0; round < 12; round++) {
      const [from, to] = [pick(states.length), pick(states.length)].sort((one, other) => one - other) as [number, number];
      const changes = changesBetween(states[from]!, states[to]!);
      const origins = await originsOfChanges(log.ledger, states[from]!, states[to]!, changes);
      const last = new Map<string, number>();
      for (let position = from + 1; position <= to; position++) {
        for (const change of changesBetween(states[position - 1]!, states[position]!)) last.set(keyOf(change), position);
      }
      expect(changes.map((change) => [keyOf(change), origins.get(keyOf(change))?.position])).toEqual(
        changes.map((change) => [keyOf(change), last.get(keyOf(change))]),
      );
    }
  });
});

describe('the levels of a difference', () => {
  async function changesAfter(...happening: readonly Call[]): Promise<Change[]> {
    const log = new AccountLog();
    await log.when(createUser, { UserName: 'alice' });
    await log.when(createGroup, { GroupName: 'staff' });
    await log.when(createPolicy, { PolicyName: 'Readers', PolicyDocument: allow('s3:ListAllMyBuckets', 'sqs:ListQueues') });
    const before = log.account;
    for (const [operation, input] of happening) await log.when(operation, input as never);
    return changesBetween(before, log.account);
  }
  const brief = (changes: readonly Change[]) => changes.map(({ level, entity, item, before, after }) => [level, entity, item, before, after]);

  it('tell of a membership and of what it gives in the end', async () => {
    const changes = await changesAfter(
      call(attachGroupPolicy, { GroupName: 'staff', PolicyArn: arnOf('Readers') }),
      call(addUserToGroup, { GroupName: 'staff', UserName: 'alice' }),
    );
    expect(brief(changes)).toEqual([
      ['membership', 'user/alice', 'group/staff', undefined, 'member'],
      ['attachment', 'group/staff', arnOf('Readers'), undefined, 'attached'],
      ['permission', 'user/alice', 's3:ListAllMyBuckets', undefined, 'may'],
      ['permission', 'user/alice', 'sqs:ListQueues', undefined, 'may'],
    ]);
  });

  it('tell of a document by its statements: only the one that is new, however the others are written', async () => {
    const document = JSON.stringify({
      Statement: [
        { Resource: ['*'], Action: ['s3:ListAllMyBuckets'], Effect: 'Allow' },
        { Effect: 'Allow', Action: 'sns:ListTopics', Resource: '*' },
      ],
      Version: '2012-10-17',
    });
    const changes = await changesAfter(call(createPolicyVersion, { PolicyArn: arnOf('Readers'), PolicyDocument: document, SetAsDefault: true }));
    expect(brief(changes.filter(({ level }) => level === 'statement'))).toEqual([
      ['statement', 'policy/readers', 'in-force: {"Action":"sns:ListTopics","Effect":"Allow","Resource":"*"}', undefined, '1'],
      ['statement', 'policy/readers', 'in-force: {"Action":"sqs:ListQueues","Effect":"Allow","Resource":"*"}', '1', undefined],
    ]);
    expect(brief(changes.filter(({ level }) => level === 'document')).map(([, , item]) => item)).toEqual(['default-version', 'v2']);
  });

  it('tell of a key that was made inactive, though its user is the same', async () => {
    const log = new AccountLog();
    await log.when(createUser, { UserName: 'alice' });
    await log.when(createAccessKey, { UserName: 'alice' });
    const [AccessKeyId] = log.account.users.get('alice')!.accessKeyIds; // it has one
    const before = log.account;
    await log.when(updateAccessKey, { UserName: 'alice', AccessKeyId: AccessKeyId!, Status: 'Inactive' });
    expect(brief(changesBetween(before, log.account))).toEqual([['credential', 'user/alice', `access-key/${AccessKeyId}`, 'Active', 'Inactive']]);
  });

  it('can be asked for one entity, of which memberships are told from either side', async () => {
    const log = new AccountLog();
    await log.when(createUser, { UserName: 'alice' });
    await log.when(createUser, { UserName: 'bob' });
    await log.when(createGroup, { GroupName: 'staff' });
    const before = log.account;
    await log.when(addUserToGroup, { GroupName: 'staff', UserName: 'alice' });
    await log.when(tagUser, { UserName: 'bob', Tags: [{ Key: 'team', Value: 'blue' }] });
    const item = ['membership', 'user/alice', 'group/staff', undefined, 'member'];
    expect(brief(changesBetween(before, log.account, 'user/alice'))).toEqual([item]);
    expect(brief(changesBetween(before, log.account, 'group/staff'))).toEqual([item]);
    expect(brief(changesBetween(before, log.account, 'user/bob', new Set(['entity'])))).toEqual([
      ['entity', 'user/bob', 'tag/team', undefined, 'blue'],
    ]);
  });
});
