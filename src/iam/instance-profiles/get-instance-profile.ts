import type { InstanceProfile as WireInstanceProfile } from '@aws-sdk/client-iam';
import { IamCommand, operation } from '../operation.ts';
import { IsInstanceProfileName } from '../shapes.ts';
import { arnOfInstanceProfile, requireInstanceProfile } from './find-instance-profile.ts';
import { describeInstanceProfile } from './instance-profile.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetInstanceProfile.html */
export class GetInstanceProfile extends IamCommand<{ InstanceProfile: WireInstanceProfile }> {
  @IsInstanceProfileName() InstanceProfileName!: string;
}

export const getInstanceProfile = operation(GetInstanceProfile, {
  resource: ({ InstanceProfileName }, account) => arnOfInstanceProfile(account, InstanceProfileName),
  answer: ({ InstanceProfileName }, account) => ({
    InstanceProfile: describeInstanceProfile(account, requireInstanceProfile(account, InstanceProfileName)),
  }),
});
