import { IsOptional, Matches, ValidateBy } from 'class-validator';
import type { Ledger } from '../../libs/ledger/index.ts';
import { showAccount } from '../iam/show-account.ts';
import { accountArn } from '../iam/account-arn.ts';
import { AwsCommand, operation, type Operation } from '../iam/operation.ts';
import type { AccountStates } from './account-states.ts';
import { parseMoment } from './past/moment.ts';

const isMoment = (value: unknown): boolean => (typeof value === 'string' && value.length <= 64) || Number.isSafeInteger(value);

/** The whole account, now or as it was. */
export class GetState extends AwsCommand<unknown> {
  @Matches(/^\d{12}$/, { message: 'AccountId must be 12 digits' }) @IsOptional() AccountId?: string;
  /** A time (RFC 3339, with a zone) or a position of the log. */
  @ValidateBy({ name: 'isMoment', validator: { validate: isMoment, defaultMessage: () => 'AsOf must be a time with a zone or a position' } })
  @IsOptional()
  AsOf?: string | number;
}

export function stateOperations(states: AccountStates, ledger: Pick<Ledger, 'head'>): readonly Operation[] {
  const getState = operation(
    GetState,
    {
      accountId: ({ AccountId }, caller) => AccountId ?? caller.accountId,
      resource: ({ AccountId }, account) => accountArn(account, AccountId),
      alwaysRecorded: true,
      inquire: async ({ AsOf }, account, call) =>
        showAccount(AsOf === undefined ? account : ((await states.at(account.id, parseMoment(String(AsOf), call.now, ledger.head()))) ?? account)),
    },
    'iam-ledger',
  );
  return [getState] as unknown as readonly Operation[];
}
