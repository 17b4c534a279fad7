import { describe, expect, it } from '@jest/globals';
import { Scenario } from '../../../test/support/scenario.ts';
import type { Caller } from '../call.ts';
import { createUser } from '../users/create-user.ts';
import { createAccessKey } from './create-access-key.ts';
import { deleteAccessKey } from './delete-access-key.ts';
import { getAccessKeyLastUsed } from './get-access-key-last-used.ts';
import { listAccessKeys } from './list-access-keys.ts';
import { updateAccessKey } from './update-access-key.ts';

const rootCaller: Caller = {
  type: 'Root',
  accountId: '123456789012',
  partition: 'aws',
  arn: 'arn:aws:iam::123456789012:root',
  principalId: '123456789012',
};
const roleCaller: Caller = {
  type: 'AssumedRole',
  accountId: '123456789012',
  partition: 'aws',
  arn: 'arn:aws:sts::123456789012:assumed-role/Deploy/session',
  principalId: 'AROADEPLOY:session',
  roleName: 'Deploy',
};

const withBob = (): Promise<Scenario> => new Scenario().after(createUser, { UserName: 'Bob', Path: '/team/' });

async function withKeys(count: number): Promise<{ scenario: Scenario; ids: string[] }> {
  const scenario = await withBob();
  const ids: string[] = [];
  for (let index = 0; index < count; index++) ids.push((await scenario.when(createAccessKey, { UserName: 'Bob' })).answer.AccessKey.AccessKeyId!);
  return { scenario, ids };
}

const unknownKey = 'AKIAZZZZZZZZZZZZZZZZ';

describe('CreateAccessKey', () => {
  it('makes an active key, answers its derived secret, and leaves the secret out of the event', async () => {
    const scenario = await withBob();
    const { events, answer } = await scenario.when(createAccessKey, { UserName: 'bob' });
    const id = answer.AccessKey.AccessKeyId!;
    expect(id).toMatch(/^AKIA[A-Z2-7]{16}$/);
    expect(answer.AccessKey).toEqual({
      UserName: 'Bob',
      AccessKeyId: id,
      Status: 'Active',
      SecretAccessKey: `secret-of-${id}`,
      CreateDate: new Date('2026-01-01T00:00:02Z'),
    });
    expect(events).toEqual([
      {
        type: 'AccessKeyCreated',
        data: { accessKeyId: id, userName: 'Bob', status: 'Active', createDate: '2026-01-01T00:00:02Z', masterKeyId: 'test' },
      },
    ]);
    expect(JSON.stringify(events)).not.toContain('secret');
  });

  it('is about the calling user where no name is given', async () => {
    const scenario = await withBob();
    scenario.caller = { ...scenario.caller, userName: 'Bob' };
    expect((await scenario.when(createAccessKey)).answer.AccessKey.UserName).toBe('Bob');
    scenario.caller = roleCaller;
    expect(await scenario.refusal(createAccessKey)).toBe('ValidationError: Must specify userName when calling with non-User credentials');
  });

  it('gives a user two keys and no third, as the quota says', async () => {
    const { scenario, ids } = await withKeys(2);
    expect(new Set(ids).size).toBe(2);
    expect(await scenario.refusal(createAccessKey, { UserName: 'Bob' })).toBe('LimitExceeded: Cannot exceed quota for AccessKeysPerUser: 2');
    await scenario.after(deleteAccessKey, { UserName: 'Bob', AccessKeyId: ids[0]! });
    const { answer } = await scenario.when(createAccessKey, { UserName: 'Bob' });
    expect(ids).not.toContain(answer.AccessKey.AccessKeyId);
  });

  it('gives root one key, of no user', async () => {
    const scenario = new Scenario();
    scenario.caller = rootCaller;
    const { events, answer } = await scenario.when(createAccessKey);
    expect(events[0]!.data).not.toHaveProperty('userName');
    expect(answer.AccessKey.UserName).toBeUndefined();
    expect(scenario.account.root.accessKeyIds).toEqual([answer.AccessKey.AccessKeyId]);
    expect(await scenario.refusal(createAccessKey)).toBe('LimitExceeded: Cannot exceed quota for AccessKeysPerUser: 1');
  });

  it('refuses a user who is not there', async () => {
    expect(await new Scenario().refusal(createAccessKey, { UserName: 'Nobody' })).toBe('NoSuchEntity: The user with name Nobody cannot be found.');
  });
});

