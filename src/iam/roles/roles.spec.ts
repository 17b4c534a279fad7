import { describe, expect, it } from '@jest/globals';
import { Scenario } from '../../../test/support/scenario.ts';
import { addRoleToInstanceProfile } from '../instance-profiles/add-role-to-instance-profile.ts';
import { createInstanceProfile } from '../instance-profiles/create-instance-profile.ts';
import { removeRoleFromInstanceProfile } from '../instance-profiles/remove-role-from-instance-profile.ts';
import { attachRolePolicy } from './attach-role-policy.ts';
import { createRole } from './create-role.ts';
import { deleteRole } from './delete-role.ts';
import { deleteRolePolicy } from './delete-role-policy.ts';
import { detachRolePolicy } from './detach-role-policy.ts';
import { getRole } from './get-role.ts';
import { listRoles } from './list-roles.ts';
import { putRolePolicy } from './put-role-policy.ts';
import { tagRole } from './tag-role.ts';
import { updateAssumeRolePolicy } from './update-assume-role-policy.ts';
import { updateRole } from './update-role.ts';
import { updateRoleDescription } from './update-role-description.ts';

const trust = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}';
const policy = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}';
const administrator = 'arn:aws:iam::aws:policy/AdministratorAccess';
const withRole = () => new Scenario().after(createRole, { RoleName: 'Deploy', AssumeRolePolicyDocument: trust, Path: '/ops/' });

/** A role as only an import brings it: it belongs to a service of AWS. */
const withServiceLinkedRole = () =>
  new Scenario().given({
    type: 'RoleCreated',
    data: {
      roleName: 'AWSServiceRoleForSupport',
      roleId: 'AROASERVICELINKED0000',
      path: '/aws-service-role/support.amazonaws.com/',
      createDate: '2025-01-01T00:00:00Z',
      maxSessionDuration: 3600,
      assumeRolePolicyDocument: trust,
      trustedPrincipalIds: {},
      tags: [],
    },
  });

