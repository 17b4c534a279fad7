import { describe, expect, it } from '@jest/globals';
import { Scenario } from '../../../test/support/scenario.ts';
import { createPolicyVersion } from './create-policy-version.ts';
import { createPolicy } from './create-policy.ts';
import { deletePolicyVersion } from './delete-policy-version.ts';
import { getPolicyVersion } from './get-policy-version.ts';
import { getPolicy } from './get-policy.ts';
import { listPolicyVersions } from './list-policy-versions.ts';
import { setDefaultPolicyVersion } from './set-default-policy-version.ts';

const allowing = (action: string) => `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"${action}","Resource":"*"}]}`;
const PolicyArn = 'arn:aws:iam::123456789012:policy/Reader';
const awsArn = 'arn:aws:iam::aws:policy/ReadOnlyAccess';
const given = () => new Scenario().after(createPolicy, { PolicyName: 'Reader', PolicyDocument: allowing('s3:v1') });
const missing = 'NoSuchEntity: Policy arn:aws:iam::123456789012:policy/none was not found.';

describe('CreatePolicyVersion', () => {
  it('adds a version, which becomes the default only when asked', async () => {
    const scenario = await given();
    const { events, answer } = await scenario.when(createPolicyVersion, { PolicyArn, PolicyDocument: allowing('s3:v2') });
    expect(events).toEqual([
      {
        type: 'PolicyVersionCreated',
        data: {
          policyArn: PolicyArn,
          versionId: 'v2',
          policyDocument: allowing('s3:v2'),
          createDate: '2026-01-01T00:00:02Z',
          isDefaultVersion: false,
          previousDefaultVersionId: 'v1',
        },
      },
    ]);
    expect(answer.PolicyVersion).toEqual({ VersionId: 'v2', IsDefaultVersion: false, CreateDate: new Date('2026-01-01T00:00:02Z') });
    expect(
      (await scenario.when(createPolicyVersion, { PolicyArn, PolicyDocument: allowing('s3:v3'), SetAsDefault: true })).answer.PolicyVersion
        .IsDefaultVersion,
    ).toBe(true);
    expect((await scenario.when(getPolicy, { PolicyArn })).answer.Policy).toMatchObject({
      DefaultVersionId: 'v3',
      UpdateDate: new Date('2026-01-01T00:00:03Z'),
    });
  });

  it('refuses a sixth version, and never gives an id a second time', async () => {
    const scenario = await given();
    for (const action of ['s3:v2', 's3:v3', 's3:v4', 's3:v5'])
      await scenario.after(createPolicyVersion, { PolicyArn, PolicyDocument: allowing(action) });
    expect(await scenario.refusal(createPolicyVersion, { PolicyArn, PolicyDocument: allowing('s3:v6') })).toBe(
      'LimitExceeded: A managed policy can have up to 5 versions. Before you create a new version, you must delete an existing version.',
    );
    await scenario.after(deletePolicyVersion, { PolicyArn, VersionId: 'v5' });
    expect((await scenario.when(createPolicyVersion, { PolicyArn, PolicyDocument: allowing('s3:v6') })).answer.PolicyVersion.VersionId).toBe('v6');
  });

  it("refuses malformed and long documents, policies that do not exist and AWS's", async () => {
    const scenario = (await given()).given({ type: 'QuotaChanged', data: { quota: 'managedPolicyCharacters', value: 100, previousValue: 6144 } });
    const refusal = (input: { PolicyArn?: string; PolicyDocument?: string }) =>
      scenario.refusal(createPolicyVersion, { PolicyArn, PolicyDocument: allowing('s3:*'), ...input });
    expect(await refusal({ PolicyDocument: '[]' })).toBe('MalformedPolicyDocument: Syntax errors in policy.');
    expect(await refusal({ PolicyDocument: allowing(`s3:${'x'.repeat(100)}`) })).toBe('LimitExceeded: Cannot exceed quota for PolicySize: 100');
    expect(await refusal({ PolicyArn: 'arn:aws:iam::123456789012:policy/none' })).toBe(missing);
    expect(await refusal({ PolicyArn: awsArn })).toBe(`InvalidInput: Policy ${awsArn} is managed by AWS and cannot be modified.`);
  });
});

