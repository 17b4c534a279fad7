import { beforeEach, describe, expect, it } from '@jest/globals';
import { AwsError, userArn } from '../../libs/aws/index.ts';
import { authorize } from '../../src/authorization/authorize.ts';
import type { Caller, Session } from '../../src/iam/call.ts';
import type { Operation } from '../../src/iam/operation.ts';
import { createRole } from '../../src/iam/roles/create-role.ts';
import { deleteRole } from '../../src/iam/roles/delete-role.ts';
import { createUser } from '../../src/iam/users/create-user.ts';
import { AssumeRole, assumeRole } from '../../src/sts/assume-role.ts';
import { Scenario } from '../support/scenario.ts';

const home = '123456789012';
const RoleArn = `arn:aws:iam::${home}:role/Deploy`;
const bob = `arn:aws:iam::${home}:user/Bob`;
const service = trusting({ Service: 'ec2.amazonaws.com' });

function trusting(principal: unknown, { action = 'sts:AssumeRole', condition }: { action?: string | string[]; condition?: unknown } = {}): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: principal, Action: action, ...(condition === undefined ? {} : { Condition: condition }) }],
  });
}

let scenario: Scenario;
beforeEach(async () => {
  scenario = await new Scenario().after(createUser, { UserName: 'Bob' });
  scenario.caller = userCaller('Bob');
});

const userCaller = (userName: string): Caller => {
  const user = scenario.account.users.get(userName)!;
  return {
    type: 'IAMUser',
    accountId: home,
    partition: 'aws',
    arn: userArn(scenario.account, user.path, user.userName),
    principalId: user.userId,
    userName: user.userName,
  };
};
const withDeploy = (document: string) => scenario.after(createRole, { RoleName: 'Deploy', AssumeRolePolicyDocument: document });
const bobMay = (action: string, resource = '*') =>
  scenario.given({
    type: 'UserPolicyPut',
    data: {
      userName: 'Bob',
      policyName: action.replaceAll(/\W/g, ''),
      policyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: action, Resource: resource }] }),
    },
  });

/** `allowed`, or the message of the refusal: authorization first, the decision after it, as the pipeline does. */
function outcome(input: Partial<AssumeRole> = {}, others: Scenario = scenario): string {
  const command = Object.assign(new AssumeRole(), { RoleArn, RoleSessionName: 'session', ...input });
  try {
    authorize(assumeRole as unknown as Operation, command, { callerAccount: others.account, account: scenario.account }, scenario.call(), {
      rootGuard: false,
    });
    assumeRole.declaration.issue!(command, scenario.account, scenario.call());
    return 'allowed';
  } catch (error) {
    if (error instanceof AwsError) return `${error.code}: ${error.message}`;
    throw error;
  }
}

describe('who may assume a role of his own account', () => {
  it('is a user whom the trust policy names, without a policy of his own', async () => {
    await withDeploy(trusting({ AWS: bob }));
    expect(outcome()).toBe('allowed');
  });

  it('is, where the trust policy names the account, who has a policy that lets him', async () => {
    await withDeploy(trusting({ AWS: `arn:aws:iam::${home}:root` }));
    expect(outcome()).toContain('AccessDenied');
    bobMay('sts:AssumeRole', RoleArn);
    expect(outcome()).toBe('allowed');
  });

  it('is nobody whom the trust policy leaves out, whatever policies he has', async () => {
    await withDeploy(service);
    bobMay('*');
    expect(outcome()).toContain('AccessDenied');
  });

  it('learns nothing about roles that he may not assume: a missing one is refused in the same words', async () => {
    await withDeploy(service);
    bobMay('*');
    const missing = RoleArn.replace('Deploy', 'Missing');
    expect(outcome({ RoleArn: missing })).toBe(outcome().replaceAll(RoleArn, missing));
  });

  it('is not somebody who has the name of a user that was trusted', async () => {
    await withDeploy(trusting({ AWS: bob }));
    bobMay('*');
    scenario.given({ type: 'UserDeleted', data: { userName: 'Bob', userId: scenario.account.users.get('Bob')!.userId, path: '/' } });
    await scenario.after(createUser, { UserName: 'Bob' });
    scenario.caller = userCaller('Bob');
    bobMay('*');
    expect(outcome()).toContain('AccessDenied');
  });

  it('is never root', async () => {
    await withDeploy(trusting({ AWS: `arn:aws:iam::${home}:root` }));
    scenario.caller = { type: 'Root', accountId: home, partition: 'aws', arn: `arn:aws:iam::${home}:root`, principalId: home };
    expect(outcome()).toContain('AccessDenied');
  });
});