describe('CreateRole', () => {
  it('creates a role with everything given and answers with it', async () => {
    const { events, answer } = await new Scenario().when(createRole, {
      RoleName: 'Deploy',
      Path: '/ops/',
      AssumeRolePolicyDocument: trust,
      Description: 'deploys',
      MaxSessionDuration: 7200,
      PermissionsBoundary: administrator,
      Tags: [{ Key: 'team', Value: 'blue' }],
    });
    expect(events).toEqual([
      {
        type: 'RoleCreated',
        data: {
          roleName: 'Deploy',
          roleId: expect.stringMatching(/^AROA[A-Z2-7]{17}$/),
          path: '/ops/',
          createDate: '2026-01-01T00:00:01Z',
          description: 'deploys',
          maxSessionDuration: 7200,
          assumeRolePolicyDocument: trust,
          trustedPrincipalIds: {},
          permissionsBoundary: administrator,
          tags: [{ Key: 'team', Value: 'blue' }],
        },
      },
    ]);
    expect(answer.Role).toMatchObject({
      Arn: 'arn:aws:iam::123456789012:role/ops/Deploy',
      AssumeRolePolicyDocument: trust,
      MaxSessionDuration: 7200,
      PermissionsBoundary: { PermissionsBoundaryType: 'PermissionsBoundaryPolicy', PermissionsBoundaryArn: administrator },
      Tags: [{ Key: 'team', Value: 'blue' }],
    });
  });

  it('gives a session one hour unless told otherwise, and counts the boundary as a use of the policy', async () => {
    const scenario = await new Scenario().after(createRole, { RoleName: 'a', AssumeRolePolicyDocument: trust, PermissionsBoundary: administrator });
    expect(scenario.account.roles.get('a')?.maxSessionDuration).toBe(3600);
    expect([...scenario.account.boundaryUses.get(administrator)!.keys()]).toEqual(['role/a']);
  });

  it('refuses a name that exists whatever its case, and one role more than the quota', async () => {
    const scenario = await withRole();
    expect(await scenario.refusal(createRole, { RoleName: 'DEPLOY', AssumeRolePolicyDocument: trust })).toBe(
      'EntityAlreadyExists: Role with name DEPLOY already exists.',
    );
    scenario.given({ type: 'QuotaChanged', data: { quota: 'roles', value: 1, previousValue: 1000 } });
    expect(await scenario.refusal(createRole, { RoleName: 'Other', AssumeRolePolicyDocument: trust })).toBe(
      'LimitExceeded: Cannot exceed quota for RolesPerAccount: 1',
    );
  });

  it('refuses bad tags, a boundary that does not exist, and the path of service-linked roles', async () => {
    const scenario = new Scenario();
    const role = { RoleName: 'a', AssumeRolePolicyDocument: trust };
    expect(
      await scenario.refusal(createRole, {
        ...role,
        Tags: [
          { Key: 'a', Value: '' },
          { Key: 'A', Value: '' },
        ],
      }),
    ).toContain('InvalidInput: Duplicate tag keys');
    expect(await scenario.refusal(createRole, { ...role, Tags: [{ Key: 'AWS:x', Value: '' }] })).toContain('InvalidInput');
    expect(await scenario.refusal(createRole, { ...role, PermissionsBoundary: 'arn:aws:iam::123456789012:policy/none' })).toBe(
      'NoSuchEntity: Policy arn:aws:iam::123456789012:policy/none does not exist or is not attachable.',
    );
    expect(await scenario.refusal(createRole, { ...role, Path: '/aws-service-role/x.amazonaws.com/' })).toContain('InvalidInput');
  });

  it('refuses names, durations and descriptions outside of the model', async () => {
    const scenario = new Scenario();
    const role = { RoleName: 'a', AssumeRolePolicyDocument: trust };
    expect(await scenario.refusal(createRole, { RoleName: 'a'.repeat(65), AssumeRolePolicyDocument: trust })).toContain("at 'roleName'");
    expect(await scenario.refusal(createRole, { RoleName: 'a' })).toContain("Value null at 'assumeRolePolicyDocument'");
    expect(await scenario.refusal(createRole, { ...role, MaxSessionDuration: 3599 })).toContain("at 'maxSessionDuration'");
    expect(await scenario.refusal(createRole, { ...role, MaxSessionDuration: 43_201 })).toContain("at 'maxSessionDuration'");
    expect(await scenario.refusal(createRole, { ...role, Description: 'x'.repeat(1001) })).toContain("at 'description'");
    expect(await scenario.refusal(createRole, { ...role, Description: '\u007f' })).toContain("at 'description'");
  });

  it('needs iam:TagRole on the new role where it brings tags, and only then', () => {
    const scenario = new Scenario();
    const input = Object.assign(new createRole.command(), { RoleName: 'a', Path: '/x/', AssumeRolePolicyDocument: trust });
    expect(createRole.declaration.alsoRequires!(input, scenario.account, scenario.call())).toEqual([]);
    input.Tags = [{ Key: 'team', Value: 'blue' }];
    expect(createRole.declaration.alsoRequires!(input, scenario.account, scenario.call())).toEqual([
      { action: 'iam:TagRole', resource: 'arn:aws:iam::123456789012:role/x/a', context: { 'aws:RequestTag/team': 'blue', 'aws:TagKeys': ['team'] } },
    ]);
  });

  it('makes another role of a name that was deleted: a new id, nothing inherited', async () => {
    const scenario = await withRole();
    const before = scenario.account.roles.get('Deploy')!;
    await scenario.after(tagRole, { RoleName: 'Deploy', Tags: [{ Key: 'a', Value: 'b' }] });
    await scenario.after(deleteRole, { RoleName: 'Deploy' });
    await scenario.after(createRole, { RoleName: 'Deploy', AssumeRolePolicyDocument: trust });
    const after = scenario.account.roles.get('Deploy')!;
    expect(after.roleId).not.toBe(before.roleId);
    expect(after.tags).toEqual([]);
  });
});

