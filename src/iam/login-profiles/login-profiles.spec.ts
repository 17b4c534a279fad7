import { describe, expect, it } from '@jest/globals';
import { Scenario, plainServices } from '../../../test/support/scenario.ts';
import { updateAccountPasswordPolicy, type UpdateAccountPasswordPolicy } from '../password-policy/update-account-password-policy.ts';
import { createUser } from '../users/create-user.ts';
import { createLoginProfile } from './create-login-profile.ts';
import { deleteLoginProfile } from './delete-login-profile.ts';
import { getLoginProfile } from './get-login-profile.ts';
import { updateLoginProfile } from './update-login-profile.ts';

const good = 'Correct-horse-1';

const withBob = (): Promise<Scenario> => new Scenario().after(createUser, { UserName: 'Bob' });
const withPassword = async (): Promise<Scenario> => (await withBob()).after(createLoginProfile, { UserName: 'Bob', Password: good });
const underPolicy = async (policy: Partial<UpdateAccountPasswordPolicy>): Promise<Scenario> =>
  (await withBob()).after(updateAccountPasswordPolicy, policy);

describe('CreateLoginProfile', () => {
  it("stores the password's hash and answers the profile", async () => {
    const scenario = await withBob();
    const { events, answer } = await scenario.when(createLoginProfile, { UserName: 'bob', Password: good, PasswordResetRequired: true });
    expect(events).toEqual([
      {
        type: 'LoginProfileCreated',
        data: { userName: 'Bob', passwordHash: `hash:${good}`, passwordResetRequired: true, createDate: '2026-01-01T00:00:02Z' },
      },
    ]);
    expect(answer.LoginProfile).toEqual({ UserName: 'Bob', CreateDate: new Date('2026-01-01T00:00:02Z'), PasswordResetRequired: true });
  });

  it('refuses a second one, a user who is not there, and a password that is missing', async () => {
    const scenario = await withPassword();
    expect(await scenario.refusal(createLoginProfile, { UserName: 'Bob', Password: good })).toBe(
      'EntityAlreadyExists: Login Profile for user Bob already exists.',
    );
    expect(await scenario.refusal(createLoginProfile, { UserName: 'Eve', Password: good })).toBe(
      'NoSuchEntity: The user with name Eve cannot be found.',
    );
    await scenario.after(createUser, { UserName: 'Eve' });
    expect(await scenario.refusal(createLoginProfile, { UserName: 'Eve' })).toContain(
      "Value null at 'password' failed to satisfy constraint: Member must not be null",
    );
  });

  it('refuses passwords outside of the model without repeating them', async () => {
    const scenario = await withBob();
    for (const password of ['Aa1-'.repeat(33), 'Aa1-\0aaaa', 'Aa1-Ā-long-enough']) {
      const refusal = await scenario.refusal(createLoginProfile, { UserName: 'Bob', Password: password });
      expect(refusal).toContain("ValidationError: 1 validation error detected: Value at 'password'");
      expect(refusal).not.toContain('Aa1-');
    }
  });
});

describe("AWS's default password policy", () => {
  it.each([
    ['Ab1-567', 'Password should have a minimum length of 8'],
    ['abcdefgh', 'Password should have at least 3 of: uppercase letter, lowercase letter, number, symbol'],
    ['abcdefg1', 'Password should have at least 3 of: uppercase letter, lowercase letter, number, symbol'],
    ['          ', 'Password should have at least one character that is not white space'],
    ['Root@Example.com', 'Password should not be the name or the email address of the account'],
  ])('refuses %j', async (password, message) => {
    expect(await (await withBob()).refusal(createLoginProfile, { UserName: 'Bob', Password: password })).toBe(`PasswordPolicyViolation: ${message}`);
  });

  it.each(['Abcdefg1', 'abcdef1-', 'ABCDEF1|', "Abcdefg'", 'Aa1-'.repeat(32)])('takes %j', async (password) => {
    expect((await (await withBob()).when(createLoginProfile, { UserName: 'Bob', Password: password })).events).toHaveLength(1);
  });
});

describe("the account's password policy", () => {
  it.each<[Partial<UpdateAccountPasswordPolicy>, string, string]>([
    [{ MinimumPasswordLength: 14 }, 'Abcdef1-abcde', 'Password should have a minimum length of 14'],
    [{ RequireUppercaseCharacters: true }, 'abcdef1-', 'Password should have at least one uppercase letter'],
    [{ RequireLowercaseCharacters: true }, 'ABCDEF1-', 'Password should have at least one lowercase letter'],
    [{ RequireNumbers: true }, 'Abcdefg-', 'Password should have at least one number'],
    [{ RequireSymbols: true }, 'Abcdefg1~', 'Password should have at least one symbol'],
    [{ RequireUppercaseCharacters: true }, 'äÄöÖüÜ1-', 'Password should have at least one uppercase letter'],
  ])('%j refuses %j', async (policy, password, message) => {
    const scenario = await underPolicy(policy);
    expect(await scenario.refusal(createLoginProfile, { UserName: 'Bob', Password: password })).toBe(`PasswordPolicyViolation: ${message}`);
  });

  it('stands in place of the default, stricter or not', async () => {
    const scenario = await underPolicy({ MinimumPasswordLength: 6 });
    expect((await scenario.when(createLoginProfile, { UserName: 'Bob', Password: 'abcdef' })).events).toHaveLength(1);
  });
});

