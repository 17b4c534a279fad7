import { EntityAlreadyExists, ValidationError, isAccountId } from '../../../libs/aws/index.ts';
import { fact } from '../events.ts';
import { IamCommand, operation } from '../operation.ts';
import { IsAccountAlias } from '../shapes.ts';

/**
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateAccountAlias.html
 *
 * An account has one alias: a new one takes the place of the old. Twelve digits are no alias, since people sign in by alias or account id.
 */
export class CreateAccountAlias extends IamCommand {
  @IsAccountAlias() AccountAlias!: string;
}

export const createAccountAlias = operation(CreateAccountAlias, {
  resource: () => '*',
  decide({ AccountAlias }, account) {
    if (isAccountId(AccountAlias)) throw new ValidationError('The account alias must not be 12 digits, which would look like an account id.');
    if (AccountAlias === account.alias) throw new EntityAlreadyExists(`The account alias ${AccountAlias} already exists.`);
    return [fact('AccountAliasCreated', { accountAlias: AccountAlias, previousAccountAlias: account.alias })];
  },
});