describe('the session of a role that was made again under its name', () => {
  const asSessionOf = (roleName: string): Caller => {
    const role = scenario.account.roles.get(roleName)!;
    const session = {
      kind: 'AssumedRole',
      issuerId: role.roleId,
      issuerName: role.roleName,
      accountId: home,
      tags: [],
      transitiveTagKeys: [],
      policyArns: [],
      chain: [],
    } as unknown as Session;
    return {
      type: 'AssumedRole',
      accountId: home,
      partition: 'aws',
      arn: `arn:aws:sts::${home}:assumed-role/${roleName}/session`,
      principalId: `${role.roleId}:session`,
      roleName,
      roleArn: `arn:aws:iam::${home}:role/${roleName}`,
      session: { ...session, issuedAt: 0, expiresAt: 0, mfaAuthenticated: false },
    };
  };

  it.each([
    ['the role', `arn:aws:iam::${home}:role/First`],
    ['its session', `arn:aws:sts::${home}:assumed-role/First/session`],
  ])('is not trusted by a policy that names %s', async (_what, principal) => {
    await scenario.after(createRole, { RoleName: 'First', AssumeRolePolicyDocument: service });
    await withDeploy(trusting({ AWS: principal }));
    const mayAll = {
      type: 'RolePolicyPut',
      data: {
        roleName: 'First',
        policyName: 'all',
        policyDocument: '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}',
      },
    } as const;
    scenario.given(mayAll);
    scenario.caller = asSessionOf('First');
    expect(outcome()).toBe('allowed');
    scenario.given({ type: 'RolePolicyDeleted', data: { roleName: 'First', policyName: 'all', policyDocument: '' } });
    await scenario.after(deleteRole, { RoleName: 'First' });
    await scenario.after(createRole, { RoleName: 'First', AssumeRolePolicyDocument: service });
    scenario.given(mayAll);
    scenario.caller = asSessionOf('First');
    expect(outcome()).toContain('AccessDenied');
  });
});

describe('conditions of a trust policy', () => {
  it('demand an external id', async () => {
    await withDeploy(trusting({ AWS: bob }, { condition: { StringEquals: { 'sts:ExternalId': 'secret' } } }));
    expect(outcome()).toContain('AccessDenied');
    expect(outcome({ ExternalId: 'Secret' })).toContain('AccessDenied');
    expect(outcome({ ExternalId: 'secret' })).toBe('allowed');
  });

  it('demand a session name', async () => {
    await withDeploy(trusting({ AWS: bob }, { condition: { StringEquals: { 'sts:RoleSessionName': '${aws:username}' } } }));
    expect(outcome()).toContain('AccessDenied');
    expect(outcome({ RoleSessionName: 'Bob' })).toBe('allowed');
  });

  it('demand MFA, which a session without it does not have', async () => {
    await withDeploy(trusting({ AWS: bob }, { condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } } }));
    expect(outcome()).toContain('AccessDenied');
  });
});

describe('tags and a source identity', () => {
  it('must be allowed by the trust policy besides', async () => {
    await withDeploy(trusting({ AWS: bob }));
    bobMay('sts:*');
    expect(outcome({ Tags: [{ Key: 'a', Value: 'b' }] })).toContain('sts:TagSession');
    expect(outcome({ SourceIdentity: 'bob' })).toContain('sts:SetSourceIdentity');
  });

  it('pass where it allows them, under its conditions', async () => {
    await withDeploy(
      trusting(
        { AWS: bob },
        { action: ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'], condition: { StringEquals: { 'aws:RequestTag/team': 'blue' } } },
      ),
    );
    expect(outcome({ Tags: [{ Key: 'team', Value: 'blue' }], SourceIdentity: 'bob' })).toBe('allowed');
    expect(outcome({ Tags: [{ Key: 'team', Value: 'red' }] })).toContain('AccessDenied');
    expect(outcome()).toContain('AccessDenied');
  });
});

describe('a caller of another account', () => {
  const foreign = '210987654321';
  let other: Scenario;
  beforeEach(async () => {
    other = new Scenario();
    other.account = { ...other.account, id: foreign };
    await other.after(createUser, { UserName: 'Eve' });
    scenario.others.set(foreign, other.account);
    const { userId } = other.account.users.get('Eve')!;
    scenario.caller = {
      type: 'IAMUser',
      accountId: foreign,
      partition: 'aws',
      arn: `arn:aws:iam::${foreign}:user/Eve`,
      principalId: userId,
      userName: 'Eve',
    };
  });
  const eveMay = () =>
    other.given({
      type: 'UserPolicyPut',
      data: {
        userName: 'Eve',
        policyName: 'p',
        policyDocument: '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"*"}]}',
      },
    });

  it('needs both: the trust of the role and a policy of his own', async () => {
    await withDeploy(trusting({ AWS: `arn:aws:iam::${foreign}:user/Eve` }));
    expect(outcome({}, other)).toContain('AccessDenied');
    eveMay();
    expect(outcome({}, other)).toBe('allowed');
  });

  it('is refused without the trust of the role, whatever his own policies say', async () => {
    await withDeploy(trusting({ AWS: `arn:aws:iam::${home}:root` }));
    eveMay();
    expect(outcome({}, other)).toContain('AccessDenied');
  });
});
