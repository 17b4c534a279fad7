import { describe, expect, it } from '@jest/globals';
import { Scenario } from '../../../test/support/scenario.ts';
import { createUser } from './create-user.ts';
import { getUser } from './get-user.ts';

describe('CreateUser', () => {
  it('creates a user with path, tags and a new id, and answers with it', async () => {
    const { events, answer } = await new Scenario().when(createUser, { UserName: 'Bob', Path: '/team/', Tags: [{ Key: 'team', Value: 'blue' }] });
    expect(events).toEqual([
      {
        type: 'UserCreated',
        data: expect.objectContaining({
          userName: 'Bob',
          path: '/team/',
          createDate: '2026-01-01T00:00:01Z',
          tags: [{ Key: 'team', Value: 'blue' }],
        }),
      },
    ]);
    expect(answer.User).toMatchObject({
      UserName: 'Bob',
      Arn: 'arn:aws:iam::123456789012:user/team/Bob',
      CreateDate: new Date('2026-01-01T00:00:01Z'),
    });
    expect(answer.User.UserId).toMatch(/^AIDA[A-Z2-7]{17}$/);
  });

  it('refuses a name that exists, whatever its case, and shows it as it was first written', async () => {
    const scenario = await new Scenario().after(createUser, { UserName: 'Bob' });
    expect(await scenario.refusal(createUser, { UserName: 'BOB' })).toBe('EntityAlreadyExists: User with name BOB already exists.');
    expect((await scenario.when(getUser, { UserName: 'bob' })).answer.User.UserName).toBe('Bob');
  });

  it('refuses names, paths and tags outside of the model in the words of AWS', async () => {
    const scenario = new Scenario();
    expect(await scenario.refusal(createUser, {})).toBe(
      "ValidationError: 1 validation error detected: Value null at 'userName' failed to satisfy constraint: Member must not be null",
    );
    expect(await scenario.refusal(createUser, { UserName: 'a b' })).toBe(
      "ValidationError: 1 validation error detected: Value 'a b' at 'userName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]+",
    );
    expect(await scenario.refusal(createUser, { UserName: 'x', Path: 'no-slash' })).toContain("at 'path'");
    expect(
      await scenario.refusal(createUser, {
        UserName: 'x',
        Tags: [
          { Key: 'a', Value: '' },
          { Key: 'A', Value: '' },
        ],
      }),
    ).toContain('InvalidInput');
  });

  it('refuses one user more than the quota', async () => {
    const scenario = new Scenario().given({ type: 'QuotaChanged', data: { quota: 'users', value: 1, previousValue: 5000 } });
    await scenario.after(createUser, { UserName: 'a' });
    expect(await scenario.refusal(createUser, { UserName: 'b' })).toBe('LimitExceeded: Cannot exceed quota for UsersPerAccount: 1');
  });
});
