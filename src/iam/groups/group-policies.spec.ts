import { describe, expect, it } from '@jest/globals';
import { Scenario } from '../../../test/support/scenario.ts';
import { createPolicy } from '../policies/create-policy.ts';
import { attachGroupPolicy } from './attach-group-policy.ts';
import { createGroup } from './create-group.ts';
import { deleteGroupPolicy } from './delete-group-policy.ts';
import { detachGroupPolicy } from './detach-group-policy.ts';
import { getGroupPolicy } from './get-group-policy.ts';
import { listAttachedGroupPolicies } from './list-attached-group-policies.ts';
import { listGroupPolicies } from './list-group-policies.ts';
import { putGroupPolicy } from './put-group-policy.ts';
import { updateGroup } from './update-group.ts';

const allowing = (action: string) => `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"${action}","Resource":"*"}]}`;
const readOnly = 'arn:aws:iam::aws:policy/ReadOnlyAccess';
const given = () => new Scenario().after(createGroup, { GroupName: 'Admins' });
const missing = 'NoSuchEntity: The group with name None cannot be found.';

describe('inline policies of a group', () => {
  it('are kept to the letter, read back, replaced and deleted', async () => {
    const scenario = await given();
    const spaced = ` ${allowing('s3:GetObject')}\n`;
    expect((await scenario.when(putGroupPolicy, { GroupName: 'admins', PolicyName: 'Read', PolicyDocument: spaced })).events).toEqual([
      { type: 'GroupPolicyPut', data: { groupName: 'Admins', policyName: 'Read', policyDocument: spaced, previousPolicyDocument: undefined } },
    ]);
    expect((await scenario.when(getGroupPolicy, { GroupName: 'admins', PolicyName: 'READ' })).answer).toEqual({
      GroupName: 'Admins',
      PolicyName: 'Read',
      PolicyDocument: spaced,
    });
    const { events } = await scenario.when(putGroupPolicy, { GroupName: 'Admins', PolicyName: 'read', PolicyDocument: allowing('s3:*') });
    expect(events).toEqual([
      { type: 'GroupPolicyPut', data: { groupName: 'Admins', policyName: 'Read', policyDocument: allowing('s3:*'), previousPolicyDocument: spaced } },
    ]);
    expect((await scenario.when(listGroupPolicies, { GroupName: 'Admins' })).answer).toEqual({ PolicyNames: ['Read'], IsTruncated: false });
    expect((await scenario.when(deleteGroupPolicy, { GroupName: 'Admins', PolicyName: 'read' })).events).toEqual([
      { type: 'GroupPolicyDeleted', data: { groupName: 'Admins', policyName: 'Read', policyDocument: allowing('s3:*') } },
    ]);
    expect((await scenario.when(listGroupPolicies, { GroupName: 'Admins' })).answer).toEqual({ PolicyNames: [], IsTruncated: false });
  });

  it('leave no event when the same document is put again', async () => {
    const scenario = await given();
    const put = { GroupName: 'Admins', PolicyName: 'p', PolicyDocument: allowing('s3:*') };
    await scenario.after(putGroupPolicy, put);
    expect((await scenario.when(putGroupPolicy, put)).events).toEqual([]);
  });

  it('must be well-formed identity policies', async () => {
    const scenario = await given();
    const refusal = (PolicyDocument: string) => scenario.refusal(putGroupPolicy, { GroupName: 'Admins', PolicyName: 'p', PolicyDocument });
    expect(await refusal('{')).toBe('MalformedPolicyDocument: Syntax errors in policy.');
    expect(await refusal('')).toContain('ValidationError: ');
    expect(await refusal('{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"*"}]}')).toBe(
      'MalformedPolicyDocument: Policy document should not specify a principal.',
    );
  });

  it('share a quota of characters, in which white space and a replaced document do not count', async () => {
    const scenario = (await given()).given({ type: 'QuotaChanged', data: { quota: 'groupInlinePolicyCharacters', value: 200, previousValue: 5120 } });
    const put = (PolicyName: string, PolicyDocument: string) => ({ GroupName: 'Admins', PolicyName, PolicyDocument });
    await scenario.after(putGroupPolicy, put('a', allowing('s3:GetObject') + ' '.repeat(500)));
    await scenario.after(putGroupPolicy, put('b', allowing('s3:PutObject')));
    expect(await scenario.refusal(putGroupPolicy, put('c', allowing('s3:*')))).toBe(
      'LimitExceeded: Maximum policy size of 200 bytes exceeded for group Admins',
    );
    expect((await scenario.when(putGroupPolicy, put('b', allowing('s3:GetTags')))).events).toHaveLength(1);
  });

  it('are listed by name, in pages that a deletion between two of them does not disturb', async () => {
    const scenario = await given();
    for (const PolicyName of ['d', 'B', 'a', 'c'])
      await scenario.after(putGroupPolicy, { GroupName: 'Admins', PolicyName, PolicyDocument: allowing('s3:*') });
    const first = (await scenario.when(listGroupPolicies, { GroupName: 'Admins', MaxItems: 2 })).answer;
    expect(first).toEqual({ PolicyNames: ['a', 'B'], IsTruncated: true, Marker: expect.any(String) });
    await scenario.after(deleteGroupPolicy, { GroupName: 'Admins', PolicyName: 'B' });
    const second = (await scenario.when(listGroupPolicies, { GroupName: 'Admins', MaxItems: 2, Marker: first.Marker! })).answer;
    expect(second).toEqual({ PolicyNames: ['c', 'd'], IsTruncated: false });
  });

  it('can not be read or deleted where they are not', async () => {
    const scenario = await given();
    const absent = 'NoSuchEntity: The group policy with name p cannot be found.';
    expect(await scenario.refusal(getGroupPolicy, { GroupName: 'Admins', PolicyName: 'p' })).toBe(absent);
    expect(await scenario.refusal(deleteGroupPolicy, { GroupName: 'Admins', PolicyName: 'p' })).toBe(absent);
    expect(await scenario.refusal(getGroupPolicy, { GroupName: 'None', PolicyName: 'p' })).toBe(missing);
    expect(await scenario.refusal(deleteGroupPolicy, { GroupName: 'None', PolicyName: 'p' })).toBe(missing);
    expect(await scenario.refusal(listGroupPolicies, { GroupName: 'None' })).toBe(missing);
    expect(await scenario.refusal(putGroupPolicy, { GroupName: 'None', PolicyName: 'p', PolicyDocument: allowing('s3:*') })).toBe(missing);
  });
});

