import { DeleteConflict } from '../../../libs/aws/index.ts';
import { fact } from '../events.ts';
import { IamCommand, operation } from '../operation.ts';
import { IsInstanceProfileName } from '../shapes.ts';
import { arnOfInstanceProfile, requireInstanceProfile } from './find-instance-profile.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteInstanceProfile.html */
export class DeleteInstanceProfile extends IamCommand {
  @IsInstanceProfileName() InstanceProfileName!: string;
}

export const deleteInstanceProfile = operation(DeleteInstanceProfile, {
  resource: ({ InstanceProfileName }, account) => arnOfInstanceProfile(account, InstanceProfileName),
  decide({ InstanceProfileName }, account) {
    const { instanceProfileName, instanceProfileId, path, roles } = requireInstanceProfile(account, InstanceProfileName);
    if (roles.length > 0) throw new DeleteConflict('Cannot delete entity, must remove roles from instance profile first.');
    return [fact('InstanceProfileDeleted', { instanceProfileName, instanceProfileId, path })];
  },
});
