import { tagKeys } from '../context-keys.ts';
import { fact } from '../events.ts';
import { IamCommand, operation } from '../operation.ts';
import { IsRoleName, IsTagKeys } from '../shapes.ts';
import { tagsWithKeys } from '../tags.ts';
import { arnOfRole, requireRole } from './find-role.ts';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_UntagRole.html */
export class UntagRole extends IamCommand {
  @IsRoleName() RoleName!: string;
  @IsTagKeys() TagKeys!: string[];
}

export const untagRole = operation(UntagRole, {
  resource: ({ RoleName }, account) => arnOfRole(account, RoleName),
  context: ({ TagKeys }) => tagKeys(TagKeys),
  decide({ RoleName, TagKeys }, account) {
    const role = requireRole(account, RoleName);
    const removedTags = tagsWithKeys(role.tags, TagKeys);
    if (removedTags.length === 0) return [];
    return [fact('RoleUntagged', { roleName: role.roleName, tagKeys: removedTags.map((tag) => tag.Key), removedTags })];
  },
});
