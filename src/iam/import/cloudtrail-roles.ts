import { roleArn } from '../../../libs/aws/index.ts';
import type { Account } from '../account.ts';
import { fact, type AccountEvent } from '../events.ts';
import { holdsRole } from '../instance-profiles/instance-profile.ts';
import type { Role } from '../roles/role.ts';
import { principalIdsOf } from '../roles/trust-policy.ts';
import { changed, dateOf, entityOf, foreignArn, isMissing, tagsOf, unchanged, type Fold, type RecordedCall } from './cloudtrail-call.ts';
import { holderFolds, leftInHolder, policyUnknown } from './cloudtrail-holders.ts';
import { documentText, optionalText, textOf } from './json.ts';

/** Seconds; AWS's default. */
const maxSessionDurationDefault = 3600;

const createRole: Fold = (call, account, accountOf) => {
  const created = entityOf(call, 'role');
  const [roleName, roleId, path] = [textOf(created, 'roleName'), textOf(created, 'roleId'), optionalText(created, 'path') ?? '/'];
  const present = account.roles.get(roleName);
  if (present?.roleId === roleId) return unchanged;
  const assumeRolePolicyDocument = documentText(
    call.request['assumeRolePolicyDocument'] ?? created['assumeRolePolicyDocument'],
    'assumeRolePolicyDocument',
  );
  const permissionsBoundary = optionalText(call.request, 'permissionsBoundary');
  const event = fact('RoleCreated', {
    roleName,
    roleId,
    path,
    createDate: dateOf(created, 'createDate', call),
    description: optionalText(call.request, 'description') ?? optionalText(created, 'description'),
    maxSessionDuration: maxSessionDuration(call),
    assumeRolePolicyDocument,
    trustedPrincipalIds: principalIdsOf(assumeRolePolicyDocument, account, { accountOf }),
    permissionsBoundary,
    tags: tagsOf(call.request),
    importedArn: foreignArn(created, roleArn(account, path, roleName)),
  });
  const unknown = permissionsBoundary === undefined ? [] : policyUnknown(account, permissionsBoundary);
  if (present === undefined) return { events: [event], missing: unknown };
  return { events: [...roleDeleted(account, present), event], missing: [`DeleteRole of role ${roleName} with the id ${present.roleId}`, ...unknown] };
};

function maxSessionDuration({ request }: RecordedCall): number {
  const given = request['maxSessionDuration'];
  return typeof given === 'number' && Number.isSafeInteger(given) ? given : maxSessionDurationDefault;
}

const updateRole: Fold = (call, account) => {
  const role = account.roles.get(textOf(call.request, 'roleName'));
  if (role === undefined) return isMissing(`CreateRole of role ${textOf(call.request, 'roleName')}`);
  const description = optionalText(call.request, 'description') ?? role.description;
  const duration = call.eventName === 'UpdateRole' ? maxSessionDuration(call) : role.maxSessionDuration;
  if (description === role.description && duration === role.maxSessionDuration) return unchanged;
  const previous = { previousDescription: role.description, previousMaxSessionDuration: role.maxSessionDuration };
  return changed(fact('RoleUpdated', { roleName: role.roleName, description, maxSessionDuration: duration, ...previous }));
};

const updateAssumeRolePolicy: Fold = ({ request }, account, accountOf) => {
  const role = account.roles.get(textOf(request, 'roleName'));
  if (role === undefined) return isMissing(`CreateRole of role ${textOf(request, 'roleName')}`);
  const policyDocument = documentText(request['policyDocument'], 'policyDocument');
  const trustedPrincipalIds = principalIdsOf(policyDocument, account, { accountOf });
  if (policyDocument === role.assumeRolePolicyDocument && JSON.stringify(trustedPrincipalIds) === JSON.stringify(role.trustedPrincipalIds))
    return unchanged;
  return changed(
    fact('AssumeRolePolicyUpdated', {
      roleName: role.roleName,
      policyDocument,
      previousPolicyDocument: role.assumeRolePolicyDocument,
      trustedPrincipalIds,
    }),
  );
};

const deleteRole: Fold = ({ request }, account) => {
  const role = account.roles.get(textOf(request, 'roleName'));
  if (role === undefined) return isMissing(`CreateRole of role ${textOf(request, 'roleName')}`);
  const inProfiles = profilesWith(account, role.roleName).map(
    (name) => `RemoveRoleFromInstanceProfile of role ${role.roleName} from instance profile ${name}`,
  );
  return { events: roleDeleted(account, role), missing: [...inProfiles, ...leftInHolder('role', role.roleName, role)] };
};

/** The role is gone, also from the instance profiles: a later role of the same name must not be found in them. */
function roleDeleted(account: Account, { roleName, roleId, path }: Role): AccountEvent[] {
  return [
    ...profilesWith(account, roleName).map((instanceProfileName) => fact('RoleRemovedFromInstanceProfile', { instanceProfileName, roleName })),
    fact('RoleDeleted', { roleName, roleId, path }),
  ];
}

const profilesWith = (account: Account, roleName: string): string[] =>
  [...account.instanceProfiles.values()].filter((profile) => holdsRole(profile, roleName)).map((profile) => profile.instanceProfileName);

/** The calls that change roles, by their names. A service-linked role is deleted some time after it was asked for, which no record tells. */
export const roleFolds: Readonly<Record<string, Fold>> = {
  CreateRole: createRole,
  CreateServiceLinkedRole: createRole,
  UpdateRole: updateRole,
  UpdateRoleDescription: updateRole,
  UpdateAssumeRolePolicy: updateAssumeRolePolicy,
  DeleteRole: deleteRole,
  ...holderFolds('role'),
};
