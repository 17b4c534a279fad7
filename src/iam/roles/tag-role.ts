import { requestTags } from '../context-keys.ts';
import { fact } from '../events.ts';
import { IamCommand, operation } from '../operation.ts';
import { IsRoleName, IsTags } from '../shapes.ts';
import { checkTags, newTags, replacedTags, type Tag } from '../tags.ts';
import { arnOfRole, requireRole } from './find-role.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_TagRole.html */
export class TagRole extends IamCommand {
  @IsRoleName() RoleName!: string;
  @IsTags() Tags!: Tag[];
}

export const tagRole = operation(TagRole, {
  resource: ({ RoleName }, account) => arnOfRole(account, RoleName),
  context: ({ Tags }) => requestTags(Tags),
  decide({ RoleName, Tags }, account) {
    const role = requireRole(account, RoleName);
    checkTags(role.tags, Tags, account.quotas);
    const tags = newTags(role.tags, Tags);
    return tags.length === 0 ? [] : [fact('RoleTagged', { roleName: role.roleName, tags, previousTags: replacedTags(role.tags, tags) })];
  },
});