describe('ListAccessKeys', () => {
  it('lists ids, states and dates, without secrets', async () => {
    const { scenario, ids } = await withKeys(2);
    await scenario.after(updateAccessKey, { UserName: 'Bob', AccessKeyId: ids[1]!, Status: 'Inactive' });
    const { answer } = await scenario.when(listAccessKeys, { UserName: 'Bob' });
    expect(answer).toEqual({
      AccessKeyMetadata: [
        { UserName: 'Bob', AccessKeyId: ids[0], Status: 'Active', CreateDate: new Date('2026-01-01T00:00:02Z') },
        { UserName: 'Bob', AccessKeyId: ids[1], Status: 'Inactive', CreateDate: new Date('2026-01-01T00:00:03Z') },
      ],
      IsTruncated: false,
    });
  });

  it('goes on behind a key that was deleted between two pages', async () => {
    const { scenario, ids } = await withKeys(2);
    const first = (await scenario.when(listAccessKeys, { UserName: 'Bob', MaxItems: 1 })).answer;
    expect(first).toMatchObject({ AccessKeyMetadata: [{ AccessKeyId: ids[0] }], IsTruncated: true });
    await scenario.after(deleteAccessKey, { UserName: 'Bob', AccessKeyId: ids[0]! });
    const second = (await scenario.when(listAccessKeys, { UserName: 'Bob', Marker: first.Marker! })).answer;
    expect(second).toMatchObject({ AccessKeyMetadata: [{ AccessKeyId: ids[1] }], IsTruncated: false });
  });

  it('refuses the marker of another user', async () => {
    const { scenario } = await withKeys(2);
    const { answer } = await scenario.when(listAccessKeys, { UserName: 'Bob', MaxItems: 1 });
    await scenario.after(createUser, { UserName: 'Eve' });
    expect(await scenario.refusal(listAccessKeys, { UserName: 'Eve', Marker: answer.Marker! })).toBe('ValidationError: Invalid Marker.');
  });

  it("lists root's own keys to root, and refuses a user who is not there", async () => {
    const scenario = new Scenario();
    expect(await scenario.refusal(listAccessKeys, { UserName: 'Nobody' })).toBe('NoSuchEntity: The user with name Nobody cannot be found.');
    scenario.caller = rootCaller;
    const { AccessKeyId } = (await scenario.when(createAccessKey)).answer.AccessKey;
    expect((await scenario.when(listAccessKeys)).answer.AccessKeyMetadata).toEqual([{ AccessKeyId, Status: 'Active', CreateDate: expect.any(Date) }]);
  });
});

describe('UpdateAccessKey', () => {
  it('deactivates and activates, and changes nothing where nothing changes', async () => {
    const { scenario, ids } = await withKeys(1);
    const key = { UserName: 'Bob', AccessKeyId: ids[0]! };
    expect((await scenario.when(updateAccessKey, { ...key, Status: 'Active' })).events).toEqual([]);
    expect((await scenario.when(updateAccessKey, { ...key, Status: 'Inactive' })).events).toEqual([
      { type: 'AccessKeyDeactivated', data: { accessKeyId: ids[0], userName: 'Bob' } },
    ]);
    expect((await scenario.when(updateAccessKey, { ...key, Status: 'Inactive' })).events).toEqual([]);
    expect((await scenario.when(updateAccessKey, { ...key, Status: 'Active' })).events).toEqual([
      { type: 'AccessKeyActivated', data: { accessKeyId: ids[0], userName: 'Bob' } },
    ]);
    expect(scenario.account.accessKeys.get(ids[0]!)!.status).toBe('Active');
  });

  it('refuses a state that no one can set, and one that is none', async () => {
    const { scenario, ids } = await withKeys(1);
    expect(await scenario.refusal(updateAccessKey, { UserName: 'Bob', AccessKeyId: ids[0]!, Status: 'Expired' })).toContain('InvalidInput: ');
    expect(await scenario.refusal(updateAccessKey, { UserName: 'Bob', AccessKeyId: ids[0]!, Status: 'active' as 'Active' })).toContain(
      "Value 'active' at 'status' failed to satisfy constraint: Member must satisfy enum value set: [Active, Inactive, Expired]",
    );
  });

  it('finds no key of another user, of root, or under an id in other case', async () => {
    const { scenario, ids } = await withKeys(1);
    await scenario.after(createUser, { UserName: 'Eve' });
    const missing = (id: string): string => `NoSuchEntity: The Access Key with id ${id} cannot be found.`;
    const refusals = [
      (input: { UserName?: string; AccessKeyId: string }) => scenario.refusal(updateAccessKey, { ...input, Status: 'Inactive' }),
      (input: { UserName?: string; AccessKeyId: string }) => scenario.refusal(deleteAccessKey, input),
    ];
    const user = scenario.caller;
    for (const refusal of refusals) {
      scenario.caller = user;
      expect(await refusal({ UserName: 'Eve', AccessKeyId: ids[0]! })).toBe(missing(ids[0]!));
      expect(await refusal({ UserName: 'Bob', AccessKeyId: unknownKey })).toBe(missing(unknownKey));
      expect(await refusal({ UserName: 'Bob', AccessKeyId: ids[0]!.toLowerCase() })).toBe(missing(ids[0]!.toLowerCase()));
      scenario.caller = rootCaller;
      expect(await refusal({ AccessKeyId: ids[0]! })).toBe(missing(ids[0]!));
    }
  });
});

