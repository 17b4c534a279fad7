import type { InstanceProfile as WireInstanceProfile } from '@aws-sdk/client-iam';
import { EntityAlreadyExists, LimitExceeded, instanceProfileArn } from '../../../libs/aws/index.ts';
import { requestTags } from '../context-keys.ts';
import { fact } from '../events.ts';
import { IamCommand, operation } from '../operation.ts';
import { IsInstanceProfileName, IsPath, IsTags } from '../shapes.ts';
import { checkTags, type Tag } from '../tags.ts';
import { describeInstanceProfile } from './instance-profile.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateInstanceProfile.html */
export class CreateInstanceProfile extends IamCommand<{ InstanceProfile: WireInstanceProfile }> {
  @IsInstanceProfileName() InstanceProfileName!: string;
  @IsPath() Path: string = '/';
  @IsTags() Tags: Tag[] = [];
}

export const createInstanceProfile = operation(CreateInstanceProfile, {
  resource: ({ Path, InstanceProfileName }, account) => instanceProfileArn(account, Path, InstanceProfileName),
  context: ({ Tags }) => requestTags(Tags),
  alsoRequires: ({ Path, InstanceProfileName, Tags }, account) =>
    Tags.length === 0
      ? []
      : [{ action: 'iam:TagInstanceProfile', resource: instanceProfileArn(account, Path, InstanceProfileName), context: requestTags(Tags) }],
  decide({ InstanceProfileName, Path, Tags }, account, call) {
    if (account.instanceProfiles.has(InstanceProfileName)) throw new EntityAlreadyExists(`Instance Profile ${InstanceProfileName} already exists.`);
    const { instanceProfiles: max } = account.quotas;
    if (account.instanceProfiles.size >= max) throw new LimitExceeded(`Cannot exceed quota for InstanceProfilesPerAccount: ${max}`);
    checkTags([], Tags, account.quotas);
    return [
      fact('InstanceProfileCreated', {
        instanceProfileName: InstanceProfileName,
        instanceProfileId: call.newId('AIPA'),
        path: Path,
        createDate: call.time,
        tags: Tags,
      }),
    ];
  },
  respond: ({ InstanceProfileName }, account) => ({
    InstanceProfile: describeInstanceProfile(account, account.instanceProfiles.get(InstanceProfileName)!), // decided: it exists
  }),
});
