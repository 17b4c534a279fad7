import { describe, expect, it } from '@jest/globals';
import { Scenario } from '../../../test/support/scenario.ts';
import { attachUserPolicy } from '../users/attach-user-policy.ts';
import { createUser } from '../users/create-user.ts';
import { createPolicyVersion } from './create-policy-version.ts';
import { createPolicy } from './create-policy.ts';
import { deletePolicy } from './delete-policy.ts';
import { getPolicy } from './get-policy.ts';

const document = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}';
const arn = 'arn:aws:iam::123456789012:policy/team/Reader';
const given = () => new Scenario().after(createPolicy, { PolicyName: 'Reader', Path: '/team/', PolicyDocument: document, Description: 'reads' });

describe('CreatePolicy', () => {
  it('creates a policy whose first version is the default, and answers with it', async () => {
    const Tags = [{ Key: 'team', Value: 'blue' }];
    const { events, answer } = await new Scenario().when(createPolicy, {
      PolicyName: 'Reader',
      Path: '/team/',
      PolicyDocument: document,
      Description: 'reads',
      Tags,
    });
    const { PolicyId } = answer.Policy;
    expect(PolicyId).toMatch(/^ANPA[A-Z2-7]{17}$/);
    expect(events).toEqual([
      {
        type: 'PolicyCreated',
        data: {
          policyName: 'Reader',
          policyId: PolicyId,
          policyArn: arn,
          path: '/team/',
          description: 'reads',
          createDate: '2026-01-01T00:00:01Z',
          policyDocument: document,
          tags: Tags,
        },
      },
    ]);
    expect(answer.Policy).toEqual({
      PolicyName: 'Reader',
      PolicyId,
      Arn: arn,
      Path: '/team/',
      DefaultVersionId: 'v1',
      AttachmentCount: 0,
      PermissionsBoundaryUsageCount: 0,
      IsAttachable: true,
      Description: 'reads',
      CreateDate: new Date('2026-01-01T00:00:01Z'),
      UpdateDate: new Date('2026-01-01T00:00:01Z'),
      Tags,
    });
  });

  it('refuses a name that exists, in whatever case and under whatever path', async () => {
    expect(await (await given()).refusal(createPolicy, { PolicyName: 'READER', Path: '/other/', PolicyDocument: document })).toBe(
      'EntityAlreadyExists: A policy called READER already exists. Duplicate names are not allowed.',
    );
  });

  it('refuses what the model forbids', async () => {
    const refusal = (input: object) => new Scenario().refusal(createPolicy, { PolicyName: 'x', PolicyDocument: document, ...input });
    for (const PolicyName of ['../x', 'a b', '', 'x'.repeat(129)]) expect(await refusal({ PolicyName })).toContain("at 'policyName'");
    expect(await refusal({ Path: '/a b/' })).toContain("at 'path'");
    expect(await refusal({ Description: 'x'.repeat(1001) })).toContain("at 'description'");
    expect(await refusal({ PolicyDocument: `{"Id":"${'x'.repeat(131_072)}"}` })).toContain("at 'policyDocument'");
    expect(
      await refusal({
        Tags: [
          { Key: 'a', Value: '' },
          { Key: 'A', Value: '' },
        ],
      }),
    ).toContain('InvalidInput: ');
    expect(await refusal({ Tags: [{ Key: 'aws:a', Value: '' }] })).toContain('InvalidInput: ');
  });

  it('refuses documents that are malformed, of an old version or too long', async () => {
    const refusal = (PolicyDocument: string) => new Scenario().refusal(createPolicy, { PolicyName: 'x', PolicyDocument });
    expect(await refusal('{}')).toBe('MalformedPolicyDocument: Syntax errors in policy.');
    expect(await refusal(document.replace('2012', '2008'))).toContain('MalformedPolicyDocument: ');
    const long = (name: string) => document.replace('s3:GetObject', name);
    const room = 6144 - long('s3:').length;
    expect(await refusal(long(`s3:${'x'.repeat(room + 1)}`))).toBe('LimitExceeded: Cannot exceed quota for PolicySize: 6144');
    expect(
      (await new Scenario().when(createPolicy, { PolicyName: 'x', PolicyDocument: `${long(`s3:${'x'.repeat(room)}`)}${' \n\r\t'.repeat(99)}` }))
        .events,
    ).toHaveLength(1);
  });

  it('refuses one policy more than the quota', async () => {
    const scenario = (await given()).given({ type: 'QuotaChanged', data: { quota: 'policies', value: 1, previousValue: 1500 } });
    expect(await scenario.refusal(createPolicy, { PolicyName: 'second', PolicyDocument: document })).toBe(
      'LimitExceeded: Cannot exceed quota for PoliciesPerAccount: 1',
    );
  });
});

