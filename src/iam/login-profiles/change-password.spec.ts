import { describe, expect, it } from '@jest/globals';
import { Scenario, plainServices } from '../../../test/support/scenario.ts';
import { updateAccountPasswordPolicy } from '../password-policy/update-account-password-policy.ts';
import { createUser } from '../users/create-user.ts';
import { changePassword } from './change-password.ts';
import { createLoginProfile } from './create-login-profile.ts';
import { updateLoginProfile } from './update-login-profile.ts';

const old = 'Correct-horse-1';
const fresh = 'Better-horse-2';

async function asBob(): Promise<Scenario> {
  const scenario = await new Scenario().after(createUser, { UserName: 'Bob' });
  await scenario.after(createLoginProfile, { UserName: 'Bob', Password: old, PasswordResetRequired: true });
  scenario.caller = { ...scenario.caller, userName: 'Bob', arn: 'arn:aws:iam::123456789012:user/Bob' };
  return scenario;
}

const services = {
  hashPassword: async (text: string) => `hash:${text}`,
  verifyPassword: async (hash: string, text: string) => hash === `hash:${text}`,
};

describe('ChangePassword', () => {
  it('sets the new password of a caller who knows the old one, and with it the demand to change it is met', async () => {
    const scenario = await asBob();
    const { events } = await scenario.when(changePassword, { OldPassword: old, NewPassword: fresh });
    expect(events).toEqual([{ type: 'PasswordChanged', data: { userName: 'Bob', passwordHash: `hash:${fresh}` } }]);
    expect(scenario.account.users.get('Bob')!.loginProfile).toMatchObject({ passwordResetRequired: false, previousHashes: [`hash:${old}`] });
  });

  it('refuses a wrong old password whatever the new one is', async () => {
    const scenario = await asBob();
    expect(await scenario.refusal(changePassword, { OldPassword: 'wrong', NewPassword: fresh })).toBe(
      'AccessDenied: The old password was incorrect.',
    );
    expect(await scenario.refusal(changePassword, { OldPassword: 'wrong', NewPassword: 'short' })).toBe(
      'AccessDenied: The old password was incorrect.',
    );
  });

  it('refuses a new password that the policy refuses, or remembers', async () => {
    const scenario = await asBob();
    expect(await scenario.refusal(changePassword, { OldPassword: old, NewPassword: 'short' })).toBe(
      'PasswordPolicyViolation: Password should have a minimum length of 8',
    );
    await scenario.after(updateAccountPasswordPolicy, { PasswordReusePrevention: 1 });
    expect(await scenario.refusal(changePassword, { OldPassword: old, NewPassword: old })).toBe(
      'PasswordPolicyViolation: Policy constraint violation with password reuse prevention during password change',
    );
  });

  it('is for users with a password: not for root, not for roles', async () => {
    const scenario = await asBob();
    const { caller } = scenario;
    for (const type of ['Root', 'AssumedRole', 'FederatedUser'] as const) {
      scenario.caller = { ...caller, type };
      expect(await scenario.refusal(changePassword, { OldPassword: old, NewPassword: fresh })).toBe(
        'InvalidUserType: Only IAM Users can change their own password',
      );
    }
    await scenario.after(createUser, { UserName: 'Eve' });
    scenario.caller = { ...caller, userName: 'Eve' };
    expect(await scenario.refusal(changePassword, { OldPassword: old, NewPassword: fresh })).toBe(
      'NoSuchEntity: Login Profile for User Eve cannot be found.',
    );
  });

  it('does not count an old password that was verified against a hash which is gone', async () => {
    const scenario = await asBob();
    const command = Object.assign(new changePassword.command(), { OldPassword: old, NewPassword: fresh });
    const prepared = await changePassword.declaration.prepare!(command, scenario.account, scenario.call(), { ...plainServices, ...services });
    await scenario.after(updateLoginProfile, { UserName: 'Bob', Password: 'Other-horse-3' });
    expect(() => changePassword.declaration.decide!(command, scenario.account, scenario.call(), prepared)).toThrow('was changed by another request');
  });

  it('is refused without a preparation, and hashes no password before the old one is right', async () => {
    const scenario = await asBob();
    const command = Object.assign(new changePassword.command(), { OldPassword: 'wrong', NewPassword: fresh });
    expect(() => changePassword.declaration.decide!(command, scenario.account, scenario.call(), undefined)).toThrow('was changed by another request');
    let hashed = 0;
    const counting = { ...plainServices, ...services, hashPassword: async (text: string) => `hash:${text}:${++hashed}` };
    await changePassword.declaration.prepare!(command, scenario.account, scenario.call(), counting);
    expect(hashed).toBe(0);
  });
});
