import type { PolicyVersion as WirePolicyVersion } from '@aws-sdk/client-iam';
import { LimitExceeded } from '../../../libs/aws/index.ts';
import { fact } from '../events.ts';
import { IamCommand, operation } from '../operation.ts';
import { IsArn, IsBoolean, IsPolicyDocument } from '../shapes.ts';
import { checkPolicyDocument } from './check-document.ts';
import { requireOwnPolicy } from './find-policy.ts';
import { describePolicyVersion } from './managed-policy.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreatePolicyVersion.html */
export class CreatePolicyVersion extends IamCommand<{ PolicyVersion: WirePolicyVersion }> {
  @IsArn() PolicyArn!: string;
  @IsPolicyDocument() PolicyDocument!: string;
  @IsBoolean() SetAsDefault: boolean = false;
}

export const createPolicyVersion = operation(CreatePolicyVersion, {
  resource: ({ PolicyArn }) => PolicyArn,
  decide({ PolicyArn, PolicyDocument, SetAsDefault }, account, call) {
    const policy = requireOwnPolicy(account, PolicyArn);
    const { versionsPerPolicy, managedPolicyCharacters } = account.quotas;
    checkPolicyDocument(PolicyDocument, 'identity', { managed: true, charactersMax: managedPolicyCharacters });
    if (policy.versions.length >= versionsPerPolicy) {
      throw new LimitExceeded(
        `A managed policy can have up to ${versionsPerPolicy} versions. Before you create a new version, you must delete an existing version.`,
      );
    }
    return [
      fact('PolicyVersionCreated', {
        policyArn: policy.arn,
        versionId: `v${policy.newestVersion + 1}`,
        policyDocument: PolicyDocument,
        createDate: call.time,
        isDefaultVersion: SetAsDefault,
        previousDefaultVersionId: policy.defaultVersionId,
      }),
    ];
  },
  respond({ PolicyArn }, account) {
    const policy = requireOwnPolicy(account, PolicyArn);
    return { PolicyVersion: describePolicyVersion(policy, policy.versions.at(-1)!, { withDocument: false }) }; // decided: the newest stands last
  },
});
