import { IsBoolean, IsInt, IsOptional, IsString, Length, Matches, Max, Min } from 'class-validator';
import { accountArn } from '../../iam/account-arn.ts';
import { AwsCommand, operation, type Operation } from '../../iam/operation.ts';
import { parseAction } from './parse-action.ts';
import type { AccessParts } from './operations.ts';
import { usePage, type UsePage } from './use-page.ts';

/** Who used an action, or a service, or tried to; on a resource, where it is known: when, how often, from where. */
export class WhoUsed extends AwsCommand<UsePage> {
  /** `s3:GetObject`, `s3:*` */
  @Length(1, 256) Action!: string;
  /** ARN of the resource. Dates and counts are then of this resource alone. */
  @Length(1, 1024) @IsOptional() Resource?: string;
  /** Adds the resources and the counts by day of each use. */
  @IsBoolean() Detail: boolean = false;
  @Matches(/^\d{12}$/, { message: 'AccountId must be 12 digits' }) @IsOptional() AccountId?: string;
  @IsInt() @Min(1) @Max(1000) MaxResults: number = 100;
  @IsString() @IsOptional() Cursor?: string;
}

/** `/v1/who-used` */
export const whoUsedOperation = (parts: AccessParts): Operation =>
  operation(
    WhoUsed,
    {
      accountId: ({ AccountId }, caller) => AccountId ?? caller.accountId,
      resource: ({ AccountId }, account) => accountArn(account, AccountId),
      inquire({ Action, Resource, Detail, MaxResults, Cursor }, account) {
        const resource = Resource === undefined ? {} : { resource: Resource };
        const query = { account: account.id, ...parseAction(Action), ...resource, limit: MaxResults };
        return usePage(parts, ['WhoUsed', account.id, Action, Resource], query, { Detail, ...(Cursor === undefined ? {} : { Cursor }) });
      },
    },
    'iam-ledger',
  ) as unknown as Operation;
