import { fact } from '../events.ts';
import { IamCommand, operation } from '../operation.ts';
import { requirePasswordPolicy } from './find-password-policy.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteAccountPasswordPolicy.html */
export class DeleteAccountPasswordPolicy extends IamCommand {}

export const deleteAccountPasswordPolicy = operation(DeleteAccountPasswordPolicy, {
  resource: () => '*',
  decide(_command, account) {
    requirePasswordPolicy(account);
    return [fact('AccountPasswordPolicyDeleted', {})];
  },
});
