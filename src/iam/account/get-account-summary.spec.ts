import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Scenario } from '../../../test/support/scenario.ts';
import { attachRolePolicy } from '../roles/attach-role-policy.ts';
import { createRole } from '../roles/create-role.ts';
import { createUser } from '../users/create-user.ts';
import { getAccountSummary } from './get-account-summary.ts';

const trust = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}';
const model = join(process.env['IAM_LEDGER_SHARED'] ?? '../shared', 'aws/iam.json');

describe('GetAccountSummary', () => {
  it('counts what the account has', async () => {
    const scenario = new Scenario();
    await scenario.after(createUser, { UserName: 'a', PermissionsBoundary: 'arn:aws:iam::aws:policy/AdministratorAccess' });
    await scenario.after(createRole, { RoleName: 'r', AssumeRolePolicyDocument: trust });
    await scenario.after(attachRolePolicy, { RoleName: 'r', PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' });
    scenario.given(
      {
        type: 'PolicyCreated',
        data: {
          policyName: 'Own',
          policyId: 'ANPAOWN',
          policyArn: 'arn:aws:iam::123456789012:policy/Own',
          path: '/',
          createDate: '2026-01-01T00:00:00Z',
          policyDocument: '{}',
          tags: [],
        },
      },
      {
        type: 'PolicyVersionCreated',
        data: {
          policyArn: 'arn:aws:iam::123456789012:policy/Own',
          versionId: 'v2',
          policyDocument: '{}',
          createDate: '2026-01-01T00:00:00Z',
          isDefaultVersion: true,
          previousDefaultVersionId: 'v1',
        },
      },
      { type: 'AccessKeyCreated', data: { accessKeyId: 'AKIAROOT', status: 'Inactive', createDate: '2026-01-01T00:00:00Z' } },
      { type: 'RootPasswordChanged', data: { passwordHash: 'hash' } },
    );
    expect((await scenario.when(getAccountSummary)).answer.SummaryMap).toMatchObject({
      Users: 1,
      Groups: 0,
      Roles: 1,
      Policies: 1,
      PolicyVersionsInUse: 3,
      AccountAccessKeysPresent: 1,
      AccountPasswordPresent: 1,
      AccountMFAEnabled: 0,
    });
  });

  it('gives quotas as they are for this account', async () => {
    const scenario = new Scenario().given({ type: 'QuotaChanged', data: { quota: 'roles', value: 5000, previousValue: 1000 } });
    expect((await scenario.when(getAccountSummary)).answer.SummaryMap).toMatchObject({
      UsersQuota: 5000,
      RolesQuota: 5000,
      VersionsPerPolicyQuota: 5,
      AccessKeysPerUserQuota: 2,
      RolePolicySizeQuota: 10_240,
      AssumeRolePolicySizeQuota: 2048,
      AccountAccessKeysPresent: 0,
      AccountPasswordPresent: 0,
    });
  });

  const known = existsSync(model);
  (known ? it : it.skip)(
    known ? 'gives every key of the model, and no other' : 'gives every key of the model (skipped: the service models are absent)',
    async () => {
      const { operations } = JSON.parse(readFileSync(model, 'utf8')) as {
        operations: { GetAccountSummary: { output: { SummaryMap: { key: { enum: string[] } } } } };
      };
      const { SummaryMap } = (await new Scenario().when(getAccountSummary)).answer;
      expect(Object.keys(SummaryMap).sort()).toEqual([...operations.GetAccountSummary.output.SummaryMap.key.enum].sort());
    },
  );
});
