import { describe, expect, it } from '@jest/globals';
import { Scenario } from '../../../test/support/scenario.ts';
import type { AccountEvent } from '../events.ts';
import { attachRolePolicy } from './attach-role-policy.ts';
import { createRole } from './create-role.ts';
import { deleteRolePermissionsBoundary } from './delete-role-permissions-boundary.ts';
import { deleteRolePolicy } from './delete-role-policy.ts';
import { detachRolePolicy } from './detach-role-policy.ts';
import { getRolePolicy } from './get-role-policy.ts';
import { listAttachedRolePolicies } from './list-attached-role-policies.ts';
import { listRolePolicies } from './list-role-policies.ts';
import { putRolePermissionsBoundary } from './put-role-permissions-boundary.ts';
import { putRolePolicy } from './put-role-policy.ts';

const trust = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}';
const policy = (action: string) => `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"${action}","Resource":"*"}]}`;
const administrator = 'arn:aws:iam::aws:policy/AdministratorAccess';
const own = (name: string, path = '/') => `arn:aws:iam::123456789012:policy${path}${name}`;
const policyCreated = (policyName: string, path = '/'): AccountEvent => ({
  type: 'PolicyCreated',
  data: {
    policyName,
    policyId: `ANPA${policyName}`,
    policyArn: own(policyName, path),
    path,
    createDate: '2026-01-01T00:00:00Z',
    policyDocument: policy('s3:*'),
    tags: [],
  },
});
const withRole = () => new Scenario().after(createRole, { RoleName: 'Deploy', AssumeRolePolicyDocument: trust });
const missing = 'NoSuchEntity: The role with name none cannot be found.';

describe('the inline policies of a role', () => {
  it('are put, replaced, read and deleted; the document is kept to the letter', async () => {
    const scenario = await withRole();
    const document = ` ${policy('s3:*')}\n`;
    const put = await scenario.when(putRolePolicy, { RoleName: 'deploy', PolicyName: 'Files', PolicyDocument: document });
    expect(put.events).toEqual([
      { type: 'RolePolicyPut', data: { roleName: 'Deploy', policyName: 'Files', policyDocument: document, previousPolicyDocument: undefined } },
    ]);
    expect((await scenario.when(putRolePolicy, { RoleName: 'Deploy', PolicyName: 'Files', PolicyDocument: document })).events).toEqual([]);
    const replaced = await scenario.when(putRolePolicy, { RoleName: 'Deploy', PolicyName: 'FILES', PolicyDocument: policy('ec2:*') });
    expect(replaced.events[0]!.data).toMatchObject({ policyName: 'Files', policyDocument: policy('ec2:*'), previousPolicyDocument: document });
    expect((await scenario.when(getRolePolicy, { RoleName: 'deploy', PolicyName: 'files' })).answer).toEqual({
      RoleName: 'Deploy',
      PolicyName: 'Files',
      PolicyDocument: policy('ec2:*'),
    });
    const deleted = await scenario.when(deleteRolePolicy, { RoleName: 'Deploy', PolicyName: 'files' });
    expect(deleted.events).toEqual([
      { type: 'RolePolicyDeleted', data: { roleName: 'Deploy', policyName: 'Files', policyDocument: policy('ec2:*') } },
    ]);
    expect(scenario.account.roles.get('Deploy')!.inlinePolicies.size).toBe(0);
  });

  it('are refused where role or policy is missing, or the document is no identity policy', async () => {
    const scenario = await withRole();
    expect(await scenario.refusal(putRolePolicy, { RoleName: 'none', PolicyName: 'p', PolicyDocument: policy('s3:*') })).toBe(missing);
    expect(await scenario.refusal(getRolePolicy, { RoleName: 'none', PolicyName: 'p' })).toBe(missing);
    expect(await scenario.refusal(deleteRolePolicy, { RoleName: 'none', PolicyName: 'p' })).toBe(missing);
    expect(await scenario.refusal(listRolePolicies, { RoleName: 'none' })).toBe(missing);
    expect(await scenario.refusal(getRolePolicy, { RoleName: 'Deploy', PolicyName: 'p' })).toBe(
      'NoSuchEntity: The role policy with name p cannot be found.',
    );
    expect(await scenario.refusal(deleteRolePolicy, { RoleName: 'Deploy', PolicyName: 'p' })).toBe(
      'NoSuchEntity: The role policy with name p cannot be found.',
    );
    expect(await scenario.refusal(putRolePolicy, { RoleName: 'Deploy', PolicyName: 'p', PolicyDocument: trust })).toContain(
      'MalformedPolicyDocument',
    );
    expect(await scenario.refusal(putRolePolicy, { RoleName: 'Deploy', PolicyName: 'a b', PolicyDocument: policy('s3:*') })).toContain(
      "at 'policyName'",
    );
  });

  it('share one quota; the policy that is replaced does not count', async () => {
    const size = policy('s3:*').length;
    const scenario = (await withRole()).given({
      type: 'QuotaChanged',
      data: { quota: 'roleInlinePolicyCharacters', value: 2 * size, previousValue: 10_240 },
    });
    await scenario.after(putRolePolicy, { RoleName: 'Deploy', PolicyName: 'a', PolicyDocument: policy('s3:*') });
    await scenario.after(putRolePolicy, { RoleName: 'Deploy', PolicyName: 'b', PolicyDocument: policy('s4:*') });
    expect(await scenario.refusal(putRolePolicy, { RoleName: 'Deploy', PolicyName: 'c', PolicyDocument: policy('s3:*') })).toBe(
      `LimitExceeded: Maximum policy size of ${2 * size} bytes exceeded for role Deploy`,
    );
    await scenario.after(putRolePolicy, { RoleName: 'Deploy', PolicyName: 'B', PolicyDocument: policy('s5:*') });
  });

  it('are listed in pages that stand a deletion in between', async () => {
    const scenario = await withRole();
    for (const name of ['c', 'A', 'b']) await scenario.after(putRolePolicy, { RoleName: 'Deploy', PolicyName: name, PolicyDocument: policy('s3:*') });
    const first = (await scenario.when(listRolePolicies, { RoleName: 'Deploy', MaxItems: 1 })).answer;
    expect(first).toEqual({ PolicyNames: ['A'], IsTruncated: true, Marker: expect.any(String) });
    await scenario.after(deleteRolePolicy, { RoleName: 'Deploy', PolicyName: 'A' });
    expect((await scenario.when(listRolePolicies, { RoleName: 'Deploy', Marker: first.Marker! })).answer).toEqual({
      PolicyNames: ['b', 'c'],
      IsTruncated: false,
    });
  });
});

