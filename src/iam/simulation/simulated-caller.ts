import { InvalidInput, assumedRoleArn, ownerOf, parseArn, parseArnResource, roleArn, userArn, type ArnOwner } from '../../../libs/aws/index.ts';
import type { Principal } from '../../../libs/policy/index.ts';
import type { Account } from '../account.ts';
import type { Role } from '../roles/role.ts';
import type { Tags } from '../tags.ts';
import type { User } from '../users/user.ts';

/** Who asks in a simulation, and the context keys that follow from it. */
export interface SimulatedCaller {
  readonly principal: Principal;
  readonly context: Readonly<Record<string, string>>;
}

/** Name of the session that a simulated role asks in, and of the user that asks where nobody is named. */
const simulatedName = 'policy-simulation';

/** A user of the account as the caller, with all that its requests would carry. */
export function userAsCaller(account: Account, user: User): SimulatedCaller {
  const { principal, context } = userNamed(account, userArn(account, user.path, user.userName), user.userName);
  return { principal: { ...principal, uniqueId: user.userId }, context: { ...context, 'aws:userid': user.userId, ...principalTags(user.tags) } };
}

/** A session of a role of the account as the caller. */
export function roleAsCaller(account: Account, role: Role): SimulatedCaller {
  const { principal, context } = roleNamed(account, roleArn(account, role.path, role.roleName), role.roleName);
  const uniqueId = `${role.roleId}:${simulatedName}`;
  return { principal: { ...principal, uniqueId: role.roleId }, context: { ...context, 'aws:userid': uniqueId, ...principalTags(role.tags) } };
}

/** A caller of whom only the ARN is known: it need not exist, and nothing about it is looked up. */
export function callerOfArn(arn: string): SimulatedCaller {
  const parts = parseArn(arn);
  const owner = parts === undefined ? undefined : ownerOf(parts);
  if (parts === undefined || owner === undefined || parts.service !== 'iam') throw invalidCaller(arn);
  const { type, name } = parseArnResource(parts.resource);
  if (name === '') throw invalidCaller(arn);
  switch (type) {
    case 'user':
      return userNamed(owner, arn, name);
    case 'role':
      return roleNamed(owner, arn, name);
    case 'group':
      return someUser(owner);
    default:
      throw invalidCaller(arn);
  }
}

/** Somebody of an account, where a simulation names nobody. */
export const someUser = (owner: ArnOwner): SimulatedCaller => ({
  principal: { type: 'IAMUser', arn: userArn(owner, '/', simulatedName), accountId: owner.id, partition: owner.partition },
  context: { 'aws:PrincipalAccount': owner.id, 'aws:PrincipalType': 'User' },
});

function userNamed(owner: ArnOwner, arn: string, userName: string): SimulatedCaller {
  return {
    principal: { type: 'IAMUser', arn, accountId: owner.id, partition: owner.partition },
    context: { 'aws:PrincipalArn': arn, 'aws:PrincipalAccount': owner.id, 'aws:PrincipalType': 'User', 'aws:username': userName },
  };
}

function roleNamed(owner: ArnOwner, arn: string, roleName: string): SimulatedCaller {
  return {
    principal: {
      type: 'AssumedRole',
      arn: assumedRoleArn(owner, roleName, simulatedName),
      accountId: owner.id,
      partition: owner.partition,
      roleArn: arn,
    },
    context: { 'aws:PrincipalArn': arn, 'aws:PrincipalAccount': owner.id, 'aws:PrincipalType': 'AssumedRole' },
  };
}

const principalTags = (tags: Tags): Record<string, string> => Object.fromEntries(tags.map(({ Key, Value }) => [`aws:PrincipalTag/${Key}`, Value]));

const invalidCaller = (arn: string): InvalidInput =>
  new InvalidInput(`Invalid caller ARN: ${arn}. It must be the ARN of an IAM user, group or role.`);
