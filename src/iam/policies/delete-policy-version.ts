import { DeleteConflict } from '../../../libs/aws/index.ts';
import { fact } from '../events.ts';
import { IamCommand, operation } from '../operation.ts';
import { IsArn, IsPolicyVersionId } from '../shapes.ts';
import { requireOwnPolicy, requireVersion } from './find-policy.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeletePolicyVersion.html */
export class DeletePolicyVersion extends IamCommand {
  @IsArn() PolicyArn!: string;
  @IsPolicyVersionId() VersionId!: string;
}

export const deletePolicyVersion = operation(DeletePolicyVersion, {
  resource: ({ PolicyArn }) => PolicyArn,
  decide({ PolicyArn, VersionId }, account) {
    const policy = requireOwnPolicy(account, PolicyArn);
    const { versionId, policyDocument } = requireVersion(policy, VersionId);
    if (versionId === policy.defaultVersionId) throw new DeleteConflict('Cannot delete the default version of a policy.');
    return [fact('PolicyVersionDeleted', { policyArn: policy.arn, versionId, policyDocument })];
  },
});
