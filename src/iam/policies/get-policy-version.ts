import type { PolicyVersion as WirePolicyVersion } from '@aws-sdk/client-iam';
import { IamCommand, operation } from '../operation.ts';
import { IsArn, IsPolicyVersionId } from '../shapes.ts';
import { requirePolicy, requireVersion } from './find-policy.ts';
import { describePolicyVersion } from './managed-policy.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetPolicyVersion.html */
export class GetPolicyVersion extends IamCommand<{ PolicyVersion: WirePolicyVersion }> {
  @IsArn() PolicyArn!: string;
  @IsPolicyVersionId() VersionId!: string;
}

export const getPolicyVersion = operation(GetPolicyVersion, {
  resource: ({ PolicyArn }) => PolicyArn,
  answer({ PolicyArn, VersionId }, account) {
    const policy = requirePolicy(account, PolicyArn);
    return { PolicyVersion: describePolicyVersion(policy, requireVersion(policy, VersionId), { withDocument: true }) };
  },
});
