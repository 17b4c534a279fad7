import { describe, expect, it } from '@jest/globals';
import { Scenario } from '../../../test/support/scenario.ts';
import { iamOperations } from '../operations.ts';
import { dependencyRank, foldSecond, foldedEventNames } from './cloudtrail-fold.ts';
import { readCloudTrailRecord } from './cloudtrail-record.ts';

const now = new Date('2026-01-02T00:00:00Z');
let count = 0;

function call(eventName: string, requestParameters: object, responseElements: object | null = null, more: object = {}) {
  const eventID = `event-${String(count++).padStart(4, '0')}`;
  return {
    call: readCloudTrailRecord(
      {
        eventID,
        eventTime: '2026-01-01T12:00:00Z',
        eventSource: 'iam.amazonaws.com',
        eventName,
        requestParameters,
        responseElements,
        userIdentity: { type: 'Root' },
        ...more,
      },
      now,
    ),
  };
}

const arn = (resource: string): string => `arn:aws:iam::123456789012:${resource}`;
const trust = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}';
const document = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}';
const createUser = (userName: string, userId: string) =>
  call('CreateUser', { userName }, { user: { userName, userId, arn: arn(`user/${userName}`), path: '/', createDate: 'Jan 1, 2026 12:00:00 PM' } });
const createRole = (roleName: string, roleId: string) =>
  call(
    'CreateRole',
    { roleName, assumeRolePolicyDocument: trust },
    { role: { roleName, roleId, arn: arn(`role/${roleName}`), path: '/', createDate: 'Jan 1, 2026 1:02:03 AM' } },
  );
const createPolicy = (policyName: string, policyId: string) =>
  call(
    'CreatePolicy',
    { policyName, policyDocument: document },
    { policy: { policyName, policyId, arn: arn(`policy/${policyName}`), path: '/', defaultVersionId: 'v1' } },
  );

/** Folds calls given in any order as an import does: by rank, ties by eventID. */
function fold(scenario: Scenario, ...calls: readonly ReturnType<typeof call>[]) {
  const sorted = [...calls].sort((a, b) => dependencyRank(a.call) - dependencyRank(b.call) || (a.call.eventID! < b.call.eventID! ? -1 : 1)); // all have one
  const folded = foldSecond(sorted, scenario.account, () => undefined);
  scenario.given(...folded.flatMap(({ events }) => events));
  return {
    names: folded.map(({ from }) => from.call.eventName),
    missing: folded.flatMap(({ missing }) => missing),
    types: folded.flatMap(({ events }) => events.map(({ type }) => type)),
  };
}

describe('the calls of one second', () => {
  it('are put into the order in which they can have happened', () => {
    const { names, missing } = fold(
      new Scenario(),
      call('PutUserPolicy', { userName: 'mallory', policyName: 'p', policyDocument: document }),
      call('DeleteUser', { userName: 'mallory' }),
      call('DeleteUserPolicy', { userName: 'mallory', policyName: 'p' }),
      createUser('mallory', 'AIDA1'),
    );
    expect(names).toEqual(['CreateUser', 'PutUserPolicy', 'DeleteUserPolicy', 'DeleteUser']);
    expect(missing).toEqual([]);
  });

  it('delete a user before he is made again under the same name', () => {
    const scenario = new Scenario();
    fold(scenario, createUser('bob', 'AIDA1'));
    const { names, missing } = fold(scenario, createUser('bob', 'AIDA2'), call('DeleteUser', { userName: 'Bob' }));
    expect(names).toEqual(['DeleteUser', 'CreateUser']);
    expect(missing).toEqual([]);
    expect(scenario.account.users.get('bob')?.userId).toBe('AIDA2');
  });

  it('detach a policy before it is deleted', () => {
    const scenario = new Scenario();
    const policyArn = arn('policy/read');
    fold(scenario, createRole('deploy', 'AROA1'), createPolicy('read', 'ANPA1'), call('AttachRolePolicy', { roleName: 'deploy', policyArn }));
    const { names, missing } = fold(
      scenario,
      call('DeletePolicy', { policyArn }),
      call('DeleteRole', { roleName: 'deploy' }),
      call('DetachRolePolicy', { roleName: 'deploy', policyArn }),
    );
    expect(names).toEqual(['DetachRolePolicy', 'DeleteRole', 'DeletePolicy']);
    expect(missing).toEqual([]);
  });
});

