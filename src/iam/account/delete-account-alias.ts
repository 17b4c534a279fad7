import { NoSuchEntity } from '../../../libs/aws/index.ts';
import { fact } from '../events.ts';
import { IamCommand, operation } from '../operation.ts';
import { IsAccountAlias } from '../shapes.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteAccountAlias.html */
export class DeleteAccountAlias extends IamCommand {
  @IsAccountAlias() AccountAlias!: string;
}

export const deleteAccountAlias = operation(DeleteAccountAlias, {
  resource: () => '*',
  decide({ AccountAlias }, account) {
    if (AccountAlias !== account.alias) throw new NoSuchEntity(`The account alias with name ${AccountAlias} cannot be found.`);
    return [fact('AccountAliasDeleted', { accountAlias: AccountAlias })];
  },
});
