import { IsObject, IsOptional, Length, Matches } from 'class-validator';
import { NoSuchEntity } from '../../../libs/aws/index.ts';
import { whatCan } from '../../../libs/policy/index.ts';
import { policiesInForce, principalOf } from '../../authorization/authorize.ts';
import { accountArn } from '../../iam/account-arn.ts';
import { AwsCommand, operation, type Operation } from '../../iam/operation.ts';
import { callerOfArn } from '../decisions/caller-of-arn.ts';
import { readContext } from '../decisions/question.ts';
import { IsMoment, accountAsOf, accountOfResource, commonContext, contextOfCaller, type AnalysisParts } from './asked-account.ts';

export interface WhatCanAnswer {
  readonly PrincipalArn: string;
  /** Actions of the service catalogue, in its order. */
  readonly Actions: readonly string[];
}

/** Which actions a principal may do: on a resource, or without one on some resource or other. */
export class WhatCan extends AwsCommand<WhatCanAnswer> {
  @Length(20, 2048) PrincipalArn!: string;
  @Length(1, 2048) @IsOptional() Resource?: string;
  @IsObject() @IsOptional() Context?: Record<string, unknown>;
  @Matches(/^\d{12}$/, { message: 'AccountId must be 12 digits' }) @IsOptional() AccountId?: string;
  @IsMoment() @IsOptional() AsOf?: string | number;
}

/** `/v1/what-can` */
export const whatCanOperation = (parts: AnalysisParts): Operation =>
  operation(
    WhatCan,
    {
      accountId: ({ AccountId }, caller) => AccountId ?? caller.accountId,
      resource: ({ AccountId }, account) => accountArn(account, AccountId),
      async inquire({ PrincipalArn, Resource, Context, AsOf }, present, call) {
        const account = await accountAsOf(parts, present, AsOf, call);
        const caller = callerOfArn(account, PrincipalArn);
        if (caller === undefined) throw new NoSuchEntity(`The principal ${PrincipalArn} is not in account ${account.id}.`);
        const resource = Resource ?? '*';
        const context = contextOfCaller(commonContext(account, resource, readContext(Context, 'The request'), call.now), caller, account, call.now);
        // The trust policy of a role says who may do the actions of STS on it; it has no say in any other action.
        const sides = { callerAccount: account, account };
        const question = {
          principal: principalOf(caller, account, resource),
          resource: Resource,
          resourceAccountId: accountOfResource(account, resource),
          context,
        };
        const policies = policiesInForce({ action: 'sts:AssumeRole', resource }, sides, caller);
        const actions = whatCan({ ...policies, resource: undefined }, question).filter(
          (action) => !action.startsWith('sts:') || policies.resource === undefined,
        );
        const granted = policies.resource === undefined ? [] : whatCan(policies, question).filter((action) => action.startsWith('sts:'));
        return { PrincipalArn, Actions: [...actions, ...granted] };
      },
    },
    'iam-ledger',
  ) as unknown as Operation;
