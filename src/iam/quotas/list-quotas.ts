import { accountArn } from '../account-arn.ts';
import { AwsCommand, operation } from '../operation.ts';
import { defaultQuotas, type QuotaName } from './quotas.ts';

/** A quota of an account: in force, and AWS's default. */
export interface QuotaView {
  readonly QuotaName: QuotaName;
  readonly Value: number;
  readonly DefaultValue: number;
}

/** Lists the quotas of the caller's account. */
export class ListQuotas extends AwsCommand<{ Quotas: QuotaView[] }> {}

export const listQuotas = operation(
  ListQuotas,
  {
    resource: (_command, account) => accountArn(account),
    answer: (_command, account) => ({
      Quotas: (Object.keys(defaultQuotas) as QuotaName[]).map((QuotaName) => ({
        QuotaName,
        Value: account.quotas[QuotaName],
        DefaultValue: defaultQuotas[QuotaName],
      })),
    }),
  },
  'iam-ledger',
);
