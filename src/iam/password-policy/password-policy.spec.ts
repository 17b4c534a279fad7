import { describe, expect, it } from '@jest/globals';
import { Scenario } from '../../../test/support/scenario.ts';
import { deleteAccountPasswordPolicy } from './delete-account-password-policy.ts';
import { getAccountPasswordPolicy } from './get-account-password-policy.ts';
import { updateAccountPasswordPolicy } from './update-account-password-policy.ts';

const missing = 'NoSuchEntity: The Password Policy with domain name 123456789012 cannot be found.';

const strict = {
  MinimumPasswordLength: 14,
  RequireSymbols: true,
  RequireNumbers: true,
  RequireUppercaseCharacters: true,
  RequireLowercaseCharacters: true,
  AllowUsersToChangePassword: true,
  MaxPasswordAge: 90,
  PasswordReusePrevention: 24,
  HardExpiry: true,
};

describe('the account password policy', () => {
  it('is not there until it is set', async () => {
    expect(await new Scenario().refusal(getAccountPasswordPolicy)).toBe(missing);
    expect(await new Scenario().refusal(deleteAccountPasswordPolicy)).toBe(missing);
  });

  it('is shown as it was set', async () => {
    const scenario = await new Scenario().after(updateAccountPasswordPolicy, strict);
    expect((await scenario.when(getAccountPasswordPolicy)).answer.PasswordPolicy).toEqual({ ...strict, ExpirePasswords: true });
  });

  it("gets AWS's defaults for what is left out, not what it had before", async () => {
    const scenario = await new Scenario().after(updateAccountPasswordPolicy, strict);
    await scenario.after(updateAccountPasswordPolicy, { MinimumPasswordLength: 10 });
    expect((await scenario.when(getAccountPasswordPolicy)).answer.PasswordPolicy).toEqual({
      MinimumPasswordLength: 10,
      RequireSymbols: false,
      RequireNumbers: false,
      RequireUppercaseCharacters: false,
      RequireLowercaseCharacters: false,
      AllowUsersToChangePassword: false,
      ExpirePasswords: false,
      HardExpiry: false,
    });
    await scenario.after(updateAccountPasswordPolicy, {});
    expect((await scenario.when(getAccountPasswordPolicy)).answer.PasswordPolicy.MinimumPasswordLength).toBe(6);
  });

  it('is no event where it stays the same, and one where any member changes', async () => {
    const scenario = await new Scenario().after(updateAccountPasswordPolicy, strict);
    expect((await scenario.when(updateAccountPasswordPolicy, { ...strict })).events).toEqual([]);
    const { MaxPasswordAge: _age, ...forever } = strict;
    expect((await scenario.when(updateAccountPasswordPolicy, forever)).events).toEqual([
      { type: 'AccountPasswordPolicyUpdated', data: expect.objectContaining({ minimumPasswordLength: 14, maxPasswordAge: undefined }) },
    ]);
  });

  it('can be deleted, once', async () => {
    const scenario = await new Scenario().after(updateAccountPasswordPolicy, strict);
    expect((await scenario.when(deleteAccountPasswordPolicy)).events).toEqual([{ type: 'AccountPasswordPolicyDeleted', data: {} }]);
    expect(await scenario.refusal(deleteAccountPasswordPolicy)).toBe(missing);
  });

  it.each([
    [{ MinimumPasswordLength: 5 }, "Value '5' at 'minimumPasswordLength'"],
    [{ MinimumPasswordLength: 129 }, "Value '129' at 'minimumPasswordLength'"],
    [{ MaxPasswordAge: 0 }, "Value '0' at 'maxPasswordAge'"],
    [{ MaxPasswordAge: 1096 }, "Value '1096' at 'maxPasswordAge'"],
    [{ PasswordReusePrevention: 25 }, "Value '25' at 'passwordReusePrevention'"],
    [{ HardExpiry: 'true' as unknown as boolean }, "Value 'true' at 'hardExpiry'"],
  ])('refuses %j', async (input, words) => {
    expect(await new Scenario().refusal(updateAccountPasswordPolicy, input)).toContain(words);
  });
});