describe('GetPolicy', () => {
  it('shows a policy with the number of its attachments and uses as a boundary', async () => {
    const scenario = await given();
    await scenario.after(createUser, { UserName: 'Bob', PermissionsBoundary: arn });
    await scenario.after(createUser, { UserName: 'Eve', PermissionsBoundary: arn });
    await scenario.after(attachUserPolicy, { UserName: 'Bob', PolicyArn: arn });
    expect((await scenario.when(getPolicy, { PolicyArn: arn })).answer.Policy).toMatchObject({
      Description: 'reads',
      AttachmentCount: 1,
      PermissionsBoundaryUsageCount: 2,
    });
  });

  it("shows AWS's policies", async () => {
    const { answer } = await new Scenario().when(getPolicy, { PolicyArn: 'arn:aws:iam::aws:policy/job-function/Billing' });
    expect(answer.Policy).toMatchObject({ PolicyName: 'Billing', Path: '/job-function/', DefaultVersionId: 'v1', AttachmentCount: 0 });
  });

  it('finds a policy under its exact ARN alone', async () => {
    const scenario = await given();
    for (const PolicyArn of [
      'arn:aws:iam::123456789012:policy/Reader',
      'arn:aws:iam::123456789012:policy/team/reader',
      'arn:aws:iam::999999999999:policy/team/Reader',
      'arn:aws:iam::aws:policy/none',
    ]) {
      expect(await scenario.refusal(getPolicy, { PolicyArn })).toBe(`NoSuchEntity: Policy ${PolicyArn} was not found.`);
    }
    for (const PolicyArn of [
      'arn:aws:iam::123456789012:role/Reader',
      'arn:aws:s3:::bucket/policy/x',
      'arn:aws:iam::123456789012:policy/',
      'twenty characters and more',
    ]) {
      expect(await scenario.refusal(getPolicy, { PolicyArn })).toBe(`InvalidInput: ARN ${PolicyArn} is not valid.`);
    }
  });
});

describe('DeletePolicy', () => {
  it('deletes a policy with its only version', async () => {
    const scenario = await given();
    const { policyId } = scenario.account.policies.get('Reader')!;
    expect((await scenario.when(deletePolicy, { PolicyArn: arn })).events).toEqual([
      { type: 'PolicyDeleted', data: { policyArn: arn, policyName: 'Reader', policyId } },
    ]);
    expect(await scenario.refusal(deletePolicy, { PolicyArn: arn })).toBe(`NoSuchEntity: Policy ${arn} was not found.`);
  });

  it('refuses a policy that is attached, is a boundary, or has further versions', async () => {
    const attached = await (await given()).after(createUser, { UserName: 'Bob' });
    await attached.after(attachUserPolicy, { UserName: 'Bob', PolicyArn: arn });
    const bounding = await (await given()).after(createUser, { UserName: 'Bob', PermissionsBoundary: arn });
    for (const scenario of [attached, bounding]) {
      expect(await scenario.refusal(deletePolicy, { PolicyArn: arn })).toBe('DeleteConflict: Cannot delete a policy attached to entities.');
    }
    const versioned = await (await given()).after(createPolicyVersion, { PolicyArn: arn, PolicyDocument: document });
    expect(await versioned.refusal(deletePolicy, { PolicyArn: arn })).toMatch(/^DeleteConflict: This policy has more than one version\. /);
  });

  it("refuses AWS's policies and texts that are no ARN", async () => {
    expect(await new Scenario().refusal(deletePolicy, { PolicyArn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' })).toContain('InvalidInput: ');
    expect(await new Scenario().refusal(deletePolicy, { PolicyArn: 'arn:aws:iam::123:policy/x' })).toBe(
      'InvalidInput: ARN arn:aws:iam::123:policy/x is not valid.',
    );
  });
});
