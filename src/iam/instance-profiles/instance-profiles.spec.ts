import { describe, expect, it } from '@jest/globals';
import { Scenario } from '../../../test/support/scenario.ts';
import { createRole } from '../roles/create-role.ts';
import { addRoleToInstanceProfile } from './add-role-to-instance-profile.ts';
import { createInstanceProfile } from './create-instance-profile.ts';
import { deleteInstanceProfile } from './delete-instance-profile.ts';
import { getInstanceProfile } from './get-instance-profile.ts';
import { listInstanceProfileTags } from './list-instance-profile-tags.ts';
import { listInstanceProfiles } from './list-instance-profiles.ts';
import { listInstanceProfilesForRole } from './list-instance-profiles-for-role.ts';
import { removeRoleFromInstanceProfile } from './remove-role-from-instance-profile.ts';
import { tagInstanceProfile } from './tag-instance-profile.ts';
import { untagInstanceProfile } from './untag-instance-profile.ts';

const trust = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}';
const withProfile = async () => {
  const scenario = await new Scenario().after(createRole, { RoleName: 'Web', Path: '/ops/', AssumeRolePolicyDocument: trust });
  return scenario.after(createInstanceProfile, { InstanceProfileName: 'Front', Path: '/ops/' });
};
const noProfile = 'NoSuchEntity: Instance Profile none cannot be found.';
const noRole = 'NoSuchEntity: The role with name none cannot be found.';