describe('GetPolicyVersion', () => {
  it("shows a version with its document to the letter, AWS's too", async () => {
    const scenario = await given();
    expect((await scenario.when(getPolicyVersion, { PolicyArn, VersionId: 'v1' })).answer.PolicyVersion).toEqual({
      Document: allowing('s3:v1'),
      VersionId: 'v1',
      IsDefaultVersion: true,
      CreateDate: new Date('2026-01-01T00:00:01Z'),
    });
    const { Document } = (await scenario.when(getPolicyVersion, { PolicyArn: awsArn, VersionId: 'v1' })).answer.PolicyVersion;
    expect(JSON.parse(Document!)).toMatchObject({ Version: '2012-10-17' });
  });

  it('refuses versions and policies that do not exist, and ids that none can have', async () => {
    const scenario = await given();
    expect(await scenario.refusal(getPolicyVersion, { PolicyArn, VersionId: 'v2' })).toBe(
      `NoSuchEntity: Policy ${PolicyArn} version v2 does not exist or is not attachable.`,
    );
    expect(await scenario.refusal(getPolicyVersion, { PolicyArn: 'arn:aws:iam::123456789012:policy/none', VersionId: 'v1' })).toBe(missing);
    expect(await scenario.refusal(getPolicyVersion, { PolicyArn, VersionId: 'v0' })).toContain("at 'versionId'");
    expect(await scenario.refusal(getPolicyVersion, { PolicyArn: 'arn:aws:iam::123:policy/x', VersionId: 'v1' })).toContain('InvalidInput: ');
  });
});

describe('SetDefaultPolicyVersion', () => {
  it('changes the default and records the one before; nothing where it is the default already', async () => {
    const scenario = await (await given()).after(createPolicyVersion, { PolicyArn, PolicyDocument: allowing('s3:v2'), SetAsDefault: true });
    expect((await scenario.when(setDefaultPolicyVersion, { PolicyArn, VersionId: 'v1' })).events).toEqual([
      {
        type: 'DefaultPolicyVersionSet',
        data: { policyArn: PolicyArn, versionId: 'v1', previousDefaultVersionId: 'v2', updateDate: '2026-01-01T00:00:03Z' },
      },
    ]);
    expect((await scenario.when(getPolicy, { PolicyArn })).answer.Policy).toMatchObject({
      DefaultVersionId: 'v1',
      UpdateDate: new Date('2026-01-01T00:00:03Z'),
    });
    expect((await scenario.when(setDefaultPolicyVersion, { PolicyArn, VersionId: 'v1' })).events).toEqual([]);
  });

  it("refuses versions and policies that do not exist, and AWS's", async () => {
    const scenario = await given();
    expect(await scenario.refusal(setDefaultPolicyVersion, { PolicyArn, VersionId: 'v9' })).toContain('NoSuchEntity: ');
    expect(await scenario.refusal(setDefaultPolicyVersion, { PolicyArn: 'arn:aws:iam::123456789012:policy/none', VersionId: 'v1' })).toBe(missing);
    expect(await scenario.refusal(setDefaultPolicyVersion, { PolicyArn: awsArn, VersionId: 'v1' })).toContain('InvalidInput: ');
  });
});

describe('DeletePolicyVersion', () => {
  it('deletes a version that is not the default', async () => {
    const scenario = await (await given()).after(createPolicyVersion, { PolicyArn, PolicyDocument: allowing('s3:v2'), SetAsDefault: true });
    expect((await scenario.when(deletePolicyVersion, { PolicyArn, VersionId: 'v1' })).events).toEqual([
      { type: 'PolicyVersionDeleted', data: { policyArn: PolicyArn, versionId: 'v1', policyDocument: allowing('s3:v1') } },
    ]);
    expect(await scenario.refusal(deletePolicyVersion, { PolicyArn, VersionId: 'v2' })).toBe(
      'DeleteConflict: Cannot delete the default version of a policy.',
    );
    expect(await scenario.refusal(deletePolicyVersion, { PolicyArn, VersionId: 'v1' })).toContain('NoSuchEntity: ');
    expect(await scenario.refusal(deletePolicyVersion, { PolicyArn: awsArn, VersionId: 'v1' })).toContain('InvalidInput: ');
  });
});

describe('ListPolicyVersions', () => {
  it('lists the newest first and without documents, in pages that a deletion between two of them does not disturb', async () => {
    const scenario = await given();
    for (const action of ['s3:v2', 's3:v3', 's3:v4']) await scenario.after(createPolicyVersion, { PolicyArn, PolicyDocument: allowing(action) });
    const first = (await scenario.when(listPolicyVersions, { PolicyArn, MaxItems: 2 })).answer;
    expect(first.Versions.map((version) => version.VersionId)).toEqual(['v4', 'v3']);
    expect(first.Versions[0]).not.toHaveProperty('Document');
    await scenario.after(deletePolicyVersion, { PolicyArn, VersionId: 'v3' });
    const second = (await scenario.when(listPolicyVersions, { PolicyArn, MaxItems: 2, Marker: first.Marker! })).answer;
    expect(second).toMatchObject({ Versions: [{ VersionId: 'v2' }, { VersionId: 'v1', IsDefaultVersion: true }], IsTruncated: false });
    expect(await scenario.refusal(listPolicyVersions, { PolicyArn: 'arn:aws:iam::123456789012:policy/none' })).toBe(missing);
  });
});
