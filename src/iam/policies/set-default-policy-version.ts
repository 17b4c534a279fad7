import { fact } from '../events.ts';
import { IamCommand, operation } from '../operation.ts';
import { IsArn, IsPolicyVersionId } from '../shapes.ts';
import { requireOwnPolicy, requireVersion } from './find-policy.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_SetDefaultPolicyVersion.html */
export class SetDefaultPolicyVersion extends IamCommand {
  @IsArn() PolicyArn!: string;
  @IsPolicyVersionId() VersionId!: string;
}

export const setDefaultPolicyVersion = operation(SetDefaultPolicyVersion, {
  resource: ({ PolicyArn }) => PolicyArn,
  decide({ PolicyArn, VersionId }, account, call) {
    const policy = requireOwnPolicy(account, PolicyArn);
    const { versionId } = requireVersion(policy, VersionId);
    if (versionId === policy.defaultVersionId) return [];
    return [
      fact('DefaultPolicyVersionSet', { policyArn: policy.arn, versionId, previousDefaultVersionId: policy.defaultVersionId, updateDate: call.time }),
    ];
  },
});