describe('attached policies of a group', () => {
  it('are attached once, listed and detached', async () => {
    const scenario = await given();
    expect((await scenario.when(attachGroupPolicy, { GroupName: 'admins', PolicyArn: readOnly })).events).toEqual([
      { type: 'GroupPolicyAttached', data: { groupName: 'Admins', policyArn: readOnly } },
    ]);
    expect((await scenario.when(attachGroupPolicy, { GroupName: 'Admins', PolicyArn: readOnly })).events).toEqual([]);
    expect((await scenario.when(listAttachedGroupPolicies, { GroupName: 'Admins' })).answer).toEqual({
      AttachedPolicies: [{ PolicyName: 'ReadOnlyAccess', PolicyArn: readOnly }],
      IsTruncated: false,
    });
    expect((await scenario.when(detachGroupPolicy, { GroupName: 'admins', PolicyArn: readOnly })).events).toEqual([
      { type: 'GroupPolicyDetached', data: { groupName: 'Admins', policyArn: readOnly } },
    ]);
    expect((await scenario.when(listAttachedGroupPolicies, { GroupName: 'Admins' })).answer.AttachedPolicies).toEqual([]);
    expect(scenario.account.attachments.size).toBe(0);
  });

  it('stay attached when the group gets another name', async () => {
    const scenario = await given();
    await scenario.after(attachGroupPolicy, { GroupName: 'Admins', PolicyArn: readOnly });
    await scenario.after(updateGroup, { GroupName: 'Admins', NewGroupName: 'Other' });
    expect((await scenario.when(listAttachedGroupPolicies, { GroupName: 'other' })).answer.AttachedPolicies).toHaveLength(1);
    expect([...scenario.account.attachments.get(readOnly)!.keys()]).toEqual(['group/other']);
  });

  it('must exist, be of this account or of AWS, and be free to attach', async () => {
    const scenario = await given();
    const refusal = (PolicyArn: string) => scenario.refusal(attachGroupPolicy, { GroupName: 'Admins', PolicyArn });
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
    expect(await scenario.refusal(attachGroupPolicy, { GroupName: 'None', PolicyArn: readOnly })).toBe(missing);
  });

  it('are as many as the quota says', async () => {
    const scenario = (await given()).given({ type: 'QuotaChanged', data: { quota: 'attachedPoliciesPerGroup', value: 1, previousValue: 10 } });
    await scenario.after(attachGroupPolicy, { GroupName: 'Admins', PolicyArn: readOnly });
    expect(await scenario.refusal(attachGroupPolicy, { GroupName: 'Admins', PolicyArn: 'arn:aws:iam::aws:policy/SecurityAudit' })).toBe(
      'LimitExceeded: Cannot exceed quota for PoliciesPerGroup: 1',
    );
    expect((await scenario.when(attachGroupPolicy, { GroupName: 'Admins', PolicyArn: readOnly })).events).toEqual([]);
  });

  it('can not be detached where they are not attached', async () => {
    const scenario = await given();
    expect(await scenario.refusal(detachGroupPolicy, { GroupName: 'Admins', PolicyArn: readOnly })).toBe(
      `NoSuchEntity: Policy ${readOnly} was not found.`,
    );
    expect(await scenario.refusal(detachGroupPolicy, { GroupName: 'Admins', PolicyArn: 'arn:aws:iam::123:policy/x' })).toBe(
      'InvalidInput: ARN arn:aws:iam::123:policy/x is not valid.',
    );
    expect(await scenario.refusal(detachGroupPolicy, { GroupName: 'None', PolicyArn: readOnly })).toBe(missing);
    expect(await scenario.refusal(listAttachedGroupPolicies, { GroupName: 'None' })).toBe(missing);
  });

  it('are listed by name and by the path of the policy, in pages that a detachment does not disturb', async () => {
    const scenario = await given();
    const attach = async (PolicyArn: string) => scenario.after(attachGroupPolicy, { GroupName: 'Admins', PolicyArn });
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
      (await scenario.when(listAttachedGroupPolicies, { GroupName: 'Admins', ...input })).answer;
    const first = await list({ MaxItems: 1 });
    expect(first.AttachedPolicies.map((policy) => policy.PolicyName)).toEqual(['alpha']);
    await scenario.after(detachGroupPolicy, { GroupName: 'Admins', PolicyArn: `arn:aws:iam::123456789012:policy${long}alpha` });
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
