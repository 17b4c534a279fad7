import { describe, expect, it } from '@jest/globals';
import { createUser } from '../../iam/users/create-user.ts';
import { putUserPolicy } from '../../iam/users/put-user-policy.ts';
import { Scenario, plainServices } from '../../../test/support/scenario.ts';
import { ProposeLeastPrivilege, proposeLeastPrivilegeOperation, type ProposalParts } from './propose-least-privilege.ts';

const document = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:*","sqs:*"],"Resource":"*"}]}';

/** Uses of one principal, two on a page. */
function historyOf(uses: readonly object[], since: number | null): ProposalParts['accessHistory'] {
  return {
    uses: ({ after = 0 }: { readonly after?: number }) => uses.map((use, index) => ({ id: index + 1, ...use })).filter(({ id }) => id > after),
    resources: (id: number) => [{ resource: `arn:aws:s3:::data/${id}`, lastUse: 1 }],
    checkpoint: () => ({ since, unrecordedUntil: null }),
  } as unknown as ProposalParts['accessHistory'];
}

async function propose(input: Partial<ProposeLeastPrivilege>, uses: readonly object[], since: number | null = 0) {
  const scenario = await new Scenario().after(createUser, { UserName: 'bob' });
  await scenario.when(putUserPolicy, { UserName: 'bob', PolicyName: 'own', PolicyDocument: document });
  const { declaration } = proposeLeastPrivilegeOperation({ accessHistory: historyOf(uses, since) });
  return declaration.inquire!(
    Object.assign(new ProposeLeastPrivilege(), input),
    scenario.account,
    scenario.call(),
    plainServices,
  ) as Promise<unknown>; // it inquires
}

const at = Date.parse('2025-12-20T00:00:00Z');

describe('ProposeLeastPrivilege', () => {
  it('answers policies, what they leave out, and how the history would have fared', async () => {
    const uses = [
      { service: 's3', action: 'GetObject', lastUse: at, lastAttempt: null },
      { service: 'ec2', action: 'RunInstances', lastUse: null, lastAttempt: at },
    ];
    expect(await propose({ UserName: 'bob' }, uses)).toMatchObject({
      Principal: 'arn:aws:iam::123456789012:user/bob',
      CoversWindow: true,
      UsedActions: ['s3:GetObject'],
      Removed: [{ Pattern: 'sqs:*', Source: 'inline own' }],
      OnlyAttempted: ['ec2:RunInstances'],
      Replay: { Requests: 1, Lost: [], Undecided: [] },
    });
  });

  it('says where the history does not reach back over the window', async () => {
    expect(await propose({ UserName: 'bob' }, [], at)).toMatchObject({ CoversWindow: false });
    expect(await propose({ UserName: 'bob' }, [], null)).toMatchObject({ CoversWindow: false });
  });

  it.each([
    ['nobody', {}],
    ['two', { UserName: 'bob', RoleName: 'deploy' }],
  ])('refuses a question about %s', async (_name, input) => {
    await expect(propose(input, [])).rejects.toThrow('Say either UserName or RoleName.');
  });

  it('refuses whom there is not', async () => {
    await expect(propose({ UserName: 'eve' }, [])).rejects.toMatchObject({ code: 'NoSuchEntity' });
    await expect(propose({ RoleName: 'eve' }, [])).rejects.toMatchObject({ code: 'NoSuchEntity' });
  });
});
