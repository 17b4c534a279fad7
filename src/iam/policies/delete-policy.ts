import { DeleteConflict } from '../../../libs/aws/index.ts';
import { fact } from '../events.ts';
import { IamCommand, operation } from '../operation.ts';
import { IsArn } from '../shapes.ts';
import { requireOwnPolicy } from './find-policy.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeletePolicy.html */
export class DeletePolicy extends IamCommand {
  @IsArn() PolicyArn!: string;
}

export const deletePolicy = operation(DeletePolicy, {
  resource: ({ PolicyArn }) => PolicyArn,
  decide({ PolicyArn }, account) {
    const policy = requireOwnPolicy(account, PolicyArn);
    if (account.attachments.has(policy.arn) || account.boundaryUses.has(policy.arn))
      throw new DeleteConflict('Cannot delete a policy attached to entities.');
    if (policy.versions.length > 1) {
      throw new DeleteConflict(
        "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. The default version is deleted with the policy.",
      );
    }
    return [fact('PolicyDeleted', { policyArn: policy.arn, policyName: policy.policyName, policyId: policy.policyId })];
  },
});
