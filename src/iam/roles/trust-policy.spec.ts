import { describe, expect, it } from '@jest/globals';
import { Scenario } from '../../../test/support/scenario.ts';
import { createUser } from '../users/create-user.ts';
import { createRole } from './create-role.ts';
import { deleteRole } from './delete-role.ts';
import { updateAssumeRolePolicy } from './update-assume-role-policy.ts';

const trusting = (principal: unknown) =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: principal, Action: 'sts:AssumeRole' }] });
const service = trusting({ Service: 'ec2.amazonaws.com' });
const bob = 'arn:aws:iam::123456789012:user/team/Bob';
const withBob = () => new Scenario().after(createUser, { UserName: 'Bob', Path: '/team/' });
const refusalOf = (scenario: Scenario, principal: unknown) =>
  scenario.refusal(createRole, { RoleName: 'r', AssumeRolePolicyDocument: trusting(principal) });
const invalid = (principal: string) => `MalformedPolicyDocument: Invalid principal in policy: "AWS":"${principal}"`;

describe('the trust policy of a role', () => {
  it('is kept to the letter, with the unique ids of the users and roles that it names', async () => {
    const scenario = await withBob();
    await scenario.after(createRole, { RoleName: 'First', AssumeRolePolicyDocument: service });
    const document = `\n${trusting({ AWS: [bob, 'arn:aws:iam::123456789012:role/First', 'arn:aws:sts::123456789012:assumed-role/First/session'] })} `;
    const { events } = await scenario.when(createRole, { RoleName: 'r', AssumeRolePolicyDocument: document });
    const { roleId } = scenario.account.roles.get('First')!;
    expect(events[0]!.data).toMatchObject({
      assumeRolePolicyDocument: document,
      trustedPrincipalIds: {
        [bob]: scenario.account.users.get('Bob')!.userId,
        'arn:aws:iam::123456789012:role/First': roleId,
        'arn:aws:sts::123456789012:assumed-role/First/session': roleId,
      },
    });
  });

  it('may name anybody, accounts, services, identity providers and what other servers hold', async () => {
    const scenario = new Scenario();
    const accepted = [
      '*',
      { AWS: '*' },
      { AWS: '123456789012' },
      { AWS: 'arn:aws:iam::123456789012:root' },
      { AWS: ['999999999999', 'arn:aws:iam::999999999999:user/anybody', 'arn:aws:sts::999999999999:assumed-role/x/y'] },
      { Service: ['ec2.amazonaws.com', 'lambda.amazonaws.com'] },
    ];
    for (const [index, principal] of accepted.entries()) {
      const { events } = await scenario.when(createRole, { RoleName: `r${index}`, AssumeRolePolicyDocument: trusting(principal) });
      expect(events[0]!.data).toMatchObject({ trustedPrincipalIds: {} });
    }
  });

  it('must not name a user, role or session of this account that does not exist', async () => {
    const scenario = await withBob();
    for (const arn of [
      'arn:aws:iam::123456789012:user/none',
      'arn:aws:iam::123456789012:role/none',
      'arn:aws:sts::123456789012:assumed-role/none/session',
    ]) {
      expect(await refusalOf(scenario, { AWS: arn })).toBe(invalid(arn));
    }
    const second = [bob, 'arn:aws:iam::123456789012:user/none'];
    expect(await refusalOf(scenario, { AWS: second })).toBe(invalid(second[1]!));
  });

  it('must name a principal by exactly its ARN: another path, case or partition would never match', async () => {
    const scenario = await withBob();
    for (const arn of [
      'arn:aws:iam::123456789012:user/Bob',
      'arn:aws:iam::123456789012:user/team/bob',
      'arn:aws-cn:iam::123456789012:user/team/Bob',
      'arn:aws-cn:iam::999999999999:user/Eve',
    ]) {
      expect(await refusalOf(scenario, { AWS: arn })).toBe(invalid(arn));
    }
  });

  it('must not name a principal that another account of this server lacks', async () => {
    const other = await withBob();
    const scenario = new Scenario();
    scenario.others.set('210987654321', { ...other.account, id: '210987654321' });
    const known = 'arn:aws:iam::210987654321:user/team/Bob';
    const { events } = await scenario.when(createRole, { RoleName: 'r', AssumeRolePolicyDocument: trusting({ AWS: known }) });
    expect(events[0]!.data).toMatchObject({ trustedPrincipalIds: { [known]: other.account.users.get('Bob')!.userId } });
    expect(
      await scenario.refusal(createRole, { RoleName: 's', AssumeRolePolicyDocument: trusting({ AWS: 'arn:aws:iam::210987654321:user/none' }) }),
    ).toContain('Invalid principal');
  });

  it('may name a unique id while somebody of the account has it', async () => {
    const scenario = await withBob();
    const { userId } = scenario.account.users.get('Bob')!;
    await scenario.after(createRole, { RoleName: 'r', AssumeRolePolicyDocument: trusting({ AWS: userId }) });
    expect(await scenario.refusal(createRole, { RoleName: 's', AssumeRolePolicyDocument: trusting({ AWS: 'AIDAAAAAAAAAAAAAAAAAA' }) })).toBe(
      invalid('AIDAAAAAAAAAAAAAAAAAA'),
    );
  });

  it('must be a policy, have principals and no resources', async () => {
    const scenario = new Scenario();
    for (const document of ['{', '{}', '[]', 'null', '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole"}]}']) {
      expect(await scenario.refusal(createRole, { RoleName: 'r', AssumeRolePolicyDocument: document })).toContain('MalformedPolicyDocument');
    }
    expect(
      await scenario.refusal(createRole, {
        RoleName: 'r',
        AssumeRolePolicyDocument:
          '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"sts:AssumeRole","Resource":"*"}]}',
      }),
    ).toBe('MalformedPolicyDocument: Has prohibited field Resource.');
  });

  it('must keep to its quota, in which white space does not count', async () => {
    const scenario = new Scenario().given({
      type: 'QuotaChanged',
      data: { quota: 'trustPolicyCharacters', value: service.length, previousValue: 2048 },
    });
    await scenario.after(createRole, { RoleName: 'r', AssumeRolePolicyDocument: `${service}\n\n   ` });
    const longer = service.replace('ec2', 'ec22');
    expect(await scenario.refusal(createRole, { RoleName: 's', AssumeRolePolicyDocument: longer })).toBe(
      `LimitExceeded: Cannot exceed quota for ACLSizePerRole: ${service.length}`,
    );
    expect(await scenario.refusal(updateAssumeRolePolicy, { RoleName: 'r', PolicyDocument: longer })).toContain('LimitExceeded');
  });
});