describe('an instance profile', () => {
  it('is created with path, tags and a new id, and shown as first written', async () => {
    const scenario = new Scenario();
    const { events, answer } = await scenario.when(createInstanceProfile, {
      InstanceProfileName: 'Front',
      Path: '/ops/',
      Tags: [{ Key: 'team', Value: 'blue' }],
    });
    expect(events).toEqual([
      {
        type: 'InstanceProfileCreated',
        data: {
          instanceProfileName: 'Front',
          instanceProfileId: expect.stringMatching(/^AIPA[A-Z2-7]{17}$/),
          path: '/ops/',
          createDate: '2026-01-01T00:00:01Z',
          tags: [{ Key: 'team', Value: 'blue' }],
        },
      },
    ]);
    expect(answer.InstanceProfile).toMatchObject({
      Arn: 'arn:aws:iam::123456789012:instance-profile/ops/Front',
      Roles: [],
      Tags: [{ Key: 'team', Value: 'blue' }],
    });
    expect((await scenario.when(getInstanceProfile, { InstanceProfileName: 'FRONT' })).answer).toEqual(answer);
  });

  it('is refused under a name that exists, beyond the quota, and with bad tags', async () => {
    const scenario = await withProfile();
    expect(await scenario.refusal(createInstanceProfile, { InstanceProfileName: 'front' })).toBe(
      'EntityAlreadyExists: Instance Profile front already exists.',
    );
    expect(await scenario.refusal(createInstanceProfile, { InstanceProfileName: 'b', Tags: [{ Key: 'aws:x', Value: '' }] })).toContain(
      'InvalidInput',
    );
    expect(await scenario.refusal(createInstanceProfile, { InstanceProfileName: 'a/b' })).toContain("at 'instanceProfileName'");
    scenario.given({ type: 'QuotaChanged', data: { quota: 'instanceProfiles', value: 1, previousValue: 1000 } });
    expect(await scenario.refusal(createInstanceProfile, { InstanceProfileName: 'b' })).toBe(
      'LimitExceeded: Cannot exceed quota for InstanceProfilesPerAccount: 1',
    );
  });

  it('takes one role in and lets it out again', async () => {
    const scenario = await withProfile();
    await scenario.after(createRole, { RoleName: 'Other', AssumeRolePolicyDocument: trust });
    const added = await scenario.when(addRoleToInstanceProfile, { InstanceProfileName: 'front', RoleName: 'web' });
    expect(added.events).toEqual([{ type: 'RoleAddedToInstanceProfile', data: { instanceProfileName: 'Front', roleName: 'Web' } }]);
    expect((await scenario.when(getInstanceProfile, { InstanceProfileName: 'Front' })).answer.InstanceProfile.Roles).toMatchObject([
      { RoleName: 'Web', Arn: 'arn:aws:iam::123456789012:role/ops/Web', AssumeRolePolicyDocument: trust },
    ]);
    const full = 'LimitExceeded: Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1';
    expect(await scenario.refusal(addRoleToInstanceProfile, { InstanceProfileName: 'Front', RoleName: 'Other' })).toBe(full);
    expect(await scenario.refusal(removeRoleFromInstanceProfile, { InstanceProfileName: 'Front', RoleName: 'Other' })).toContain('NoSuchEntity');
    const removed = await scenario.when(removeRoleFromInstanceProfile, { InstanceProfileName: 'front', RoleName: 'WEB' });
    expect(removed.events).toEqual([{ type: 'RoleRemovedFromInstanceProfile', data: { instanceProfileName: 'Front', roleName: 'Web' } }]);
    expect(scenario.account.instanceProfiles.get('Front')!.roles).toEqual([]);
  });

  it('does not take a role twice where the quota would let it', async () => {
    const scenario = (await withProfile()).given({ type: 'QuotaChanged', data: { quota: 'rolesPerInstanceProfile', value: 2, previousValue: 1 } });
    await scenario.after(addRoleToInstanceProfile, { InstanceProfileName: 'Front', RoleName: 'Web' });
    expect(await scenario.refusal(addRoleToInstanceProfile, { InstanceProfileName: 'Front', RoleName: 'web' })).toContain('EntityAlreadyExists');
  });

  it('needs iam:PassRole on the role, for EC2, to take it in', async () => {
    const scenario = await withProfile();
    const input = Object.assign(new addRoleToInstanceProfile.command(), { InstanceProfileName: 'front', RoleName: 'web' });
    expect(addRoleToInstanceProfile.declaration.resource(input, scenario.account, scenario.call())).toBe(
      'arn:aws:iam::123456789012:instance-profile/ops/Front',
    );
    expect(addRoleToInstanceProfile.declaration.alsoRequires!(input, scenario.account, scenario.call())).toEqual([
      {
        action: 'iam:PassRole',
        resource: 'arn:aws:iam::123456789012:role/ops/Web',
        context: { 'iam:PassedToService': 'ec2.amazonaws.com', 'iam:AssociatedResourceArn': 'arn:aws:ec2:*:123456789012:instance/*' },
      },
    ]);
  });

  it('leaves a service-linked role where it is', async () => {
    const scenario = (await withProfile()).given({
      type: 'RoleCreated',
      data: {
        roleName: 'Linked',
        roleId: 'AROALINKED',
        path: '/aws-service-role/x.amazonaws.com/',
        createDate: '2026-01-01T00:00:00Z',
        maxSessionDuration: 3600,
        assumeRolePolicyDocument: trust,
        trustedPrincipalIds: {},
        tags: [],
      },
    });
    expect(await scenario.refusal(addRoleToInstanceProfile, { InstanceProfileName: 'Front', RoleName: 'Linked' })).toContain('UnmodifiableEntity');
    expect(await scenario.refusal(removeRoleFromInstanceProfile, { InstanceProfileName: 'Front', RoleName: 'Linked' })).toContain(
      'UnmodifiableEntity',
    );
  });

  it('is deleted when it is empty', async () => {
    const scenario = await withProfile();
    await scenario.after(addRoleToInstanceProfile, { InstanceProfileName: 'Front', RoleName: 'Web' });
    expect(await scenario.refusal(deleteInstanceProfile, { InstanceProfileName: 'Front' })).toBe(
      'DeleteConflict: Cannot delete entity, must remove roles from instance profile first.',
    );
    await scenario.after(removeRoleFromInstanceProfile, { InstanceProfileName: 'Front', RoleName: 'Web' });
    const { instanceProfileId } = scenario.account.instanceProfiles.get('Front')!;
    expect((await scenario.when(deleteInstanceProfile, { InstanceProfileName: 'front' })).events).toEqual([
      { type: 'InstanceProfileDeleted', data: { instanceProfileName: 'Front', instanceProfileId, path: '/ops/' } },
    ]);
    expect(scenario.account.instanceProfiles.size).toBe(0);
  });

  it('must exist, and so must the role', async () => {
    const scenario = await withProfile();
    expect(await scenario.refusal(getInstanceProfile, { InstanceProfileName: 'none' })).toBe(noProfile);
    expect(await scenario.refusal(deleteInstanceProfile, { InstanceProfileName: 'none' })).toBe(noProfile);
    expect(await scenario.refusal(addRoleToInstanceProfile, { InstanceProfileName: 'none', RoleName: 'Web' })).toBe(noProfile);
    expect(await scenario.refusal(addRoleToInstanceProfile, { InstanceProfileName: 'Front', RoleName: 'none' })).toBe(noRole);
    expect(await scenario.refusal(removeRoleFromInstanceProfile, { InstanceProfileName: 'none', RoleName: 'Web' })).toBe(noProfile);
    expect(await scenario.refusal(removeRoleFromInstanceProfile, { InstanceProfileName: 'Front', RoleName: 'none' })).toBe(noRole);
    expect(await scenario.refusal(listInstanceProfilesForRole, { RoleName: 'none' })).toBe(noRole);
    expect(await scenario.refusal(tagInstanceProfile, { InstanceProfileName: 'none', Tags: [] })).toBe(noProfile);
    expect(await scenario.refusal(untagInstanceProfile, { InstanceProfileName: 'none', TagKeys: [] })).toBe(noProfile);
    expect(await scenario.refusal(listInstanceProfileTags, { InstanceProfileName: 'none' })).toBe(noProfile);
  });
});