describe('GetRole', () => {
  it('finds a role without regard to case, shows it as first written, with its last use', async () => {
    const scenario = await withRole();
    expect((await scenario.when(getRole, { RoleName: 'deploy' })).answer.Role).toMatchObject({ RoleName: 'Deploy', RoleLastUsed: {} });
    scenario.lastUsed = { ...scenario.lastUsed, role: () => ({ LastUsedDate: new Date('2026-01-02T00:00:00Z'), Region: 'eu-west-1' }) };
    expect((await scenario.when(getRole, { RoleName: 'Deploy' })).answer.Role.RoleLastUsed).toEqual({
      LastUsedDate: new Date('2026-01-02T00:00:00Z'),
      Region: 'eu-west-1',
    });
    expect(await scenario.refusal(getRole, { RoleName: 'none' })).toBe('NoSuchEntity: The role with name none cannot be found.');
  });

  it('is authorized on the ARN with the path of the role, and with its boundary', async () => {
    const scenario = await new Scenario().after(createRole, {
      RoleName: 'Deploy',
      Path: '/ops/',
      AssumeRolePolicyDocument: trust,
      PermissionsBoundary: administrator,
    });
    const { resource, context } = getRole.declaration;
    const input = Object.assign(new getRole.command(), { RoleName: 'DEPLOY' });
    expect(resource(input, scenario.account, scenario.call())).toBe('arn:aws:iam::123456789012:role/ops/Deploy');
    expect(context!(input, scenario.account, scenario.call())).toEqual({ 'iam:PermissionsBoundary': administrator });
    input.RoleName = 'none';
    expect(resource(input, scenario.account, scenario.call())).toBe('arn:aws:iam::123456789012:role/none');
  });
});

describe('ListRoles', () => {
  it('pages in the order of names and by path prefix; a role deleted between two pages hides no other', async () => {
    const scenario = new Scenario();
    for (const name of ['d', 'B', 'a', 'C'])
      await scenario.after(createRole, { RoleName: name, Path: name === 'C' ? '/x/' : '/y/', AssumeRolePolicyDocument: trust });
    const first = (await scenario.when(listRoles, { MaxItems: 2 })).answer;
    expect(first).toMatchObject({ Roles: [{ RoleName: 'a' }, { RoleName: 'B' }], IsTruncated: true });
    await scenario.after(deleteRole, { RoleName: 'B' });
    const second = (await scenario.when(listRoles, { MaxItems: 2, Marker: first.Marker! })).answer;
    expect(second.Roles.map((role) => role.RoleName)).toEqual(['C', 'd']);
    expect(second).not.toHaveProperty('Marker');
    expect((await scenario.when(listRoles, { PathPrefix: '/x' })).answer.Roles.map((role) => role.RoleName)).toEqual(['C']);
    expect(await scenario.refusal(listRoles, { PathPrefix: '/x', Marker: first.Marker! })).toBe('ValidationError: Invalid Marker.');
  });

  it('leaves tags, boundary and last use out', async () => {
    const scenario = await new Scenario().after(createRole, {
      RoleName: 'a',
      AssumeRolePolicyDocument: trust,
      PermissionsBoundary: administrator,
      Tags: [{ Key: 'a', Value: 'b' }],
    });
    const [role] = (await scenario.when(listRoles)).answer.Roles;
    expect(Object.keys(role!).sort()).toEqual(['Arn', 'AssumeRolePolicyDocument', 'CreateDate', 'MaxSessionDuration', 'Path', 'RoleId', 'RoleName']);
  });
});

describe('UpdateRole and UpdateRoleDescription', () => {
  it('changes description and duration and tells both as they were before', async () => {
    const scenario = await withRole();
    const { events, answer } = await scenario.when(updateRole, { RoleName: 'deploy', Description: 'new', MaxSessionDuration: 7200 });
    expect(events).toEqual([
      {
        type: 'RoleUpdated',
        data: { roleName: 'Deploy', description: 'new', maxSessionDuration: 7200, previousDescription: undefined, previousMaxSessionDuration: 3600 },
      },
    ]);
    expect(answer).toEqual({});
  });

  it('keeps a description that is left out and takes the duration back to one hour, as AWS does', async () => {
    const scenario = await withRole();
    await scenario.after(updateRole, { RoleName: 'Deploy', Description: 'kept', MaxSessionDuration: 7200 });
    await scenario.after(updateRole, { RoleName: 'Deploy' });
    expect(scenario.account.roles.get('Deploy')).toMatchObject({ description: 'kept', maxSessionDuration: 3600 });
    expect((await scenario.when(updateRole, { RoleName: 'Deploy' })).events).toEqual([]);
  });

  it('changes the description alone, also to an empty one, and answers with the role', async () => {
    const scenario = await withRole();
    await scenario.after(updateRole, { RoleName: 'Deploy', MaxSessionDuration: 7200 });
    const { answer } = await scenario.when(updateRoleDescription, { RoleName: 'Deploy', Description: '' });
    expect(answer.Role).toMatchObject({ Description: '', MaxSessionDuration: 7200 });
    expect((await scenario.when(updateRoleDescription, { RoleName: 'Deploy', Description: '' })).events).toEqual([]);
    expect(await scenario.refusal(updateRoleDescription, { RoleName: 'Deploy' })).toContain("Value null at 'description'");
  });

  it('refuses a role that does not exist', async () => {
    const missing = 'NoSuchEntity: The role with name none cannot be found.';
    expect(await new Scenario().refusal(updateRole, { RoleName: 'none' })).toBe(missing);
    expect(await new Scenario().refusal(updateRoleDescription, { RoleName: 'none', Description: '' })).toBe(missing);
  });
});