describe('UpdateAssumeRolePolicy', () => {
  it('replaces the document and tells the one before; the same again changes nothing', async () => {
    const scenario = await withBob();
    await scenario.after(createRole, { RoleName: 'Deploy', AssumeRolePolicyDocument: service });
    const document = trusting({ AWS: bob });
    const { events } = await scenario.when(updateAssumeRolePolicy, { RoleName: 'deploy', PolicyDocument: document });
    expect(events).toEqual([
      {
        type: 'AssumeRolePolicyUpdated',
        data: {
          roleName: 'Deploy',
          policyDocument: document,
          previousPolicyDocument: service,
          trustedPrincipalIds: { [bob]: scenario.account.users.get('Bob')!.userId },
        },
      },
    ]);
    expect((await scenario.when(updateAssumeRolePolicy, { RoleName: 'Deploy', PolicyDocument: document })).events).toEqual([]);
  });

  it('means the new role of a name from the next update on, also with the same text', async () => {
    const scenario = await new Scenario().after(createRole, { RoleName: 'First', AssumeRolePolicyDocument: service });
    const document = trusting({ AWS: 'arn:aws:iam::123456789012:role/First' });
    await scenario.after(createRole, { RoleName: 'r', AssumeRolePolicyDocument: document });
    const meant = scenario.account.roles.get('r')!.trustedPrincipalIds;
    await scenario.after(deleteRole, { RoleName: 'First' });
    expect(await scenario.refusal(updateAssumeRolePolicy, { RoleName: 'r', PolicyDocument: document })).toContain('Invalid principal');
    await scenario.after(createRole, { RoleName: 'First', AssumeRolePolicyDocument: service });
    expect(scenario.account.roles.get('r')!.trustedPrincipalIds).toBe(meant);
    await scenario.after(updateAssumeRolePolicy, { RoleName: 'r', PolicyDocument: document });
    expect(Object.values(scenario.account.roles.get('r')!.trustedPrincipalIds)).toEqual([scenario.account.roles.get('First')!.roleId]);
  });

  it('refuses a role that does not exist and a document that is no trust policy', async () => {
    const scenario = await new Scenario().after(createRole, { RoleName: 'r', AssumeRolePolicyDocument: service });
    expect(await scenario.refusal(updateAssumeRolePolicy, { RoleName: 'none', PolicyDocument: service })).toBe(
      'NoSuchEntity: The role with name none cannot be found.',
    );
    expect(await scenario.refusal(updateAssumeRolePolicy, { RoleName: 'r', PolicyDocument: '{}' })).toContain('MalformedPolicyDocument');
  });
});
