import { describe, expect, it } from '@jest/globals';
import { Scenario } from '../../../test/support/scenario.ts';
import { createUser } from './create-user.ts';
import { deleteUserPermissionsBoundary } from './delete-user-permissions-boundary.ts';
import { getUser } from './get-user.ts';
import { putUserPermissionsBoundary } from './put-user-permissions-boundary.ts';

const power = 'arn:aws:iam::aws:policy/PowerUserAccess';
const readOnly = 'arn:aws:iam::aws:policy/ReadOnlyAccess';

describe('permissions boundaries of users', () => {
  it('are set, replaced and deleted, each with what was before', async () => {
    const scenario = await new Scenario().after(createUser, { UserName: 'Bob' });
    expect((await scenario.when(putUserPermissionsBoundary, { UserName: 'bob', PermissionsBoundary: power })).events).toEqual([
      { type: 'UserPermissionsBoundaryPut', data: { userName: 'Bob', permissionsBoundary: power, previousPermissionsBoundary: undefined } },
    ]);
    expect((await scenario.when(putUserPermissionsBoundary, { UserName: 'Bob', PermissionsBoundary: readOnly })).events).toMatchObject([
      { data: { previousPermissionsBoundary: power } },
    ]);
    expect((await scenario.when(getUser, { UserName: 'Bob' })).answer.User.PermissionsBoundary).toEqual({
      PermissionsBoundaryType: 'PermissionsBoundaryPolicy',
      PermissionsBoundaryArn: readOnly,
    });
    expect([...scenario.account.boundaryUses.keys()]).toEqual([readOnly.toLowerCase()]);
    expect((await scenario.when(deleteUserPermissionsBoundary, { UserName: 'Bob' })).events).toEqual([
      { type: 'UserPermissionsBoundaryDeleted', data: { userName: 'Bob', permissionsBoundary: readOnly } },
    ]);
    expect((await scenario.when(getUser, { UserName: 'Bob' })).answer.User.PermissionsBoundary).toBeUndefined();
    expect(scenario.account.boundaryUses.size).toBe(0);
  });

  it('may be put again, or deleted where there is none, without an event', async () => {
    const scenario = await new Scenario().after(createUser, { UserName: 'Bob', PermissionsBoundary: power });
    expect((await scenario.when(putUserPermissionsBoundary, { UserName: 'Bob', PermissionsBoundary: power })).events).toEqual([]);
    await scenario.after(deleteUserPermissionsBoundary, { UserName: 'Bob' });
    expect((await scenario.when(deleteUserPermissionsBoundary, { UserName: 'Bob' })).events).toEqual([]);
  });

  it('must be policies that exist and that anyone may attach', async () => {
    const scenario = await new Scenario().after(createUser, { UserName: 'Bob' });
    const refusal = (PermissionsBoundary: string) => scenario.refusal(putUserPermissionsBoundary, { UserName: 'Bob', PermissionsBoundary });
    expect(await refusal('arn:aws:iam::123456789012:policy/none')).toBe(
      'NoSuchEntity: Policy arn:aws:iam::123456789012:policy/none does not exist or is not attachable.',
    );
    expect(await refusal('arn:aws:iam::123:policy/none')).toBe('InvalidInput: ARN arn:aws:iam::123:policy/none is not valid.');
    expect(await refusal('arn:aws:iam::aws:policy/aws-service-role/AWSSupportServiceRolePolicy')).toBe(
      'PolicyNotAttachable: Cannot attach a Service Role Policy to a Customer Role.',
    );
    expect(await scenario.refusal(createUser, { UserName: 'Eve', PermissionsBoundary: 'arn:aws:iam::123456789012:policy/none' })).toContain(
      'NoSuchEntity',
    );
  });

  it('need a user', async () => {
    const missing = 'NoSuchEntity: The user with name Eve cannot be found.';
    expect(await new Scenario().refusal(putUserPermissionsBoundary, { UserName: 'Eve', PermissionsBoundary: power })).toBe(missing);
    expect(await new Scenario().refusal(deleteUserPermissionsBoundary, { UserName: 'Eve' })).toBe(missing);
  });
});
