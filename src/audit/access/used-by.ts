import { IsBoolean, IsInt, IsOptional, IsString, Length, Matches, Max, Min } from 'class-validator';
import { accountArn } from '../../iam/account-arn.ts';
import type { Account } from '../../iam/account.ts';
import { AwsCommand, operation, type Operation } from '../../iam/operation.ts';
import { parseAction } from './parse-action.ts';
import type { AccessParts } from './operations.ts';
import { usePage, type UsePage } from './use-page.ts';

/** What a principal used: actions, when, how often, from where. */
export class UsedBy extends AwsCommand<UsePage> {
  /** ARN, name or unique id of a user or role, `root`, or ARN of a role session (which stands for its role). One that was deleted: its ARN or unique id. */
  @Length(1, 2048) Principal!: string;
  /** `s3:GetObject`, `s3:*` */
  @Length(1, 256) @IsOptional() Action?: string;
  /** Adds the resources and the counts by day of each use. */
  @IsBoolean() Detail: boolean = false;
  @Matches(/^\d{12}$/, { message: 'AccountId must be 12 digits' }) @IsOptional() AccountId?: string;
  @IsInt() @Min(1) @Max(1000) MaxResults: number = 100;
  @IsString() @IsOptional() Cursor?: string;
}

/** `/v1/used-by` */
export const usedByOperation = (parts: AccessParts): Operation =>
  operation(
    UsedBy,
    {
      accountId: ({ AccountId }, caller) => AccountId ?? caller.accountId,
      resource: ({ AccountId }, account) => accountArn(account, AccountId),
      inquire({ Principal, Action, Detail, MaxResults, Cursor }, account) {
        const action = Action === undefined ? {} : parseAction(Action);
        const query = { account: account.id, principals: namesOf(account, Principal), ...action, limit: MaxResults };
        return usePage(parts, ['UsedBy', account.id, Principal, Action], query, { Detail, ...(Cursor === undefined ? {} : { Cursor }) });
      },
    },
    'iam-ledger',
  ) as unknown as Operation;

/** All that a principal can be called by in the history: what was given, and the unique id of whoever has that name or ARN now. */
function namesOf(account: Account, principal: string): string[] {
  const session = /^(arn:[^:]*):sts:([^:]*:[^:]*):assumed-role\/([^/]+)\/.*$/.exec(principal);
  const role = session === null ? undefined : `${session[1]}:iam:${session[2]}:role/${session[3]}`;
  const isOwnRoot = principal === 'root' || /^arn:[^:]*:iam::(\d{12}):root$/.exec(principal)?.[1] === account.id;
  const name = session?.[3] ?? (/^arn:[^:]*:iam::\d{12}:(?:user|role)\/(?:.*\/)?([^/]+)$/.exec(principal)?.[1] || principal);
  const kind = session !== null || principal.includes(':role/') ? 'role' : principal.includes(':user/') ? 'user' : undefined;
  const user = kind === 'role' ? undefined : account.users.get(name)?.userId;
  const ownRole = kind === 'user' ? undefined : account.roles.get(name)?.roleId;
  return [principal, role, user, ownRole, isOwnRoot ? account.id : undefined].filter((text) => text !== undefined);
}
