import { StsCommand, stsOperation } from './sts-operation.ts';

/**
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
 *
 * Needs no permission, and answers even a caller to whom a policy denies it.
 */
export class GetCallerIdentity extends StsCommand<{ UserId: string; Account: string; Arn: string }> {}

export const getCallerIdentity = stsOperation(GetCallerIdentity, {
  resource: () => '*',
  unconditional: true,
  answer: (_command, _account, { caller }) => ({ UserId: caller.principalId, Account: caller.accountId, Arn: caller.arn }),
});
