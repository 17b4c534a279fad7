import { NoSuchEntity, UnmodifiableEntity, roleArn } from '../../../libs/aws/index.ts';
import type { Account } from '../account.ts';
import type { ContextValues } from '../operation.ts';
import type { Role } from './role.ts';

/** The role. @throws NoSuchEntity */
export function requireRole(account: Account, roleName: string): Role {
  const role = account.roles.get(roleName);
  if (role === undefined) throw new NoSuchEntity(`The role with name ${roleName} cannot be found.`);
  return role;
}

/**
 * A role that is to be changed.
 *
 * @throws NoSuchEntity
 * @throws UnmodifiableEntity a service-linked role: only its service changes it (IAM User Guide, "Create a service-linked role")
 */
export function requireModifiableRole(account: Account, roleName: string): Role {
  const role = requireRole(account, roleName);
  if (isServiceLinkedPath(role.path)) {
    throw new UnmodifiableEntity(`Cannot perform the operation on the protected role '${role.roleName}' - this role is only modifiable by AWS`);
  }
  return role;
}

/** Whether roles of this path belong to AWS services. Such a role can come with an import only. */
export const isServiceLinkedPath = (path: string): boolean => path.startsWith('/aws-service-role/');

/** ARN of a role by name, with its path where it exists. */
export function arnOfRole(account: Account, roleName: string): string {
  const role = account.roles.get(roleName);
  return role === undefined ? roleArn(account, '/', roleName) : roleArn(account, role.path, role.roleName);
}

/** `iam:PermissionsBoundary` of an operation on a role: the boundary that the role has. */
export const boundaryOfRole = ({ RoleName }: { readonly RoleName: string }, account: Account): ContextValues => ({
  'iam:PermissionsBoundary': account.roles.get(RoleName)?.permissionsBoundary,
});