describe('lists of instance profiles', () => {
  it('are paged, by path prefix, without tags; a deletion between two pages hides nothing', async () => {
    const scenario = new Scenario();
    for (const name of ['c', 'A', 'b']) {
      await scenario.after(createInstanceProfile, { InstanceProfileName: name, Path: name === 'b' ? '/x/' : '/', Tags: [{ Key: 'a', Value: 'b' }] });
    }
    const first = (await scenario.when(listInstanceProfiles, { MaxItems: 1 })).answer;
    expect(first).toMatchObject({ InstanceProfiles: [{ InstanceProfileName: 'A' }], IsTruncated: true });
    expect(first.InstanceProfiles[0]).not.toHaveProperty('Tags');
    await scenario.after(deleteInstanceProfile, { InstanceProfileName: 'A' });
    const second = (await scenario.when(listInstanceProfiles, { Marker: first.Marker! })).answer;
    expect(second.InstanceProfiles.map((profile) => profile.InstanceProfileName)).toEqual(['b', 'c']);
    expect((await scenario.when(listInstanceProfiles, { PathPrefix: '/x/' })).answer.InstanceProfiles).toMatchObject([{ InstanceProfileName: 'b' }]);
  });

  it('of a role hold the profiles it is in', async () => {
    const scenario = await withProfile();
    for (const name of ['a', 'b', 'c']) await scenario.after(createInstanceProfile, { InstanceProfileName: name });
    for (const name of ['a', 'c', 'Front']) await scenario.after(addRoleToInstanceProfile, { InstanceProfileName: name, RoleName: 'Web' });
    const first = (await scenario.when(listInstanceProfilesForRole, { RoleName: 'web', MaxItems: 1 })).answer;
    expect(first).toMatchObject({ InstanceProfiles: [{ InstanceProfileName: 'a', Roles: [{ RoleName: 'Web' }] }], IsTruncated: true });
    const second = (await scenario.when(listInstanceProfilesForRole, { RoleName: 'web', Marker: first.Marker! })).answer;
    expect(second.InstanceProfiles.map((profile) => profile.InstanceProfileName)).toEqual(['c', 'Front']);
  });
});

describe('the tags of an instance profile', () => {
  it('are added, replaced, listed and removed', async () => {
    const scenario = await withProfile();
    await scenario.after(tagInstanceProfile, {
      InstanceProfileName: 'Front',
      Tags: [
        { Key: 'team', Value: 'blue' },
        { Key: 'a', Value: '' },
      ],
    });
    const replaced = await scenario.when(tagInstanceProfile, { InstanceProfileName: 'front', Tags: [{ Key: 'Team', Value: 'red' }] });
    expect(replaced.events).toEqual([
      {
        type: 'InstanceProfileTagged',
        data: { instanceProfileName: 'Front', tags: [{ Key: 'Team', Value: 'red' }], previousTags: [{ Key: 'team', Value: 'blue' }] },
      },
    ]);
    expect((await scenario.when(tagInstanceProfile, { InstanceProfileName: 'Front', Tags: [{ Key: 'Team', Value: 'red' }] })).events).toEqual([]);
    const first = (await scenario.when(listInstanceProfileTags, { InstanceProfileName: 'Front', MaxItems: 1 })).answer;
    expect(first).toMatchObject({ Tags: [{ Key: 'a', Value: '' }], IsTruncated: true });
    expect((await scenario.when(listInstanceProfileTags, { InstanceProfileName: 'Front', Marker: first.Marker! })).answer.Tags).toEqual([
      { Key: 'Team', Value: 'red' },
    ]);
    const removed = await scenario.when(untagInstanceProfile, { InstanceProfileName: 'front', TagKeys: ['TEAM', 'b'] });
    expect(removed.events).toEqual([
      { type: 'InstanceProfileUntagged', data: { instanceProfileName: 'Front', tagKeys: ['Team'], removedTags: [{ Key: 'Team', Value: 'red' }] } },
    ]);
    expect((await scenario.when(untagInstanceProfile, { InstanceProfileName: 'Front', TagKeys: ['team'] })).events).toEqual([]);
  });

  it('are at most fifty and never of AWS', async () => {
    const scenario = await withProfile();
    const many = Array.from({ length: 50 }, (_, index) => ({ Key: `k${index}`, Value: '' }));
    await scenario.after(tagInstanceProfile, { InstanceProfileName: 'Front', Tags: many });
    expect(await scenario.refusal(tagInstanceProfile, { InstanceProfileName: 'Front', Tags: [{ Key: 'one', Value: '' }] })).toContain(
      'LimitExceeded',
    );
    expect(await scenario.refusal(tagInstanceProfile, { InstanceProfileName: 'Front', Tags: [{ Key: 'Aws:one', Value: '' }] })).toContain(
      'InvalidInput',
    );
  });

  it('need iam:TagInstanceProfile when the profile is created with them', () => {
    const scenario = new Scenario();
    const input = Object.assign(new createInstanceProfile.command(), { InstanceProfileName: 'Front', Path: '/x/', Tags: [{ Key: 'a', Value: 'b' }] });
    expect(createInstanceProfile.declaration.alsoRequires!(input, scenario.account, scenario.call())).toEqual([
      {
        action: 'iam:TagInstanceProfile',
        resource: 'arn:aws:iam::123456789012:instance-profile/x/Front',
        context: { 'aws:RequestTag/a': 'b', 'aws:TagKeys': ['a'] },
      },
    ]);
  });
});