describe('GetLoginProfile', () => {
  it("answers the caller's own where nobody is named", async () => {
    const scenario = await withPassword();
    scenario.caller = { ...scenario.caller, userName: 'bob' };
    expect((await scenario.when(getLoginProfile)).answer.LoginProfile).toEqual({
      UserName: 'Bob',
      CreateDate: expect.any(Date),
      PasswordResetRequired: false,
    });
  });

  it('refuses a user without one', async () => {
    expect(await (await withBob()).refusal(getLoginProfile, { UserName: 'Bob' })).toBe('NoSuchEntity: Login Profile for User Bob cannot be found.');
  });
});

describe('UpdateLoginProfile', () => {
  it('sets a new password and keeps whether it must be changed', async () => {
    const scenario = await withPassword();
    await scenario.after(updateLoginProfile, { UserName: 'Bob', PasswordResetRequired: true });
    const { events } = await scenario.when(updateLoginProfile, { UserName: 'bob', Password: 'Another-horse-2' });
    expect(events).toEqual([
      { type: 'LoginProfileUpdated', data: { userName: 'Bob', passwordHash: 'hash:Another-horse-2', passwordResetRequired: true } },
    ]);
    expect(scenario.account.users.get('Bob')!.loginProfile).toMatchObject({
      passwordHash: 'hash:Another-horse-2',
      previousHashes: [`hash:${good}`],
      passwordResetRequired: true,
    });
  });

  it('changes nothing where nothing is asked for', async () => {
    const scenario = await withPassword();
    expect((await scenario.when(updateLoginProfile, { UserName: 'Bob' })).events).toEqual([]);
    expect((await scenario.when(updateLoginProfile, { UserName: 'Bob', PasswordResetRequired: false })).events).toEqual([]);
  });

  it('refuses a bad password, a user without login profile, and one who is not there', async () => {
    const scenario = await withPassword();
    expect(await scenario.refusal(updateLoginProfile, { UserName: 'Bob', Password: 'short' })).toBe(
      'PasswordPolicyViolation: Password should have a minimum length of 8',
    );
    await scenario.after(createUser, { UserName: 'Eve' });
    expect(await scenario.refusal(updateLoginProfile, { UserName: 'Eve', Password: good })).toBe(
      'NoSuchEntity: Login Profile for User Eve cannot be found.',
    );
    expect(await scenario.refusal(updateLoginProfile, { UserName: 'Nobody', Password: good })).toBe(
      'NoSuchEntity: The user with name Nobody cannot be found.',
    );
  });

  it('refuses as many of the last passwords as the policy remembers', async () => {
    const scenario = await withPassword();
    await scenario.after(updateAccountPasswordPolicy, { PasswordReusePrevention: 2 });
    const set = (Password: string) => ({ UserName: 'Bob', Password });
    const reused = 'PasswordPolicyViolation: Policy constraint violation with password reuse prevention during password change';
    expect(await scenario.refusal(updateLoginProfile, set(good))).toBe(reused);
    await scenario.after(updateLoginProfile, set('Second-horse-2'));
    expect(await scenario.refusal(updateLoginProfile, set(good))).toBe(reused);
    await scenario.after(updateLoginProfile, set('Third-horse-3'));
    expect(await scenario.refusal(updateLoginProfile, set('Second-horse-2'))).toBe(reused);
    expect((await scenario.when(updateLoginProfile, set(good))).events).toHaveLength(1);
  });

  it('does not trust what was verified against another password or policy', async () => {
    const scenario = await withPassword();
    await scenario.after(updateAccountPasswordPolicy, { PasswordReusePrevention: 2 });
    const command = Object.assign(new updateLoginProfile.command(), { UserName: 'Bob', Password: 'Second-horse-2' });
    const { prepare, decide } = updateLoginProfile.declaration;
    const services = {
      ...plainServices,
      hashPassword: async (text: string) => `hash:${text}`,
      verifyPassword: async (hash: string, text: string) => hash === `hash:${text}`,
    };
    const prepared = await prepare!(command, scenario.account, scenario.call(), services);
    expect(decide!(command, scenario.account, scenario.call(), prepared)).toHaveLength(1);
    await scenario.after(updateLoginProfile, { UserName: 'Bob', Password: 'Second-horse-2' });
    expect(() => decide!(command, scenario.account, scenario.call(), prepared)).toThrow('was changed by another request');
  });
});

describe('DeleteLoginProfile', () => {
  it('deletes once', async () => {
    const scenario = await withPassword();
    expect((await scenario.when(deleteLoginProfile, { UserName: 'BOB' })).events).toEqual([
      { type: 'LoginProfileDeleted', data: { userName: 'Bob' } },
    ]);
    expect(await scenario.refusal(deleteLoginProfile, { UserName: 'Bob' })).toBe('NoSuchEntity: Login Profile for User Bob cannot be found.');
  });

  it('refuses a user who is not there', async () => {
    expect(await new Scenario().refusal(deleteLoginProfile, { UserName: 'Bob' })).toBe('NoSuchEntity: The user with name Bob cannot be found.');
  });
});