describe('DeleteAccessKey', () => {
  it("deletes a user's key once", async () => {
    const { scenario, ids } = await withKeys(1);
    const { events } = await scenario.when(deleteAccessKey, { UserName: 'bob', AccessKeyId: ids[0]! });
    expect(events).toEqual([{ type: 'AccessKeyDeleted', data: { accessKeyId: ids[0], userName: 'Bob' } }]);
    expect(scenario.account.accessKeys.size).toBe(0);
    expect(await scenario.refusal(deleteAccessKey, { UserName: 'Bob', AccessKeyId: ids[0]! })).toContain('NoSuchEntity');
  });

  it("deletes root's key", async () => {
    const scenario = new Scenario();
    scenario.caller = rootCaller;
    const { AccessKeyId } = (await scenario.when(createAccessKey)).answer.AccessKey;
    await scenario.after(deleteAccessKey, { AccessKeyId: AccessKeyId! });
    expect(scenario.account.root.accessKeyIds).toEqual([]);
  });
});

describe('GetAccessKeyLastUsed', () => {
  it('names the user and says N/A of a key that was never used', async () => {
    const { scenario, ids } = await withKeys(1);
    const { answer } = await scenario.when(getAccessKeyLastUsed, { AccessKeyId: ids[0]! });
    expect(answer).toEqual({ UserName: 'Bob', AccessKeyLastUsed: { ServiceName: 'N/A', Region: 'N/A' } });
  });

  it('tells when, with which service and where a key was last used', async () => {
    const { scenario, ids } = await withKeys(1);
    const date = new Date('2026-02-03T04:05:06Z');
    scenario.lastUsed = { ...scenario.lastUsed, accessKey: (id) => (id === ids[0] ? { date, region: 'eu-west-1', serviceName: 'sts' } : undefined) };
    const { answer } = await scenario.when(getAccessKeyLastUsed, { AccessKeyId: ids[0]! });
    expect(answer.AccessKeyLastUsed).toEqual({ LastUsedDate: date, ServiceName: 'sts', Region: 'eu-west-1' });
  });

  it("is authorized on the key's user, and of a key that is not there on everything", async () => {
    const { scenario, ids } = await withKeys(1);
    const resource = (AccessKeyId: string): string =>
      getAccessKeyLastUsed.declaration.resource(
        Object.assign(new getAccessKeyLastUsed.command(), { AccessKeyId }),
        scenario.account,
        scenario.call(),
      );
    expect(resource(ids[0]!)).toBe('arn:aws:iam::123456789012:user/team/Bob');
    expect(resource(unknownKey)).toBe('*');
    expect(await scenario.refusal(getAccessKeyLastUsed, { AccessKeyId: unknownKey })).toBe(
      `NoSuchEntity: The Access Key with id ${unknownKey} cannot be found.`,
    );
  });
});

describe('the keys of a user whose name changes', () => {
  it('move along', async () => {
    const { scenario, ids } = await withKeys(1);
    scenario.given({ type: 'UserUpdated', data: { userName: 'Bob', path: '/team/', newUserName: 'Robert', newPath: '/' } });
    expect((await scenario.when(getAccessKeyLastUsed, { AccessKeyId: ids[0]! })).answer.UserName).toBe('Robert');
    expect((await scenario.when(updateAccessKey, { UserName: 'robert', AccessKeyId: ids[0]!, Status: 'Inactive' })).events).toHaveLength(1);
    expect(await scenario.refusal(deleteAccessKey, { UserName: 'Bob', AccessKeyId: ids[0]! })).toContain('The user with name Bob cannot be found.');
  });
});
