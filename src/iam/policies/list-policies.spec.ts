import { describe, expect, it } from '@jest/globals';
import { Scenario } from '../../../test/support/scenario.ts';
import { attachUserPolicy } from '../users/attach-user-policy.ts';
import { createUser } from '../users/create-user.ts';
import { createPolicy } from './create-policy.ts';
import { deletePolicy } from './delete-policy.ts';
import { listPolicies, type ListPolicies } from './list-policies.ts';

const PolicyDocument = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}';
const own = (name: string) => `arn:aws:iam::123456789012:policy/${name}`;

async function given() {
  const scenario = new Scenario();
  for (const [PolicyName, Path] of [
    ['d', '/'],
    ['B', '/team/'],
    ['a', '/'],
    ['ReadOnlyAccess', '/'],
  ] as const) {
    await scenario.after(createPolicy, { PolicyName, Path, PolicyDocument, Description: 'x', Tags: [{ Key: 'k', Value: 'v' }] });
  }
  await scenario.after(createUser, { UserName: 'Bob', PermissionsBoundary: own('d') });
  await scenario.after(attachUserPolicy, { UserName: 'Bob', PolicyArn: own('a') });
  await scenario.after(attachUserPolicy, { UserName: 'Bob', PolicyArn: 'arn:aws:iam::aws:policy/SecurityAudit' });
  return scenario;
}

const names = async (scenario: Scenario, input: Partial<ListPolicies>) =>
  (await scenario.when(listPolicies, { MaxItems: 1000, ...input })).answer.Policies.map((policy) => policy.PolicyName);

describe('ListPolicies', () => {
  it("lists the account's own policies, AWS's, or both", async () => {
    const scenario = await given();
    expect(await names(scenario, { Scope: 'Local' })).toEqual(['a', 'B', 'd', 'ReadOnlyAccess']);
    const aws = await names(scenario, { Scope: 'AWS' });
    expect(aws).toEqual(expect.arrayContaining(['AdministratorAccess', 'ReadOnlyAccess', 'Billing']));
    expect(await names(scenario, {})).toEqual(['a', 'B', 'd', 'ReadOnlyAccess', ...aws]);
    expect(await scenario.refusal(listPolicies, { Scope: 'local' })).toContain('Member must satisfy enum value set: [All, AWS, Local]');
  });

  it('leaves descriptions and tags out', async () => {
    const [policy] = (await (await given()).when(listPolicies, { Scope: 'Local', MaxItems: 1 })).answer.Policies;
    expect(policy).toMatchObject({ PolicyName: 'a', AttachmentCount: 1 });
    expect(policy).not.toHaveProperty('Description');
    expect(policy).not.toHaveProperty('Tags');
  });

  it('filters by path, attachment and use', async () => {
    const scenario = await given();
    expect(await names(scenario, { PathPrefix: '/team/' })).toEqual(['B']);
    expect(await names(scenario, { PathPrefix: '/job-function/', Scope: 'AWS' })).toContain('ViewOnlyAccess');
    expect(await names(scenario, { OnlyAttached: true })).toEqual(['a', 'SecurityAudit']);
    expect(await names(scenario, { PolicyUsageFilter: 'PermissionsPolicy' })).toEqual(['a', 'SecurityAudit']);
    expect(await names(scenario, { PolicyUsageFilter: 'PermissionsBoundary' })).toEqual(['d']);
    expect(await names(scenario, { PolicyUsageFilter: 'PermissionsBoundary', OnlyAttached: true })).toEqual(['d']);
  });

  it('shows every policy once however small the pages, across both kinds and with a deletion in between', async () => {
    const scenario = await given();
    const all = await names(scenario, {});
    const seen: (string | undefined)[] = [];
    for (let Marker: string | undefined, more = true; more;) {
      const { answer } = await scenario.when(listPolicies, { MaxItems: 3, ...(Marker === undefined ? {} : { Marker }) });
      seen.push(...answer.Policies.map((policy) => policy.PolicyName));
      if (Marker === undefined) await scenario.after(deletePolicy, { PolicyArn: own('team/B') });
      ({ Marker, IsTruncated: more } = answer);
    }
    expect(seen).toEqual(all);
  });

  it('shows an imported policy of AWS in place of the built-in one', async () => {
    const arn = 'arn:aws:iam::aws:policy/ReadOnlyAccess';
    const time = '2020-01-01T00:00:00Z';
    const scenario = new Scenario().given({
      type: 'AwsManagedPolicyImported',
      data: {
        policyName: 'ReadOnlyAccess',
        policyId: 'ANPAIMPORTED',
        arn,
        path: '/',
        description: undefined,
        createDate: time,
        updateDate: time,
        defaultVersionId: 'v7',
        versions: [{ versionId: 'v7', createDate: time, policyDocument: PolicyDocument }],
      },
    });
    const shown = (await scenario.when(listPolicies, { MaxItems: 1000 })).answer.Policies.filter((policy) => policy.Arn === arn);
    expect(shown).toMatchObject([{ PolicyId: 'ANPAIMPORTED', DefaultVersionId: 'v7' }]);
  });
});
