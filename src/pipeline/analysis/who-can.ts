import { IsInt, IsObject, IsOptional, Length, Matches, Max, Min } from 'class-validator';
import { assumedRoleArn } from '../../../libs/aws/index.ts';
import { whoCan, type RequestContext, type WhoCanCandidate } from '../../../libs/policy/index.ts';
import { policiesInForce, principalOf } from '../../authorization/authorize.ts';
import { accountArn } from '../../iam/account-arn.ts';
import type { Account } from '../../iam/account.ts';
import type { Caller } from '../../iam/call.ts';
import { AwsCommand, operation, type Operation } from '../../iam/operation.ts';
import { arnOfExistingRole } from '../../iam/roles/role.ts';
import { arnOfExistingUser } from '../../iam/users/user.ts';
import { readContext } from '../decisions/question.ts';
import { IsMoment, accountAsOf, accountOfResource, commonContext, contextOfCaller, type AnalysisParts } from './asked-account.ts';

/** Principals of one answer. */
const principalsMax = 100_000;

export interface WhoCanAnswer {
  /** Users and roles that are allowed, in the order of their names, users first. */
  readonly Principals: readonly { readonly PrincipalArn: string; readonly Type: 'User' | 'Role' }[];
  /** How many are allowed: more than are listed where `MaxResults` left some out. */
  readonly Allowed: number;
  /** How many were asked about. */
  readonly Asked: number;
}

/** Which users and roles of an account may do something. */
export class WhoCan extends AwsCommand<WhoCanAnswer> {
  @Matches(/^[a-z0-9-]+:[a-z0-9]+$/i, { message: 'Action must be an action such as s3:GetObject' }) Action!: string;
  @Length(1, 2048) Resource: string = '*';
  @IsObject() @IsOptional() Context?: Record<string, unknown>;
  @Matches(/^\d{12}$/, { message: 'AccountId must be 12 digits' }) @IsOptional() AccountId?: string;
  @IsMoment() @IsOptional() AsOf?: string | number;
  @IsInt() @Min(1) @Max(principalsMax) MaxResults: number = principalsMax;
}

/** The keys that `setCaller` sets, in lower case. */
const callerKeys = /^aws:(principal|userid$|username$)/;
/** Name of the session that a role is thought to be in. */
const session = 'unnamed';

/** `/v1/who-can` */
export const whoCanOperation = (parts: AnalysisParts): Operation =>
  operation(
    WhoCan,
    {
      accountId: ({ AccountId }, caller) => AccountId ?? caller.accountId,
      resource: ({ AccountId }, account) => accountArn(account, AccountId),
      async inquire({ Action, Resource, Context, AsOf, MaxResults }, present, call) {
        const account = await accountAsOf(parts, present, AsOf, call);
        const given = readContext(Context, 'The request');
        const newContext = (): RequestContext => commonContext(account, Resource, given, call.now);
        const asked = { action: Action, resource: Resource };
        const candidates = [...candidatesOf(account, asked, (caller) => contextOfCaller(newContext(), caller, account, call.now))];
        const allowed = whoCan(
          { ...asked, resourceAccountId: accountOfResource(account, Resource), context: newContext(), isPersonal: (key) => callerKeys.test(key) },
          candidates,
        );
        return {
          Principals: allowed.slice(0, MaxResults).map(({ arn, type }) => ({ PrincipalArn: arn, Type: type })),
          Allowed: allowed.length,
          Asked: candidates.length,
        };
      },
    },
    'iam-ledger',
  ) as unknown as Operation;

interface Candidate extends WhoCanCandidate {
  readonly arn: string;
  readonly type: 'User' | 'Role';
}

function* candidatesOf(
  account: Account,
  asked: { readonly action: string; readonly resource: string },
  contextOf: (caller: Caller) => RequestContext,
): Iterable<Candidate> {
  const base = { accountId: account.id, partition: account.partition };
  const candidate = (type: Candidate['type'], arn: string, caller: Caller): Candidate => ({
    arn,
    type,
    principal: principalOf(caller, account, asked.resource),
    policies: policiesInForce(asked, { callerAccount: account, account }, caller),
    context: () => contextOf(caller),
  });
  for (const user of account.users.values()) {
    const arn = arnOfExistingUser(account, user);
    yield candidate('User', arn, { type: 'IAMUser', ...base, arn, principalId: user.userId, userName: user.userName });
  }
  for (const role of account.roles.values()) {
    const roleArn = arnOfExistingRole(account, role);
    const arn = assumedRoleArn(account, role.roleName, session);
    yield candidate('Role', roleArn, {
      type: 'AssumedRole',
      ...base,
      arn,
      principalId: `${role.roleId}:${session}`,
      roleName: role.roleName,
      roleArn,
    });
  }
}
