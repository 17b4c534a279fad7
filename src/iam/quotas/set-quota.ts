import { IsIn, IsInt, Max, Min } from 'class-validator';
import { accountArn } from '../account-arn.ts';
import { fact } from '../events.ts';
import { AwsCommand, operation } from '../operation.ts';
import { defaultQuotas, type QuotaName } from './quotas.ts';

/** What an account is folded into lives in memory: nothing may grow past this. */
const quotaMax = 10_000_000;

/** Sets a quota of the caller's account. What is there already stays, also where it is more than the new quota. */
export class SetQuota extends AwsCommand<{ QuotaName: QuotaName; Value: number }> {
  @IsIn(Object.keys(defaultQuotas)) QuotaName!: QuotaName;
  @IsInt() @Min(0) @Max(quotaMax) Value!: number;
}

export const setQuota = operation(
  SetQuota,
  {
    resource: (_command, account) => accountArn(account),
    decide({ QuotaName, Value }, account) {
      const previousValue = account.quotas[QuotaName];
      return previousValue === Value ? [] : [fact('QuotaChanged', { quota: QuotaName, value: Value, previousValue })];
    },
    respond: ({ QuotaName }, account) => ({ QuotaName, Value: account.quotas[QuotaName] }),
  },
  'iam-ledger',
);
