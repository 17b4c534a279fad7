import { describe, expect, it } from '@jest/globals';
import { Scenario } from '../../../test/support/scenario.ts';
import { createPolicy } from '../policies/create-policy.ts';
import { attachUserPolicy } from './attach-user-policy.ts';
import { createUser } from './create-user.ts';
import { deleteUserPolicy } from './delete-user-policy.ts';
import { detachUserPolicy } from './detach-user-policy.ts';
import { getUserPolicy } from './get-user-policy.ts';
import { listAttachedUserPolicies } from './list-attached-user-policies.ts';
import { listUserPolicies } from './list-user-policies.ts';
import { putUserPolicy } from './put-user-policy.ts';
import { updateUser } from './update-user.ts';

const allowing = (action: string) => `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"${action}","Resource":"*"}]}`;
const readOnly = 'arn:aws:iam::aws:policy/ReadOnlyAccess';
const given = () => new Scenario().after(createUser, { UserName: 'Bob' });
const missing = 'NoSuchEntity: The user with name None cannot be found.';

describe('inline policies of a user', () => {
  it('are kept to the letter, read back, replaced and deleted', async () => {
    const scenario = await given();
    const spaced = ` ${allowing('s3:GetObject')}\n`;
    expect((await scenario.when(putUserPolicy, { UserName: 'bob', PolicyName: 'Read', PolicyDocument: spaced })).events).toEqual([
      { type: 'UserPolicyPut', data: { userName: 'Bob', policyName: 'Read', policyDocument: spaced, previousPolicyDocument: undefined } },
    ]);
    expect((await scenario.when(getUserPolicy, { UserName: 'bob', PolicyName: 'READ' })).answer).toEqual({
      UserName: 'Bob',
      PolicyName: 'Read',
      PolicyDocument: spaced,
    });
    const { events } = await scenario.when(putUserPolicy, { UserName: 'Bob', PolicyName: 'read', PolicyDocument: allowing('s3:*') });
    expect(events).toEqual([
      { type: 'UserPolicyPut', data: { userName: 'Bob', policyName: 'Read', policyDocument: allowing('s3:*'), previousPolicyDocument: spaced } },
    ]);
    expect((await scenario.when(listUserPolicies, { UserName: 'Bob' })).answer).toEqual({ PolicyNames: ['Read'], IsTruncated: false });
    expect((await scenario.when(deleteUserPolicy, { UserName: 'Bob', PolicyName: 'read' })).events).toEqual([
      { type: 'UserPolicyDeleted', data: { userName: 'Bob', policyName: 'Read', policyDocument: allowing('s3:*') } },
    ]);
    expect((await scenario.when(listUserPolicies, { UserName: 'Bob' })).answer).toEqual({ PolicyNames: [], IsTruncated: false });
  });

  it('leave no event when the same document is put again', async () => {
    const scenario = await given();
    const put = { UserName: 'Bob', PolicyName: 'p', PolicyDocument: allowing('s3:*') };
    await scenario.after(putUserPolicy, put);
    expect((await scenario.when(putUserPolicy, put)).events).toEqual([]);
  });

  it('must be well-formed identity policies', async () => {
    const scenario = await given();
    const refusal = (PolicyDocument: string) => scenario.refusal(putUserPolicy, { UserName: 'Bob', PolicyName: 'p', PolicyDocument });
    expect(await refusal('{')).toBe('MalformedPolicyDocument: Syntax errors in policy.');
    expect(await refusal('')).toContain('ValidationError: ');
    expect(await refusal('{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"*"}]}')).toBe(
      'MalformedPolicyDocument: Policy document should not specify a principal.',
    );
  });

  it('share a quota of characters, in which white space and a replaced document do not count', async () => {
    const scenario = (await given()).given({ type: 'QuotaChanged', data: { quota: 'userInlinePolicyCharacters', value: 200, previousValue: 2048 } });
    const put = (PolicyName: string, PolicyDocument: string) => ({ UserName: 'Bob', PolicyName, PolicyDocument });
    await scenario.after(putUserPolicy, put('a', allowing('s3:GetObject') + ' '.repeat(500)));
    await scenario.after(putUserPolicy, put('b', allowing('s3:PutObject')));
    expect(await scenario.refusal(putUserPolicy, put('c', allowing('s3:*')))).toBe(
      'LimitExceeded: Maximum policy size of 200 bytes exceeded for user Bob',
    );
    expect((await scenario.when(putUserPolicy, put('b', allowing('s3:GetTags')))).events).toHaveLength(1);
  });

  it('are listed by name, in pages that a deletion between two of them does not disturb', async () => {
    const scenario = await given();
    for (const PolicyName of ['d', 'B', 'a', 'c'])
      await scenario.after(putUserPolicy, { UserName: 'Bob', PolicyName, PolicyDocument: allowing('s3:*') });
    const first = (await scenario.when(listUserPolicies, { UserName: 'Bob', MaxItems: 2 })).answer;
    expect(first).toEqual({ PolicyNames: ['a', 'B'], IsTruncated: true, Marker: expect.any(String) });
    await scenario.after(deleteUserPolicy, { UserName: 'Bob', PolicyName: 'B' });
    const second = (await scenario.when(listUserPolicies, { UserName: 'Bob', MaxItems: 2, Marker: first.Marker! })).answer;
    expect(second).toEqual({ PolicyNames: ['c', 'd'], IsTruncated: false });
  });

  it('can not be read or deleted where they are not', async () => {
    const scenario = await given();
    const absent = 'NoSuchEntity: The user policy with name p cannot be found.';
    expect(await scenario.refusal(getUserPolicy, { UserName: 'Bob', PolicyName: 'p' })).toBe(absent);
    expect(await scenario.refusal(deleteUserPolicy, { UserName: 'Bob', PolicyName: 'p' })).toBe(absent);
    expect(await scenario.refusal(getUserPolicy, { UserName: 'None', PolicyName: 'p' })).toBe(missing);
    expect(await scenario.refusal(deleteUserPolicy, { UserName: 'None', PolicyName: 'p' })).toBe(missing);
    expect(await scenario.refusal(listUserPolicies, { UserName: 'None' })).toBe(missing);
    expect(await scenario.refusal(putUserPolicy, { UserName: 'None', PolicyName: 'p', PolicyDocument: allowing('s3:*') })).toBe(missing);
  });
});

