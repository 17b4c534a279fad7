import { describe, expect, it } from '@jest/globals';
import { AccountLog, adminActor } from '../../../test/support/account-log.ts';
import type { UserIdentity } from '../../iam/call-metadata.ts';
import { addUserToGroup } from '../../iam/groups/add-user-to-group.ts';
import { attachGroupPolicy } from '../../iam/groups/attach-group-policy.ts';
import { createGroup } from '../../iam/groups/create-group.ts';
import { putGroupPolicy } from '../../iam/groups/put-group-policy.ts';
import { removeUserFromGroup } from '../../iam/groups/remove-user-from-group.ts';
import { updateGroup } from '../../iam/groups/update-group.ts';
import { updateAccountPasswordPolicy } from '../../iam/password-policy/update-account-password-policy.ts';
import { createPolicy } from '../../iam/policies/create-policy.ts';
import { createPolicyVersion } from '../../iam/policies/create-policy-version.ts';
import { createRole } from '../../iam/roles/create-role.ts';
import { putRolePolicy } from '../../iam/roles/put-role-policy.ts';
import { attachUserPolicy } from '../../iam/users/attach-user-policy.ts';
import { createUser } from '../../iam/users/create-user.ts';
import { detachUserPolicy } from '../../iam/users/detach-user-policy.ts';
import { putUserPermissionsBoundary } from '../../iam/users/put-user-permissions-boundary.ts';
import { putUserPolicy } from '../../iam/users/put-user-policy.ts';
import { tagUser } from '../../iam/users/tag-user.ts';
import { updateUser } from '../../iam/users/update-user.ts';
import { callerOfArn } from '../../pipeline/decisions/caller-of-arn.ts';
import { Origins } from '../provenance/origins.ts';
import { explainAccess, type AccessExplanation, type CauseView } from './explain-access.ts';

const account = '123456789012';
const policyArn = `arn:aws:iam::${account}:policy/Readers`;
const documentOf = (action: string, effect = 'Allow'): string =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Sid: 'One', Effect: effect, Action: action, Resource: '*' }] });
const request = (action = 's3:GetObject') => ({ action, resource: '*', resourceAccountId: account, context: new Map<string, string>() });

async function logWithUser(retainedEveryEvents?: number): Promise<AccountLog> {
  const log = new AccountLog(retainedEveryEvents);
  await log.when(createUser, { UserName: 'alice' });
  return log;
}

function explainFor(log: AccountLog, { name = 'alice', action = 's3:GetObject', at = log.account } = {}): Promise<AccessExplanation> {
  const caller = callerOfArn(at, `arn:aws:iam::${account}:${name.includes('/') ? name : `user/${name}`}`)!; // it is there
  return explainAccess(new Origins(log.states, log.ledger), { caller, account: at, resourceAccount: at }, request(action), new Date(0));
}

const causes = ({ Statements }: AccessExplanation): CauseView[] => Statements.flatMap(({ Causes }) => Causes);
const cited = (explanation: AccessExplanation): string[] =>
  causes(explanation).map(({ Kind, Event }) => `${Kind} ${Event?.Type ?? '-'}@${Event?.Position ?? '-'}`);

