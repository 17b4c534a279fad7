import type { Policy as WirePolicy } from '@aws-sdk/client-iam';
import { IamCommand, operation } from '../operation.ts';
import { IsArn } from '../shapes.ts';
import { requirePolicy } from './find-policy.ts';
import { describePolicy } from './managed-policy.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetPolicy.html */
export class GetPolicy extends IamCommand<{ Policy: WirePolicy }> {
  @IsArn() PolicyArn!: string;
}

export const getPolicy = operation(GetPolicy, {
  resource: ({ PolicyArn }) => PolicyArn,
  answer: ({ PolicyArn }, account) => ({ Policy: describePolicy(account, requirePolicy(account, PolicyArn)) }),
});
