import { IsObject, IsOptional, Length, Matches } from 'class-validator';
import { NoSuchEntity, parseArn } from '../../../libs/aws/index.ts';
import type { Ledger } from '../../../libs/ledger/index.ts';
import { accountArn } from '../../iam/account-arn.ts';
import { AwsCommand, operation, type Operation } from '../../iam/operation.ts';
import type { AccountStates } from '../../pipeline/account-states.ts';
import { IsMoment, accountOfResource } from '../../pipeline/analysis/asked-account.ts';
import { callerOfArn } from '../../pipeline/decisions/caller-of-arn.ts';
import { readContext } from '../../pipeline/decisions/question.ts';
import { momentOf } from '../moment-of.ts';
import type { Origins } from '../provenance/origins.ts';
import { explainAccess, type AccessExplanation } from './explain-access.ts';

export interface ExplainParts {
  readonly states: AccountStates;
  readonly ledger: Pick<Ledger, 'head'>;
  readonly origins: Origins;
}

/** Why a principal may, or may not, do something; now or as it was. */
export class ExplainAccess extends AwsCommand<AccessExplanation & { readonly PrincipalArn: string; readonly Position: number }> {
  @Length(20, 2048) PrincipalArn!: string;
  @Matches(/^[a-z0-9-]+:[a-z0-9]+$/i, { message: 'Action must be an action such as s3:GetObject' }) Action!: string;
  @Length(1, 2048) Resource: string = '*';
  /** Policy of the resource, if it has one of its own. */
  @Length(1, 131_072) @IsOptional() ResourcePolicy?: string;
  @IsObject() @IsOptional() Context?: Record<string, unknown>;
  /** Default: the account of the principal. */
  @Matches(/^\d{12}$/, { message: 'AccountId must be 12 digits' }) @IsOptional() AccountId?: string;
  @IsMoment() @IsOptional() AsOf?: string | number;
}

/** `/v1/explain-access` */
export const explainOperation = ({ states, ledger, origins }: ExplainParts): Operation =>
  operation(
    ExplainAccess,
    {
      accountId: ({ AccountId, PrincipalArn }, caller) => AccountId ?? accountInArn(PrincipalArn) ?? caller.accountId,
      resource: ({ AccountId, PrincipalArn }, account) => accountArn(account, AccountId ?? accountInArn(PrincipalArn)),
      alwaysRecorded: true,
      async inquire({ PrincipalArn, Action, Resource, ResourcePolicy, Context, AsOf }, present, call) {
        const { moment, account, time } = await momentOf(states, present, AsOf, call.now, ledger.head());
        const caller = callerOfArn(account, PrincipalArn);
        if (caller === undefined) throw new NoSuchEntity(`The principal ${PrincipalArn} is not in account ${account.id}.`);
        const resourceAccountId = accountOfResource(account, Resource);
        const isOwn = resourceAccountId === account.id;
        const other = isOwn ? account : moment === undefined ? states.account(resourceAccountId) : await states.at(resourceAccountId, moment);
        const governs = states.organization.state.managementAccountId === call.caller.accountId;
        const explained = await explainAccess(
          origins,
          { caller, account, resourceAccount: other ?? account, mayCite: (accountId) => governs || accountId === call.caller.accountId },
          {
            action: Action,
            resource: Resource,
            resourceAccountId,
            resourcePolicy: ResourcePolicy,
            context: readContext(Context, 'The request'),
          },
          time,
        );
        return { PrincipalArn, Position: account.position, ...explained };
      },
    },
    'iam-ledger',
  ) as unknown as Operation;

function accountInArn(text: string): string | undefined {
  const accountId = parseArn(text)?.accountId;
  return accountId !== undefined && /^\d{12}$/.test(accountId) ? accountId : undefined;
}