describe('why somebody is allowed something', () => {
  it('is told by the statement, its place, the inline policy, its event, and the actor', async () => {
    const log = await logWithUser();
    const [put] = await log.when(putUserPolicy, { UserName: 'alice', PolicyName: 'own', PolicyDocument: documentOf('s3:*') });
    const explanation = await explainFor(log);
    expect(explanation).toMatchObject({
      Decision: 'Allowed',
      Layers: { identity: 'Allowed' },
      Statements: [
        {
          PolicyId: 'user/alice/inline/own',
          Layer: 'identity',
          StatementIndex: 0,
          Sid: 'One',
          Effect: 'Allow',
          Line: 1,
          Causes: [
            {
              Kind: 'InlinePolicy',
              DecisionWithout: 'ImplicitlyDenied',
              Event: { Id: put!.id, Position: put!.position, Type: 'UserPolicyPut', EventName: 'PutUserPolicy', Actor: adminActor.arn },
            },
          ],
        },
      ],
    });
  });

  it('goes through the group: membership, attachment, document and version, each with its own event', async () => {
    const log = await logWithUser();
    await log.when(createPolicy, { PolicyName: 'Readers', PolicyDocument: documentOf('ec2:*') });
    await log.when(createGroup, { GroupName: 'staff' });
    await log.when(attachGroupPolicy, { GroupName: 'staff', PolicyArn: policyArn });
    await log.when(addUserToGroup, { GroupName: 'staff', UserName: 'alice' });
    await log.when(createPolicyVersion, { PolicyArn: policyArn, PolicyDocument: documentOf('s3:Get*'), SetAsDefault: true });
    await log.when(tagUser, { UserName: 'alice', Tags: [{ Key: 'team', Value: 'blue' }] });
    const explanation = await explainFor(log);
    expect(cited(explanation)).toEqual([
      'Membership UserAddedToGroup@6',
      'Attachment GroupPolicyAttached@5',
      'PolicyVersion PolicyVersionCreated@7',
      'DefaultVersion PolicyVersionCreated@7',
    ]);
    expect(causes(explanation).map(({ DecisionWithout }) => DecisionWithout)).toEqual([
      'ImplicitlyDenied',
      'ImplicitlyDenied',
      'ImplicitlyDenied',
      undefined,
    ]);
  });

  it('names the person at the start of a chain of sessions', async () => {
    const log = await logWithUser();
    const actor: UserIdentity = {
      type: 'AssumedRole',
      arn: `arn:aws:sts::${account}:assumed-role/Deploy/run`,
      sessionContext: { sessionRoot: `arn:aws:iam::${account}:user/carol`, sessionChain: ['one', 'two'], sourceIdentity: 'carol' },
    };
    log.actor = actor;
    await log.when(putUserPolicy, { UserName: 'alice', PolicyName: 'own', PolicyDocument: documentOf('s3:*') });
    expect(causes(await explainFor(log))[0]?.Event).toMatchObject({
      Actor: actor.arn,
      SessionRoot: `arn:aws:iam::${account}:user/carol`,
      SessionChain: ['one', 'two'],
      SourceIdentity: 'carol',
    });
  });

  it('tells of every way by which a policy comes, none of which is needed alone', async () => {
    const log = await logWithUser();
    await log.when(createPolicy, { PolicyName: 'Readers', PolicyDocument: documentOf('s3:*') });
    await log.when(createGroup, { GroupName: 'staff' });
    await log.when(attachUserPolicy, { UserName: 'alice', PolicyArn: policyArn });
    await log.when(attachGroupPolicy, { GroupName: 'staff', PolicyArn: policyArn });
    await log.when(addUserToGroup, { GroupName: 'staff', UserName: 'alice' });
    const found = causes(await explainFor(log)).filter(({ Kind }) => Kind === 'Attachment' || Kind === 'Membership');
    expect(found.map(({ Text, DecisionWithout }) => [Text, DecisionWithout])).toEqual([
      [`${policyArn} is attached to user/alice`, 'Allowed'],
      ['user/alice is in group/staff', 'Allowed'],
      [`${policyArn} is attached to group/staff`, 'Allowed'],
    ]);
  });

  it('cites the event that made it, not the renaming of the user or of the group', async () => {
    const log = await logWithUser(2);
    await log.when(createGroup, { GroupName: 'staff' });
    await log.when(addUserToGroup, { GroupName: 'staff', UserName: 'alice' });
    await log.when(putGroupPolicy, { GroupName: 'staff', PolicyName: 'p', PolicyDocument: documentOf('s3:*') });
    await log.when(updateUser, { UserName: 'alice', NewUserName: 'alicia' });
    await log.when(updateGroup, { GroupName: 'staff', NewGroupName: 'people' });
    await log.when(updateUser, { UserName: 'alicia', NewUserName: 'bob' });
    expect(cited(await explainFor(log, { name: 'bob' }))).toEqual(['Membership UserAddedToGroup@4', 'InlinePolicy GroupPolicyPut@5']);
  });

  it('cites the last of several times', async () => {
    const log = await logWithUser(2);
    await log.when(createPolicy, { PolicyName: 'Readers', PolicyDocument: documentOf('s3:*') });
    for (let round = 0; round < 5; round++) {
      await log.when(attachUserPolicy, { UserName: 'alice', PolicyArn: policyArn });
      await log.when(detachUserPolicy, { UserName: 'alice', PolicyArn: policyArn });
    }
    const [last] = await log.when(attachUserPolicy, { UserName: 'alice', PolicyArn: policyArn });
    for (let round = 0; round < 9; round++) await log.when(tagUser, { UserName: 'alice', Tags: [{ Key: 'round', Value: String(round) }] });
    expect(cited(await explainFor(log))[0]).toBe(`Attachment UserPolicyAttached@${last!.position}`);
  });

  it('knows that AWS made what no event made', async () => {
    const log = await logWithUser();
    await log.when(attachUserPolicy, { UserName: 'alice', PolicyArn: 'arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess' });
    expect(cited(await explainFor(log))).toEqual(['Attachment UserPolicyAttached@3']);
  });

  it('knows the permission that stands in no policy', async () => {
    const log = await logWithUser();
    await log.when(updateAccountPasswordPolicy, { AllowUsersToChangePassword: true });
    const at = log.account;
    const caller = callerOfArn(at, `arn:aws:iam::${account}:user/alice`)!; // it is there
    const explanation = await explainAccess(
      new Origins(log.states, log.ledger),
      { caller, account: at, resourceAccount: at },
      { ...request('iam:ChangePassword'), resource: caller.arn },
      new Date(0),
    );
    expect(cited(explanation)).toEqual(['PasswordPolicy AccountPasswordPolicyUpdated@3']);
    expect(causes(explanation)[0]?.DecisionWithout).toBe('ImplicitlyDenied');
  });

  it('tells of roles and of their trust', async () => {
    const log = await logWithUser();
    const trust = JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${account}:user/alice` }, Action: 'sts:AssumeRole' }],
    });
    await log.when(createRole, { RoleName: 'Deploy', AssumeRolePolicyDocument: trust });
    await log.when(putRolePolicy, { RoleName: 'Deploy', PolicyName: 'p', PolicyDocument: documentOf('s3:*') });
    expect(cited(await explainFor(log, { name: 'role/Deploy' }))).toEqual(['InlinePolicy RolePolicyPut@4']);
    const at = log.account;
    const caller = callerOfArn(at, `arn:aws:iam::${account}:user/alice`)!; // it is there
    const assume = { ...request('sts:AssumeRole'), resource: `arn:aws:iam::${account}:role/Deploy` };
    const explanation = await explainAccess(new Origins(log.states, log.ledger), { caller, account: at, resourceAccount: at }, assume, new Date(0));
    expect(explanation.Decision).toBe('Allowed');
    expect(cited(explanation)).toEqual(['TrustPolicy RoleCreated@3']);
    expect(causes(explanation)[0]?.DecisionWithout).toBe('ImplicitlyDenied');
  });
});

describe('why somebody is denied something', () => {
  it('is told by the statement that denies, and its causes undone allow', async () => {
    const log = await logWithUser();
    await log.when(putUserPolicy, { UserName: 'alice', PolicyName: 'own', PolicyDocument: documentOf('s3:*') });
    await log.when(createGroup, { GroupName: 'barred' });
    await log.when(putGroupPolicy, { GroupName: 'barred', PolicyName: 'no', PolicyDocument: documentOf('s3:*', 'Deny') });
    await log.when(addUserToGroup, { GroupName: 'barred', UserName: 'alice' });
    const explanation = await explainFor(log);
    expect(explanation).toMatchObject({ Decision: 'ExplicitlyDenied', BlockedBy: 'identity' });
    const denying = explanation.Statements.find(({ Effect }) => Effect === 'Deny');
    expect(denying?.Causes.map(({ Kind, DecisionWithout }) => [Kind, DecisionWithout])).toEqual([
      ['Membership', 'Allowed'],
      ['InlinePolicy', 'Allowed'],
    ]);
  });

  it('is told by the boundary that stands in the way, and who put it there', async () => {
    const log = await logWithUser();
    await log.when(createPolicy, { PolicyName: 'Readers', PolicyDocument: documentOf('ec2:*') });
    await log.when(putUserPolicy, { UserName: 'alice', PolicyName: 'own', PolicyDocument: documentOf('s3:*') });
    const [put] = await log.when(putUserPermissionsBoundary, { UserName: 'alice', PermissionsBoundary: policyArn });
    expect(await explainFor(log)).toMatchObject({
      Decision: 'ImplicitlyDenied',
      BlockedBy: 'boundary',
      Limits: [{ Kind: 'Boundary', DecisionWithout: 'Allowed', Event: { Id: put!.id, Type: 'UserPermissionsBoundaryPut' } }],
    });
  });

  it('is told of the past as it was', async () => {
    const log = await logWithUser();
    await log.when(createGroup, { GroupName: 'staff' });
    await log.when(putGroupPolicy, { GroupName: 'staff', PolicyName: 'p', PolicyDocument: documentOf('s3:*') });
    const [added] = await log.when(addUserToGroup, { GroupName: 'staff', UserName: 'alice' });
    await log.when(removeUserFromGroup, { GroupName: 'staff', UserName: 'alice' });
    expect((await explainFor(log)).Decision).toBe('ImplicitlyDenied');
    const then = (await log.states.at(account, { position: added!.position }))!; // it was there
    const explanation = await explainFor(log, { at: then });
    expect(explanation.Decision).toBe('Allowed');
    expect(cited(explanation)[0]).toBe(`Membership UserAddedToGroup@${added!.position}`);
  });
});