describe('the managed policies of a role', () => {
  it('are attached and detached, once', async () => {
    const scenario = (await withRole()).given(policyCreated('Own', '/team/'));
    const arn = own('Own', '/team/');
    expect((await scenario.when(attachRolePolicy, { RoleName: 'deploy', PolicyArn: arn })).events).toEqual([
      { type: 'RolePolicyAttached', data: { roleName: 'Deploy', policyArn: arn } },
    ]);
    expect((await scenario.when(attachRolePolicy, { RoleName: 'Deploy', PolicyArn: arn })).events).toEqual([]);
    expect([...scenario.account.attachments.get(arn)!.keys()]).toEqual(['role/deploy']);
    expect((await scenario.when(detachRolePolicy, { RoleName: 'deploy', PolicyArn: arn })).events).toEqual([
      { type: 'RolePolicyDetached', data: { roleName: 'Deploy', policyArn: arn } },
    ]);
    expect(scenario.account.attachments.size).toBe(0);
    expect(await scenario.refusal(detachRolePolicy, { RoleName: 'Deploy', PolicyArn: arn })).toBe(`NoSuchEntity: Policy ${arn} was not found.`);
  });

  it('must exist, in this account or as one of AWS, and the ARN must be one', async () => {
    const scenario = (await withRole()).given(policyCreated('Own', '/team/'));
    expect(await scenario.refusal(attachRolePolicy, { RoleName: 'none', PolicyArn: administrator })).toBe(missing);
    expect(await scenario.refusal(detachRolePolicy, { RoleName: 'none', PolicyArn: administrator })).toBe(missing);
    for (const arn of [
      own('none'),
      own('Own'),
      own('own', '/team/'),
      'arn:aws:iam::999999999999:policy/team/Own',
      'arn:aws:iam::aws:policy/NoSuchPolicy',
    ]) {
      expect(await scenario.refusal(attachRolePolicy, { RoleName: 'Deploy', PolicyArn: arn })).toBe(
        `NoSuchEntity: Policy ${arn} does not exist or is not attachable.`,
      );
    }
    expect(await scenario.refusal(attachRolePolicy, { RoleName: 'Deploy', PolicyArn: 'arn:aws:iam::123456789012:user/Own' })).toContain(
      'InvalidInput',
    );
    expect(await scenario.refusal(attachRolePolicy, { RoleName: 'Deploy', PolicyArn: 'short' })).toContain("at 'policyArn'");
  });

  it('are at most as many as the quota', async () => {
    const scenario = (await withRole()).given(policyCreated('Own'), {
      type: 'QuotaChanged',
      data: { quota: 'attachedPoliciesPerRole', value: 1, previousValue: 10 },
    });
    await scenario.after(attachRolePolicy, { RoleName: 'Deploy', PolicyArn: administrator });
    expect(await scenario.refusal(attachRolePolicy, { RoleName: 'Deploy', PolicyArn: own('Own') })).toBe(
      'LimitExceeded: Cannot exceed quota for PoliciesPerRole: 1',
    );
    expect((await scenario.when(attachRolePolicy, { RoleName: 'Deploy', PolicyArn: administrator })).events).toEqual([]);
  });

  it('are listed by name, by path prefix and in pages', async () => {
    const scenario = (await withRole()).given(policyCreated('b', '/team/'), policyCreated('C'));
    for (const arn of [own('C'), own('b', '/team/'), administrator]) await scenario.after(attachRolePolicy, { RoleName: 'Deploy', PolicyArn: arn });
    const first = (await scenario.when(listAttachedRolePolicies, { RoleName: 'Deploy', MaxItems: 1 })).answer;
    expect(first).toMatchObject({ AttachedPolicies: [{ PolicyName: 'AdministratorAccess', PolicyArn: administrator }], IsTruncated: true });
    await scenario.after(detachRolePolicy, { RoleName: 'Deploy', PolicyArn: administrator });
    const second = (await scenario.when(listAttachedRolePolicies, { RoleName: 'Deploy', Marker: first.Marker! })).answer;
    expect(second.AttachedPolicies.map((attached) => attached.PolicyName)).toEqual(['b', 'C']);
    expect((await scenario.when(listAttachedRolePolicies, { RoleName: 'Deploy', PathPrefix: '/team/' })).answer.AttachedPolicies).toEqual([
      { PolicyName: 'b', PolicyArn: own('b', '/team/') },
    ]);
    expect(await scenario.refusal(listAttachedRolePolicies, { RoleName: 'none' })).toBe(missing);
  });

  it('are authorized with the policy and the boundary of the role', async () => {
    const scenario = await new Scenario().after(createRole, {
      RoleName: 'Deploy',
      AssumeRolePolicyDocument: trust,
      PermissionsBoundary: administrator,
    });
    for (const { command, declaration } of [attachRolePolicy, detachRolePolicy]) {
      const input = Object.assign(new command(), { RoleName: 'deploy', PolicyArn: own('x') });
      expect(declaration.context!(input, scenario.account, scenario.call())).toEqual({
        'iam:PolicyARN': own('x'),
        'iam:PermissionsBoundary': administrator,
      });
      expect(declaration.resource(input, scenario.account, scenario.call())).toBe('arn:aws:iam::123456789012:role/Deploy');
    }
  });
});

