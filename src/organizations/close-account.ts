import { Matches } from 'class-validator';
import { InvalidInput, NoSuchEntity } from '../../libs/aws/index.ts';
import { AwsCommand } from '../iam/operation.ts';
import type { Organization, OrganizationEvent } from './organization.ts';

/** Closes an account: from then on nobody in it is answered. Its history stays. */
export class CloseAccount extends AwsCommand {
  @Matches(/^\d{12}$/, { message: 'AccountId must be 12 digits' }) AccountId!: string;
}

/** Pure; no events where it is closed already. @throws NoSuchEntity, InvalidInput */
export function decideCloseAccount({ AccountId }: CloseAccount, organization: Organization): OrganizationEvent[] {
  const account = organization.accounts.get(AccountId);
  if (account === undefined) throw new NoSuchEntity(`Account ${AccountId} does not exist.`);
  if (AccountId === organization.managementAccountId)
    throw new InvalidInput('The management account can not be closed: nobody could open the server again.');
  return account.status === 'CLOSED' ? [] : [{ type: 'AccountClosed', data: { accountId: AccountId } }];
}
