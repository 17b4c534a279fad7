import { describe, expect, it } from '@jest/globals';
import { Scenario } from '../../../test/support/scenario.ts';
import { createUser } from '../users/create-user.ts';
import { addUserToGroup } from './add-user-to-group.ts';
import { createGroup } from './create-group.ts';
import { getGroup } from './get-group.ts';
import { listGroupsForUser } from './list-groups-for-user.ts';
import { removeUserFromGroup } from './remove-user-from-group.ts';

async function given(...userNames: string[]) {
  const scenario = await new Scenario().after(createGroup, { GroupName: 'Admins' });
  for (const UserName of userNames) await scenario.after(createUser, { UserName });
  return scenario;
}

describe('membership of groups', () => {
  it('begins and ends with one event each, under the names as they were first written', async () => {
    const scenario = await given('Bob');
    expect((await scenario.when(addUserToGroup, { GroupName: 'ADMINS', UserName: 'bob' })).events).toEqual([
      { type: 'UserAddedToGroup', data: { groupName: 'Admins', userName: 'Bob' } },
    ]);
    expect((await scenario.when(getGroup, { GroupName: 'admins' })).answer).toMatchObject({
      Group: { GroupName: 'Admins' },
      Users: [{ UserName: 'Bob' }],
      IsTruncated: false,
    });
    expect((await scenario.when(removeUserFromGroup, { GroupName: 'admins', UserName: 'BOB' })).events).toEqual([
      { type: 'UserRemovedFromGroup', data: { groupName: 'Admins', userName: 'Bob' } },
    ]);
    expect((await scenario.when(getGroup, { GroupName: 'Admins' })).answer.Users).toEqual([]);
    expect((await scenario.when(listGroupsForUser, { UserName: 'Bob' })).answer).toEqual({ Groups: [], IsTruncated: false });
  });

  it('is not begun twice, and not ended where it is not', async () => {
    const scenario = await given('Bob');
    await scenario.after(addUserToGroup, { GroupName: 'Admins', UserName: 'Bob' });
    expect((await scenario.when(addUserToGroup, { GroupName: 'Admins', UserName: 'Bob' })).events).toEqual([]);
    await scenario.after(removeUserFromGroup, { GroupName: 'Admins', UserName: 'Bob' });
    expect(await scenario.refusal(removeUserFromGroup, { GroupName: 'Admins', UserName: 'Bob' })).toBe(
      'NoSuchEntity: User Bob is not in group Admins.',
    );
  });

  it('needs a group and a user', async () => {
    const scenario = await given('Bob');
    for (const operation of [addUserToGroup, removeUserFromGroup]) {
      expect(await scenario.refusal(operation, { GroupName: 'none', UserName: 'Bob' })).toBe(
        'NoSuchEntity: The group with name none cannot be found.',
      );
      expect(await scenario.refusal(operation, { GroupName: 'Admins', UserName: 'none' })).toBe(
        'NoSuchEntity: The user with name none cannot be found.',
      );
    }
    expect(await scenario.refusal(listGroupsForUser, { UserName: 'none' })).toBe('NoSuchEntity: The user with name none cannot be found.');
  });

  it('is held in as many groups as the quota says', async () => {
    const scenario = (await given('Bob')).given({ type: 'QuotaChanged', data: { quota: 'groupsPerUser', value: 1, previousValue: 10 } });
    await scenario.after(addUserToGroup, { GroupName: 'Admins', UserName: 'Bob' });
    await scenario.after(createGroup, { GroupName: 'second' });
    expect(await scenario.refusal(addUserToGroup, { GroupName: 'second', UserName: 'Bob' })).toBe(
      'LimitExceeded: Cannot exceed quota for GroupsPerUser: 1',
    );
  });

  it('is shown by GetGroup in pages, without tags and boundary, undisturbed by a removal between two pages', async () => {
    const scenario = await given('d', 'B', 'a', 'c');
    for (const UserName of ['d', 'B', 'a', 'c']) await scenario.after(addUserToGroup, { GroupName: 'Admins', UserName });
    scenario.given({ type: 'UserTagged', data: { userName: 'a', tags: [{ Key: 'k', Value: 'v' }], previousTags: [] } });
    const first = (await scenario.when(getGroup, { GroupName: 'Admins', MaxItems: 2 })).answer;
    expect(first.Users.map((user) => user.UserName)).toEqual(['a', 'B']);
    expect(first.Users[0]).not.toHaveProperty('Tags');
    await scenario.after(removeUserFromGroup, { GroupName: 'Admins', UserName: 'B' });
    const second = (await scenario.when(getGroup, { GroupName: 'Admins', MaxItems: 2, Marker: first.Marker! })).answer;
    expect(second.Users.map((user) => user.UserName)).toEqual(['c', 'd']);
    expect(second.IsTruncated).toBe(false);
  });

  it('is shown by ListGroupsForUser in pages', async () => {
    const scenario = await given('Bob');
    for (const GroupName of ['Zoo', 'beta']) await scenario.after(createGroup, { GroupName });
    for (const GroupName of ['Zoo', 'Admins', 'beta']) await scenario.after(addUserToGroup, { GroupName, UserName: 'Bob' });
    const first = (await scenario.when(listGroupsForUser, { UserName: 'Bob', MaxItems: 2 })).answer;
    expect(first.Groups.map((group) => group.GroupName)).toEqual(['Admins', 'beta']);
    const second = (await scenario.when(listGroupsForUser, { UserName: 'Bob', MaxItems: 2, Marker: first.Marker! })).answer;
    expect(second.Groups).toEqual([expect.objectContaining({ GroupName: 'Zoo', Arn: 'arn:aws:iam::123456789012:group/Zoo' })]);
  });
});