describe('attached policies of a user', () => {
  it('are attached once, listed and detached', async () => {
    const scenario = await given();
    expect((await scenario.when(attachUserPolicy, { UserName: 'bob', PolicyArn: readOnly })).events).toEqual([
      { type: 'UserPolicyAttached', data: { userName: 'Bob', policyArn: readOnly } },
    ]);
    expect((await scenario.when(attachUserPolicy, { UserName: 'Bob', PolicyArn: readOnly })).events).toEqual([]);
    expect((await scenario.when(listAttachedUserPolicies, { UserName: 'Bob' })).answer).toEqual({
      AttachedPolicies: [{ PolicyName: 'ReadOnlyAccess', PolicyArn: readOnly }],
      IsTruncated: false,
    });
    expect((await scenario.when(detachUserPolicy, { UserName: 'bob', PolicyArn: readOnly })).events).toEqual([
      { type: 'UserPolicyDetached', data: { userName: 'Bob', policyArn: readOnly } },
    ]);
    expect((await scenario.when(listAttachedUserPolicies, { UserName: 'Bob' })).answer.AttachedPolicies).toEqual([]);
    expect(scenario.account.attachments.size).toBe(0);
  });

  it('stay attached when the user gets another name', async () => {
    const scenario = await given();
    await scenario.after(attachUserPolicy, { UserName: 'Bob', PolicyArn: readOnly });
    await scenario.after(updateUser, { UserName: 'Bob', NewUserName: 'Other' });
    expect((await scenario.when(listAttachedUserPolicies, { UserName: 'other' })).answer.AttachedPolicies).toHaveLength(1);
    expect([...scenario.account.attachments.get(readOnly)!.keys()]).toEqual(['user/other']);
  });

  it('must exist, be of this account or of AWS, and be free to attach', async () => {
    const scenario = await given();
    const refusal = (PolicyArn: string) => scenario.refusal(attachUserPolicy, { UserName: 'Bob', PolicyArn });
    for (const arn of [
      'arn:aws:iam::123456789012:policy/none',
      'arn:aws:iam::999999999999:policy/x',
      'arn:aws-cn:iam::aws:policy/ReadOnlyAccess',
      'arn:aws:iam::aws:policy/readonlyaccess',
    ]) {
      expect(await refusal(arn)).toBe(`NoSuchEntity: Policy ${arn} does not exist or is not attachable.`);
    }
    for (const arn of [
      'arn:aws:iam::123:policy/x',
      'arn:aws:iam:us-east-1:123456789012:policy/x',
      'arn::iam::123456789012:policy/x',
      'ARN:AWS:IAM::123456789012:POLICY/x',
    ]) {
      expect(await refusal(arn)).toBe(`InvalidInput: ARN ${arn} is not valid.`);
    }
    expect(await refusal('a'.repeat(19))).toContain("ValidationError: 1 validation error detected: Value 'aaaaaaaaaaaaaaaaaaa' at 'policyArn'");
    expect(await refusal('a'.repeat(2049))).toContain('ValidationError');
    expect(await refusal('arn:aws:iam::aws:policy/aws-service-role/AWSSupportServiceRolePolicy')).toBe(
      'PolicyNotAttachable: Cannot attach a Service Role Policy to a Customer Role.',
    );
    expect(await scenario.refusal(attachUserPolicy, { UserName: 'None', PolicyArn: readOnly })).toBe(missing);
  });

  it('are as many as the quota says', async () => {
    const scenario = (await given()).given({ type: 'QuotaChanged', data: { quota: 'attachedPoliciesPerUser', value: 1, previousValue: 10 } });
    await scenario.after(attachUserPolicy, { UserName: 'Bob', PolicyArn: readOnly });
    expect(await scenario.refusal(attachUserPolicy, { UserName: 'Bob', PolicyArn: 'arn:aws:iam::aws:policy/SecurityAudit' })).toBe(
      'LimitExceeded: Cannot exceed quota for PoliciesPerUser: 1',
    );
    expect((await scenario.when(attachUserPolicy, { UserName: 'Bob', PolicyArn: readOnly })).events).toEqual([]);
  });

  it('can not be detached where they are not attached', async () => {
    const scenario = await given();
    expect(await scenario.refusal(detachUserPolicy, { UserName: 'Bob', PolicyArn: readOnly })).toBe(
      `NoSuchEntity: Policy ${readOnly} was not found.`,
    );
    expect(await scenario.refusal(detachUserPolicy, { UserName: 'Bob', PolicyArn: 'arn:aws:iam::123:policy/x' })).toBe(
      'InvalidInput: ARN arn:aws:iam::123:policy/x is not valid.',
    );
    expect(await scenario.refusal(detachUserPolicy, { UserName: 'None', PolicyArn: readOnly })).toBe(missing);
    expect(await scenario.refusal(listAttachedUserPolicies, { UserName: 'None' })).toBe(missing);
  });

  it('are listed by name and by the path of the policy, in pages that a detachment does not disturb', async () => {
    const scenario = await given();
    const attach = async (PolicyArn: string) => scenario.after(attachUserPolicy, { UserName: 'Bob', PolicyArn });
    const long = `/${'x'.repeat(500)}/`;
    for (const [PolicyName, Path] of [
      ['Beta', '/'],
      ['alpha', long],
      ['SecurityAudit', '/team/'],
    ] as const)
      await scenario.after(createPolicy, { PolicyName, Path, PolicyDocument: allowing('s3:*') });
    await attach('arn:aws:iam::123456789012:policy/Beta');
    await attach(`arn:aws:iam::123456789012:policy${long}alpha`);
    await attach('arn:aws:iam::123456789012:policy/team/SecurityAudit');
    await attach('arn:aws:iam::aws:policy/SecurityAudit');
    const list = async (input: { MaxItems?: number; Marker?: string; PathPrefix?: string }) =>
      (await scenario.when(listAttachedUserPolicies, { UserName: 'Bob', ...input })).answer;
    const first = await list({ MaxItems: 1 });
    expect(first.AttachedPolicies.map((policy) => policy.PolicyName)).toEqual(['alpha']);
    await scenario.after(detachUserPolicy, { UserName: 'Bob', PolicyArn: `arn:aws:iam::123456789012:policy${long}alpha` });
    const second = await list({ MaxItems: 2, Marker: first.Marker! });
    expect(second.AttachedPolicies.map((policy) => policy.PolicyArn)).toEqual([
      'arn:aws:iam::123456789012:policy/Beta',
      'arn:aws:iam::aws:policy/SecurityAudit',
    ]);
    const third = await list({ Marker: second.Marker! });
    expect(third).toEqual({
      AttachedPolicies: [{ PolicyName: 'SecurityAudit', PolicyArn: 'arn:aws:iam::123456789012:policy/team/SecurityAudit' }],
      IsTruncated: false,
    });
    expect((await list({ PathPrefix: '/team/' })).AttachedPolicies.map((policy) => policy.PolicyArn)).toEqual([
      'arn:aws:iam::123456789012:policy/team/SecurityAudit',
    ]);
  });
});