describe('what the records do not tell', () => {
  it('is reported where a user is deleted who was never made, and nothing is changed', () => {
    expect(fold(new Scenario(), call('DeleteUser', { userName: 'ghost' }))).toMatchObject({ missing: ['CreateUser of user ghost'], types: [] });
  });

  it('is reported by name where a user was not bare when he was deleted', () => {
    const scenario = new Scenario();
    const group = call(
      'CreateGroup',
      { groupName: 'Admins' },
      { group: { groupName: 'Admins', groupId: 'AGPA1', arn: arn('group/Admins'), path: '/' } },
    );
    const key = call('CreateAccessKey', { userName: 'bob' }, { accessKey: { userName: 'bob', accessKeyId: 'AKIA1', status: 'Active' } });
    fold(scenario, createUser('bob', 'AIDA1'), group, key, call('AddUserToGroup', { userName: 'bob', groupName: 'admins' }));
    const { missing, types } = fold(scenario, call('DeleteUser', { userName: 'bob' }));
    expect(missing).toEqual(['DeleteAccessKey of AKIA1 of user bob', 'RemoveUserFromGroup of user bob from group Admins']);
    expect(types).toEqual(['UserDeleted']);
    expect(scenario.account.groups.get('Admins')?.members.size).toBe(0);
  });

  it('takes a deleted policy off its holders, so that a later policy of that name has no effect on them', () => {
    const scenario = new Scenario();
    const policyArn = arn('policy/read');
    fold(scenario, createRole('deploy', 'AROA1'), createPolicy('read', 'ANPA1'), call('AttachRolePolicy', { roleName: 'deploy', policyArn }));
    const { missing, types } = fold(scenario, call('DeletePolicy', { policyArn }));
    expect(missing).toEqual([`DetachRolePolicy of ${policyArn} from role deploy`]);
    expect(types).toEqual(['RolePolicyDetached', 'PolicyDeleted']);
    expect(scenario.account.roles.get('deploy')?.attachedPolicies.size).toBe(0);
  });

  it('replaces a role that AWS gave the name of to another one', () => {
    const scenario = new Scenario();
    fold(scenario, createRole('deploy', 'AROA1'), call('PutRolePolicy', { roleName: 'deploy', policyName: 'p', policyDocument: document }));
    expect(fold(scenario, createRole('deploy', 'AROA2'))).toMatchObject({
      missing: ['DeleteRole of role deploy with the id AROA1'],
      types: ['RoleDeleted', 'RoleCreated'],
    });
    expect(scenario.account.roles.get('deploy')).toMatchObject({ roleId: 'AROA2', createDate: '2026-01-01T01:02:03Z' });
    expect(scenario.account.roles.get('deploy')?.inlinePolicies.size).toBe(0);
  });

  it('is reported for a policy that is attached and was never made, and the attachment stands', () => {
    const scenario = new Scenario();
    fold(scenario, createUser('bob', 'AIDA1'));
    const policyArn = arn('policy/unknown');
    expect(fold(scenario, call('AttachUserPolicy', { userName: 'bob', policyArn }))).toMatchObject({
      missing: [`CreatePolicy of policy ${policyArn}`],
      types: ['UserPolicyAttached'],
    });
  });

  it('is reported for a record whose parameters were left out because they were too large', () => {
    const { missing, types } = fold(
      new Scenario(),
      call('DeleteUser', { omitted: true, originalSize: 200_000, reason: 'requestParameters too large' }),
    );
    expect(missing).toEqual(['what DeleteUser changed: userName must be a text.']);
    expect(types).toEqual([]);
  });
});

it('gives an imported user no password that anybody knows, and an imported key no secret', () => {
  const scenario = new Scenario();
  const profile = call('CreateLoginProfile', { userName: 'bob' }, { loginProfile: { userName: 'bob', passwordResetRequired: true } });
  const key = call('CreateAccessKey', { userName: 'bob' }, { accessKey: { userName: 'bob', accessKeyId: 'AKIA1', status: 'Active' } });
  fold(scenario, createUser('bob', 'AIDA1'), profile, key);
  expect(scenario.account.users.get('bob')?.loginProfile).toMatchObject({ passwordHash: '!', passwordResetRequired: true });
  expect(scenario.account.accessKeys.get('AKIA1')).toMatchObject({ userName: 'bob', masterKeyId: undefined });
});

/**
 * What an import leaves out: a trail does not have the material of these credentials, and nobody could sign in with them here; a preference about AWS's
 * regional endpoints means nothing here. Identity providers are set up anew: whom they let in is a decision of this server's operator.
 */
const leftOut =
  /OpenIDConnectProvider|SAMLProvider|OutboundWebIdentityFederation|SecurityTokenServicePreferences|MFADevice|SSHPublicKey|SigningCertificate|ServerCertificate|ServiceSpecificCredential/;

it('knows every operation of IAM here that changes an account', () => {
  const changes = iamOperations.filter(({ readOnly }) => !readOnly).map(({ name }) => name);
  expect(changes.filter((name) => !foldedEventNames.includes(name) && !leftOut.test(name))).toEqual([]);
  expect(foldedEventNames.filter((name) => leftOut.test(name))).toEqual([]);
});