describe('the permissions boundary of a role', () => {
  it('is put, replaced and deleted, and counted as a use of the policy', async () => {
    const scenario = (await withRole()).given(policyCreated('Own'));
    await scenario.after(putRolePermissionsBoundary, { RoleName: 'Deploy', PermissionsBoundary: administrator });
    const replaced = await scenario.when(putRolePermissionsBoundary, { RoleName: 'deploy', PermissionsBoundary: own('Own') });
    expect(replaced.events).toEqual([
      {
        type: 'RolePermissionsBoundaryPut',
        data: { roleName: 'Deploy', permissionsBoundary: own('Own'), previousPermissionsBoundary: administrator },
      },
    ]);
    expect((await scenario.when(putRolePermissionsBoundary, { RoleName: 'Deploy', PermissionsBoundary: own('Own') })).events).toEqual([]);
    expect(scenario.account.boundaryUses.has(administrator)).toBe(false);
    expect((await scenario.when(deleteRolePermissionsBoundary, { RoleName: 'deploy' })).events).toEqual([
      { type: 'RolePermissionsBoundaryDeleted', data: { roleName: 'Deploy', permissionsBoundary: own('Own') } },
    ]);
    expect(scenario.account.boundaryUses.size).toBe(0);
  });

  it('must exist to be put and to be deleted', async () => {
    const scenario = await withRole();
    expect(await scenario.refusal(putRolePermissionsBoundary, { RoleName: 'none', PermissionsBoundary: administrator })).toBe(missing);
    expect(await scenario.refusal(deleteRolePermissionsBoundary, { RoleName: 'none' })).toBe(missing);
    expect(await scenario.refusal(putRolePermissionsBoundary, { RoleName: 'Deploy', PermissionsBoundary: own('none') })).toBe(
      `NoSuchEntity: Policy ${own('none')} does not exist or is not attachable.`,
    );
    expect(
      await scenario.refusal(putRolePermissionsBoundary, { RoleName: 'Deploy', PermissionsBoundary: 'arn:aws:iam::123456789012:role/Deploy' }),
    ).toContain('InvalidInput');
    expect(await scenario.refusal(deleteRolePermissionsBoundary, { RoleName: 'Deploy' })).toContain('NoSuchEntity');
  });

  it('is authorized by the boundary asked for when put, and by the one in force when deleted', async () => {
    const scenario = await new Scenario().after(createRole, {
      RoleName: 'Deploy',
      AssumeRolePolicyDocument: trust,
      PermissionsBoundary: administrator,
    });
    const put = Object.assign(new putRolePermissionsBoundary.command(), { RoleName: 'Deploy', PermissionsBoundary: own('x') });
    expect(putRolePermissionsBoundary.declaration.context!(put, scenario.account, scenario.call())).toEqual({ 'iam:PermissionsBoundary': own('x') });
    const removal = Object.assign(new deleteRolePermissionsBoundary.command(), { RoleName: 'Deploy' });
    expect(deleteRolePermissionsBoundary.declaration.context!(removal, scenario.account, scenario.call())).toEqual({
      'iam:PermissionsBoundary': administrator,
    });
  });
});
