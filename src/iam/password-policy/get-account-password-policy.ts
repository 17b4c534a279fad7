import type { PasswordPolicy as WirePasswordPolicy } from '@aws-sdk/client-iam';
import { IamCommand, operation } from '../operation.ts';
import { requirePasswordPolicy } from './find-password-policy.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountPasswordPolicy.html */
export class GetAccountPasswordPolicy extends IamCommand<{ PasswordPolicy: WirePasswordPolicy }> {}

export const getAccountPasswordPolicy = operation(GetAccountPasswordPolicy, {
  resource: () => '*',
  answer(_command, account) {
    const policy = requirePasswordPolicy(account);
    return {
      PasswordPolicy: {
        MinimumPasswordLength: policy.minimumPasswordLength,
        RequireSymbols: policy.requireSymbols,
        RequireNumbers: policy.requireNumbers,
        RequireUppercaseCharacters: policy.requireUppercaseCharacters,
        RequireLowercaseCharacters: policy.requireLowercaseCharacters,
        AllowUsersToChangePassword: policy.allowUsersToChangePassword,
        ExpirePasswords: policy.maxPasswordAge !== undefined,
        ...(policy.maxPasswordAge === undefined ? {} : { MaxPasswordAge: policy.maxPasswordAge }),
        ...(policy.passwordReusePrevention === undefined ? {} : { PasswordReusePrevention: policy.passwordReusePrevention }),
        HardExpiry: policy.hardExpiry,
      },
    };
  },
});
