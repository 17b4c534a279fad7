import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { accountId, allow, createUser, policyOf, startServer, type TestServer } from '../support/server.ts';
import type { SignedClient } from '../support/signed-client.ts';
import type { WhatIfAnswer } from '../../src/audit/what-if/operations.ts';

let server: TestServer;
let admin: SignedClient;
beforeAll(async () => {
  server = await startServer();
  admin = await server.admin();
  await admin.mustIam('CreateGroup', { GroupName: 'staff' });
  await admin.mustIam('PutGroupPolicy', { GroupName: 'staff', PolicyName: 'p', PolicyDocument: policyOf(allow(['iam:GetUser', 'iam:ListUsers'])) });
  const alice = await createUser(admin, 'alice', allow('iam:ListGroups'));
  await admin.mustIam('AddUserToGroup', { GroupName: 'staff', UserName: 'alice' });
  await alice.mustIam('GetUser', { UserName: 'admin' });
  await alice.mustIam('GetUser', { UserName: 'admin' });
  await alice.mustIam('ListGroups');
  await server.parts.activity.flush();
  await server.parts.history.waitFor(server.parts.ledger.head());
});
afterAll(() => server.stop());

const whatIf = async (...Commands: object[]): Promise<WhatIfAnswer> => {
  const { status, body } = await admin.ledger('what-if', { Commands });
  expect([status, body.slice(0, 300)]).toEqual([200, expect.any(String)]);
  return JSON.parse(body) as WhatIfAnswer;
};
const leave = { Operation: 'RemoveUserFromGroup', Input: { GroupName: 'staff', UserName: 'alice' } };

describe('/v1/what-if', () => {
  it('tells the permissions that would be lost and the calls that would have been refused', async () => {
    const { Commands, Changes, RefusedCalls } = await whatIf(leave);
    expect(Commands).toEqual([{ Operation: 'RemoveUserFromGroup', EventTypes: ['UserRemovedFromGroup'] }]);
    expect(Changes).toEqual([
      { Level: 'membership', Entity: 'user/alice', Item: 'group/staff', Before: 'member' },
      { Level: 'permission', Entity: 'user/alice', Item: 'iam:GetUser', Before: 'may' },
      { Level: 'permission', Entity: 'user/alice', Item: 'iam:ListUsers', Before: 'may' },
    ]);
    expect(RefusedCalls).toMatchObject([
      { PrincipalArn: `arn:aws:iam::${accountId}:user/alice`, Action: 'iam:GetUser', Resource: `arn:aws:iam::${accountId}:user/admin`, Calls: 2 },
    ]);
  });

  it('runs one command after the other, and changes nothing', async () => {
    const before = server.parts.states.account(accountId)!.revision; // it is there
    const { Changes, RefusedCalls } = await whatIf(leave, { Operation: 'AddUserToGroup', Input: leave.Input });
    expect([Changes, RefusedCalls]).toEqual([[], []]);
    expect(server.parts.states.account(accountId)!.revision).toBe(before);
    expect((await admin.iam('ListGroupsForUser', { UserName: 'alice' })).values('GroupName')).toEqual(['staff']);
  });

  it('says which command would be refused, and with what', async () => {
    const refused = async (...Commands: unknown[]) => {
      const { status, code, message } = await admin.ledger('what-if', { Commands });
      return `${status} ${code}: ${message}`;
    };
    expect(await refused(leave, leave)).toBe(
      '400 ValidationError: Commands[1]: RemoveUserFromGroup would be refused: NoSuchEntity: User alice is not in group staff.',
    );
    expect(await refused({ Operation: 'ListUsers' })).toMatch(/^400 ValidationError: Commands\[0\]\.Operation: 'ListUsers' is no operation/);
    expect(await refused({ Operation: 'CreateUser', Input: { Name: 'x' } })).toMatch(
      /^400 ValidationError: Commands\[0\]\.Input: CreateUser has no member/,
    );
    expect(await refused({ Operation: 'CreateUser', Input: { UserName: 'a b' } })).toMatch(
      /^400 ValidationError: Commands\[0\]\.Input: 1 validation error/,
    );
    expect(await refused('DeleteUser')).toMatch(/^400 ValidationError: Commands\[0\] must be an object/);
  });
});
