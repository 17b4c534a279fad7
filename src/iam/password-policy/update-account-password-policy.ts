import { IsOptional } from 'class-validator';
import { fact } from '../events.ts';
import { IamCommand, operation } from '../operation.ts';
import { IsBoolean, IsBooleanObject, IsMaxPasswordAge, IsMinimumPasswordLength, IsPasswordReusePrevention } from '../shapes.ts';
import type { PasswordPolicy } from './password-policy.ts';

/**
 * Sets the whole policy: a member that is left out gets AWS's default, not its former value.
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateAccountPasswordPolicy.html
 */
export class UpdateAccountPasswordPolicy extends IamCommand {
  @IsMinimumPasswordLength() MinimumPasswordLength: number = 6;
  @IsBoolean() RequireSymbols: boolean = false;
  @IsBoolean() RequireNumbers: boolean = false;
  @IsBoolean() RequireUppercaseCharacters: boolean = false;
  @IsBoolean() RequireLowercaseCharacters: boolean = false;
  @IsBoolean() AllowUsersToChangePassword: boolean = false;
  @IsMaxPasswordAge() @IsOptional() MaxPasswordAge?: number;
  @IsPasswordReusePrevention() @IsOptional() PasswordReusePrevention?: number;
  @IsBooleanObject() HardExpiry: boolean = false;
}

export const updateAccountPasswordPolicy = operation(UpdateAccountPasswordPolicy, {
  resource: () => '*',
  decide(command, account) {
    const policy: PasswordPolicy = {
      minimumPasswordLength: command.MinimumPasswordLength,
      requireSymbols: command.RequireSymbols,
      requireNumbers: command.RequireNumbers,
      requireUppercaseCharacters: command.RequireUppercaseCharacters,
      requireLowercaseCharacters: command.RequireLowercaseCharacters,
      allowUsersToChangePassword: command.AllowUsersToChangePassword,
      maxPasswordAge: command.MaxPasswordAge,
      passwordReusePrevention: command.PasswordReusePrevention,
      hardExpiry: command.HardExpiry,
    };
    const { passwordPolicy: present } = account;
    const unchanged = present !== undefined && (Object.keys(policy) as (keyof PasswordPolicy)[]).every((name) => present[name] === policy[name]);
    return unchanged ? [] : [fact('AccountPasswordPolicyUpdated', policy)];
  },
});