describe('DeleteRole', () => {
  it('refuses as long as an instance profile, an attached or an inline policy is left, then deletes', async () => {
    const scenario = await withRole();
    await scenario.after(createInstanceProfile, { InstanceProfileName: 'p' });
    await scenario.after(addRoleToInstanceProfile, { InstanceProfileName: 'p', RoleName: 'deploy' });
    await scenario.after(attachRolePolicy, { RoleName: 'Deploy', PolicyArn: administrator });
    await scenario.after(putRolePolicy, { RoleName: 'Deploy', PolicyName: 'inline', PolicyDocument: policy });
    expect(await scenario.refusal(deleteRole, { RoleName: 'Deploy' })).toBe(
      'DeleteConflict: Cannot delete entity, must remove roles from instance profile first.',
    );
    await scenario.after(removeRoleFromInstanceProfile, { InstanceProfileName: 'p', RoleName: 'Deploy' });
    expect(await scenario.refusal(deleteRole, { RoleName: 'Deploy' })).toBe('DeleteConflict: Cannot delete entity, must detach all policies first.');
    await scenario.after(detachRolePolicy, { RoleName: 'Deploy', PolicyArn: administrator });
    expect(await scenario.refusal(deleteRole, { RoleName: 'Deploy' })).toBe('DeleteConflict: Cannot delete entity, must delete policies first.');
    await scenario.after(deleteRolePolicy, { RoleName: 'Deploy', PolicyName: 'inline' });
    const { roleId } = scenario.account.roles.get('Deploy')!;
    expect((await scenario.when(deleteRole, { RoleName: 'DEPLOY' })).events).toEqual([
      { type: 'RoleDeleted', data: { roleName: 'Deploy', roleId, path: '/ops/' } },
    ]);
    expect(await scenario.refusal(deleteRole, { RoleName: 'Deploy' })).toBe('NoSuchEntity: The role with name Deploy cannot be found.');
  });

  it('frees the boundary of the role', async () => {
    const scenario = await new Scenario().after(createRole, { RoleName: 'a', AssumeRolePolicyDocument: trust, PermissionsBoundary: administrator });
    await scenario.after(deleteRole, { RoleName: 'a' });
    expect(scenario.account.boundaryUses.size).toBe(0);
  });
});

describe('a service-linked role', () => {
  it('is changed by its service only, but for its description and tags', async () => {
    const scenario = withServiceLinkedRole();
    const RoleName = 'AWSServiceRoleForSupport';
    const refusal = `UnmodifiableEntity: Cannot perform the operation on the protected role '${RoleName}' - this role is only modifiable by AWS`;
    expect(await scenario.refusal(deleteRole, { RoleName })).toBe(refusal);
    expect(await scenario.refusal(updateRole, { RoleName })).toBe(refusal);
    expect(await scenario.refusal(updateAssumeRolePolicy, { RoleName, PolicyDocument: trust })).toBe(refusal);
    expect(await scenario.refusal(attachRolePolicy, { RoleName, PolicyArn: administrator })).toBe(refusal);
    expect(await scenario.refusal(detachRolePolicy, { RoleName, PolicyArn: administrator })).toBe(refusal);
    expect(await scenario.refusal(putRolePolicy, { RoleName, PolicyName: 'p', PolicyDocument: policy })).toBe(refusal);
    expect(await scenario.refusal(deleteRolePolicy, { RoleName, PolicyName: 'p' })).toBe(refusal);
    await scenario.after(updateRoleDescription, { RoleName, Description: 'ours' });
    await scenario.after(tagRole, { RoleName, Tags: [{ Key: 'a', Value: 'b' }] });
    expect(scenario.account.roles.get(RoleName)).toMatchObject({ description: 'ours', tags: [{ Key: 'a', Value: 'b' }] });
  });
});
