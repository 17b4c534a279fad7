import { assumedRoleArn, parseArn, roleArn, rootArn } from '../../../libs/aws/index.ts';
import type { Account } from '../../iam/account.ts';
import type { Caller } from '../../iam/call.ts';
import { arnOfExistingRole } from '../../iam/roles/role.ts';
import { arnOfExistingUser } from '../../iam/users/user.ts';

/** Name of the session that a role is thought to be in when only the role is named. */
const unnamedSession = 'unnamed';

/**
 * The principal that an ARN names in an account: root, a user, a role (in a session without a name), a role session. `undefined` where there is none.
 * A role session is asked about without its session policies and tags: these are known of the session itself, by its access key and token.
 */
export function callerOfArn(account: Account, text: string): Caller | undefined {
  const arn = parseArn(text);
  if (arn === undefined || arn.accountId !== account.id || arn.partition !== account.partition) return undefined;
  if (arn.service === 'iam' && arn.resource === 'root') {
    return { type: 'Root', accountId: account.id, partition: account.partition, arn: rootArn(account), principalId: account.id };
  }
  const name = arn.resource.slice(arn.resource.lastIndexOf('/') + 1);
  if (arn.service === 'iam' && arn.resource.startsWith('user/')) return userCaller(account, name, text);
  if (arn.service === 'iam' && arn.resource.startsWith('role/')) {
    const role = account.roles.get(name);
    return role !== undefined && arnOfExistingRole(account, role) === text ? roleCaller(account, name, unnamedSession) : undefined;
  }
  const [kind, roleName, sessionName] = arn.resource.split('/');
  return arn.service === 'sts' && kind === 'assumed-role' && roleName !== undefined && sessionName !== undefined
    ? roleCaller(account, roleName, sessionName)
    : undefined;
}

function userCaller(account: Account, name: string, arn: string): Caller | undefined {
  const user = account.users.get(name);
  if (user === undefined || arnOfExistingUser(account, user) !== arn) return undefined;
  return { type: 'IAMUser', accountId: account.id, partition: account.partition, arn, principalId: user.userId, userName: user.userName };
}

function roleCaller(account: Account, name: string, sessionName: string): Caller | undefined {
  const role = account.roles.get(name);
  if (role === undefined) return undefined;
  return {
    type: 'AssumedRole',
    accountId: account.id,
    partition: account.partition,
    arn: assumedRoleArn(account, role.roleName, sessionName),
    principalId: `${role.roleId}:${sessionName}`,
    roleName: role.roleName,
    roleArn: roleArn(account, role.path, role.roleName),
  };
}
