import { instanceProfileArn } from '../../../libs/aws/index.ts';
import { fact } from '../events.ts';
import { holdsRole, type InstanceProfile } from '../instance-profiles/instance-profile.ts';
import type { Account } from '../account.ts';
import { changed, dateOf, entityOf, foreignArn, isMissing, tagsOf, unchanged, type Fold, type Folded, type RecordedCall } from './cloudtrail-call.ts';
import { tagging, untagging } from './cloudtrail-holders.ts';
import { optionalText, textOf } from './json.ts';

const createInstanceProfile: Fold = (call, account) => {
  const created = entityOf(call, 'instanceProfile');
  const instanceProfileName = textOf(created, 'instanceProfileName');
  const instanceProfileId = textOf(created, 'instanceProfileId');
  const path = optionalText(created, 'path') ?? '/';
  const present = account.instanceProfiles.get(instanceProfileName);
  if (present?.instanceProfileId === instanceProfileId) return unchanged;
  const importedArn = foreignArn(created, instanceProfileArn(account, path, instanceProfileName));
  const event = fact('InstanceProfileCreated', {
    instanceProfileName,
    instanceProfileId,
    path,
    createDate: dateOf(created, 'createDate', call),
    tags: tagsOf(call.request),
    importedArn,
  });
  if (present === undefined) return changed(event);
  return {
    events: [profileDeleted(present), event],
    missing: [`DeleteInstanceProfile of instance profile ${instanceProfileName} with the id ${present.instanceProfileId}`],
  };
};

const deleteInstanceProfile = inProfile((_call, profile) => ({
  events: [profileDeleted(profile)],
  missing: profile.roles.map((name) => `RemoveRoleFromInstanceProfile of role ${name} from instance profile ${profile.instanceProfileName}`),
}));

const addRole = inProfile(({ request }, profile, account) => {
  const role = account.roles.get(textOf(request, 'roleName'));
  if (role === undefined) return isMissing(`CreateRole of role ${textOf(request, 'roleName')}`);
  const { instanceProfileName } = profile;
  const { roleName } = role;
  if (holdsRole(profile, roleName)) return unchanged;
  // There is room for one role: the one before must have been taken out.
  const before = profile.roles.map((name) => fact('RoleRemovedFromInstanceProfile', { instanceProfileName, roleName: name }));
  const missing = profile.roles.map((name) => `RemoveRoleFromInstanceProfile of role ${name} from instance profile ${instanceProfileName}`);
  return { events: [...before, fact('RoleAddedToInstanceProfile', { instanceProfileName, roleName })], missing };
});

const removeRole = inProfile(({ request }, profile) => {
  const roleName = profile.roles.find((name) => name.toLowerCase() === textOf(request, 'roleName').toLowerCase());
  const { instanceProfileName } = profile;
  if (roleName === undefined)
    return isMissing(`AddRoleToInstanceProfile of role ${textOf(request, 'roleName')} to instance profile ${instanceProfileName}`);
  return changed(fact('RoleRemovedFromInstanceProfile', { instanceProfileName, roleName }));
});

const profileDeleted = ({ instanceProfileName, instanceProfileId, path }: InstanceProfile) =>
  fact('InstanceProfileDeleted', { instanceProfileName, instanceProfileId, path });

function inProfile(fold: (call: RecordedCall, profile: InstanceProfile, account: Account) => Folded): Fold {
  return (call, account) => {
    const name = textOf(call.request, 'instanceProfileName');
    const profile = account.instanceProfiles.get(name);
    return profile === undefined ? isMissing(`CreateInstanceProfile of instance profile ${name}`) : fold(call, profile, account);
  };
}

/** The calls that change instance profiles, by their names. */
export const instanceProfileFolds: Readonly<Record<string, Fold>> = {
  CreateInstanceProfile: createInstanceProfile,
  DeleteInstanceProfile: deleteInstanceProfile,
  AddRoleToInstanceProfile: addRole,
  RemoveRoleFromInstanceProfile: removeRole,
  TagInstanceProfile: inProfile(({ request }, { instanceProfileName, tags }) => {
    const tagged = tagging(tags, request);
    return tagged === undefined ? unchanged : changed(fact('InstanceProfileTagged', { instanceProfileName, ...tagged }));
  }),
  UntagInstanceProfile: inProfile(({ request }, { instanceProfileName, tags }) => {
    const untagged = untagging(tags, request);
    return untagged === undefined ? unchanged : changed(fact('InstanceProfileUntagged', { instanceProfileName, ...untagged }));
  }),
};
