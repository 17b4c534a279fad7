import { describe, expect, it } from '@jest/globals';
import { Scenario } from '../../../test/support/scenario.ts';
import { createUser } from '../users/create-user.ts';
import { addUserToGroup } from './add-user-to-group.ts';
import { attachGroupPolicy } from './attach-group-policy.ts';
import { createGroup } from './create-group.ts';
import { deleteGroup } from './delete-group.ts';
import { getGroup } from './get-group.ts';
import { listGroups } from './list-groups.ts';
import { listGroupsForUser } from './list-groups-for-user.ts';
import { putGroupPolicy } from './put-group-policy.ts';
import { updateGroup } from './update-group.ts';

const readOnly = 'arn:aws:iam::aws:policy/ReadOnlyAccess';
const document = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}';

describe('CreateGroup', () => {
  it('creates a group with path and a new id, and answers with it', async () => {
    const { events, answer } = await new Scenario().when(createGroup, { GroupName: 'Admins', Path: '/team/' });
    expect(events).toEqual([
      { type: 'GroupCreated', data: { groupName: 'Admins', groupId: answer.Group.GroupId, path: '/team/', createDate: '2026-01-01T00:00:01Z' } },
    ]);
    expect(answer.Group).toEqual({
      Path: '/team/',
      GroupName: 'Admins',
      GroupId: expect.stringMatching(/^AGPA[A-Z2-7]{17}$/),
      Arn: 'arn:aws:iam::123456789012:group/team/Admins',
      CreateDate: new Date('2026-01-01T00:00:01Z'),
    });
  });

  it('refuses a name that exists in whatever case, names outside of the model and one group more than the quota', async () => {
    const scenario = new Scenario().given({ type: 'QuotaChanged', data: { quota: 'groups', value: 1, previousValue: 300 } });
    await scenario.after(createGroup, { GroupName: 'Admins' });
    expect(await scenario.refusal(createGroup, { GroupName: 'ADMINS' })).toBe('EntityAlreadyExists: Group with name ADMINS already exists.');
    expect(await scenario.refusal(createGroup, { GroupName: 'other' })).toBe('LimitExceeded: Cannot exceed quota for GroupsPerAccount: 1');
    expect(await scenario.refusal(createGroup, { GroupName: 'x'.repeat(129) })).toContain("at 'groupName'");
    expect(await scenario.refusal(createGroup, {})).toContain("Value null at 'groupName'");
  });
});

describe('UpdateGroup', () => {
  it('changes name and path, keeps the id and its members, policies and attachments', async () => {
    const scenario = await new Scenario().after(createGroup, { GroupName: 'Admins' });
    await scenario.after(createUser, { UserName: 'Bob' });
    await scenario.after(addUserToGroup, { GroupName: 'Admins', UserName: 'Bob' });
    await scenario.after(attachGroupPolicy, { GroupName: 'Admins', PolicyArn: readOnly });
    const { groupId } = scenario.account.groups.get('Admins')!;
    const { events } = await scenario.when(updateGroup, { GroupName: 'admins', NewGroupName: 'Leads', NewPath: '/x/' });
    expect(events).toEqual([{ type: 'GroupUpdated', data: { groupName: 'Admins', path: '/', newGroupName: 'Leads', newPath: '/x/' } }]);
    const { answer } = await scenario.when(getGroup, { GroupName: 'Leads' });
    expect(answer).toMatchObject({ Group: { GroupId: groupId, Arn: 'arn:aws:iam::123456789012:group/x/Leads' }, Users: [{ UserName: 'Bob' }] });
    expect((await scenario.when(listGroupsForUser, { UserName: 'Bob' })).answer.Groups).toMatchObject([{ GroupName: 'Leads' }]);
    expect([...scenario.account.attachments.get(readOnly)!.keys()]).toEqual(['group/leads']);
  });

  it('changes nothing without a change, and takes no name of another group', async () => {
    const scenario = await new Scenario().after(createGroup, { GroupName: 'Admins' });
    await scenario.after(createGroup, { GroupName: 'Leads' });
    expect((await scenario.when(updateGroup, { GroupName: 'admins', NewGroupName: 'Admins', NewPath: '/' })).events).toEqual([]);
    expect(await scenario.refusal(updateGroup, { GroupName: 'Admins', NewGroupName: 'LEADS' })).toBe(
      'EntityAlreadyExists: Group with name LEADS already exists.',
    );
    expect((await scenario.when(updateGroup, { GroupName: 'Admins', NewGroupName: 'ADMINS' })).events).toHaveLength(1);
    expect(await scenario.refusal(updateGroup, { GroupName: 'none' })).toBe('NoSuchEntity: The group with name none cannot be found.');
  });
});

describe('DeleteGroup', () => {
  it('deletes a bare group', async () => {
    const scenario = await new Scenario().after(createGroup, { GroupName: 'Admins', Path: '/x/' });
    const { groupId } = scenario.account.groups.get('Admins')!;
    expect((await scenario.when(deleteGroup, { GroupName: 'admins' })).events).toEqual([
      { type: 'GroupDeleted', data: { groupName: 'Admins', groupId, path: '/x/' } },
    ]);
    const missing = 'NoSuchEntity: The group with name Admins cannot be found.';
    expect(await scenario.refusal(deleteGroup, { GroupName: 'Admins' })).toBe(missing);
    expect(await scenario.refusal(getGroup, { GroupName: 'Admins' })).toBe(missing);
  });

  it.each([
    [
      'a member',
      'must remove users from group first',
      async (s: Scenario) => (await s.after(createUser, { UserName: 'Bob' })).after(addUserToGroup, { GroupName: 'Admins', UserName: 'Bob' }),
    ],
    [
      'an attached policy',
      'must detach all policies first',
      (s: Scenario) => s.after(attachGroupPolicy, { GroupName: 'Admins', PolicyArn: readOnly }),
    ],
    [
      'an inline policy',
      'must delete policies first',
      (s: Scenario) => s.after(putGroupPolicy, { GroupName: 'Admins', PolicyName: 'p', PolicyDocument: document }),
    ],
  ])('refuses a group that still has %s', async (_what, message, prepare) => {
    const scenario = await new Scenario().after(createGroup, { GroupName: 'Admins' });
    await prepare(scenario);
    expect(await scenario.refusal(deleteGroup, { GroupName: 'Admins' })).toBe(`DeleteConflict: Cannot delete entity, ${message}.`);
  });
});

describe('ListGroups', () => {
  it('lists by name and path prefix, in pages that a deletion between two of them does not disturb', async () => {
    const scenario = new Scenario();
    for (const [GroupName, Path] of [
      ['d', '/team/'],
      ['B', '/'],
      ['a', '/'],
      ['c', '/team/a/'],
    ] as const)
      await scenario.after(createGroup, { GroupName, Path });
    const first = (await scenario.when(listGroups, { MaxItems: 2 })).answer;
    expect(first).toMatchObject({ Groups: [{ GroupName: 'a' }, { GroupName: 'B' }], IsTruncated: true });
    await scenario.after(deleteGroup, { GroupName: 'B' });
    const second = (await scenario.when(listGroups, { MaxItems: 2, Marker: first.Marker! })).answer;
    expect(second.Groups.map((group) => group.GroupName)).toEqual(['c', 'd']);
    expect(second).not.toHaveProperty('Marker');
    expect((await scenario.when(listGroups, { PathPrefix: '/team/' })).answer.Groups.map((group) => group.GroupName)).toEqual(['c', 'd']);
  });
});
