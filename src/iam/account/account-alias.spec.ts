import { describe, expect, it } from '@jest/globals';
import { Scenario } from '../../../test/support/scenario.ts';
import { createAccountAlias } from './create-account-alias.ts';
import { deleteAccountAlias } from './delete-account-alias.ts';
import { listAccountAliases } from './list-account-aliases.ts';

describe('the alias of an account', () => {
  it('is one: a new one takes the place of the old', async () => {
    const scenario = await new Scenario().after(createAccountAlias, { AccountAlias: 'first' });
    expect((await scenario.when(createAccountAlias, { AccountAlias: 'second' })).events).toEqual([
      { type: 'AccountAliasCreated', data: { accountAlias: 'second', previousAccountAlias: 'first' } },
    ]);
    expect((await scenario.when(listAccountAliases)).answer).toEqual({ AccountAliases: ['second'], IsTruncated: false });
    expect(await scenario.refusal(createAccountAlias, { AccountAlias: 'second' })).toBe(
      'EntityAlreadyExists: The account alias second already exists.',
    );
  });

  it('is deleted by its name', async () => {
    const scenario = await new Scenario().after(createAccountAlias, { AccountAlias: 'first' });
    expect(await scenario.refusal(deleteAccountAlias, { AccountAlias: 'other' })).toBe(
      'NoSuchEntity: The account alias with name other cannot be found.',
    );
    expect((await scenario.when(deleteAccountAlias, { AccountAlias: 'first' })).events).toEqual([
      { type: 'AccountAliasDeleted', data: { accountAlias: 'first' } },
    ]);
    expect((await scenario.when(listAccountAliases)).answer).toEqual({ AccountAliases: [], IsTruncated: false });
  });

  it('has the form that AWS asks for, and is not taken for an account id', async () => {
    const scenario = new Scenario();
    for (const alias of ['ab', '-ab', 'ab-', 'a--b', 'AB', 'abc\n', 'a'.repeat(64)]) {
      expect(await scenario.refusal(createAccountAlias, { AccountAlias: alias })).toContain("at 'accountAlias'");
    }
    expect(await scenario.refusal(createAccountAlias, { AccountAlias: '123456789012' })).toContain('ValidationError');
    await scenario.after(createAccountAlias, { AccountAlias: '1234567890123' });
  });
});
