import { InvalidInput, NoSuchEntity, groupArn, parseArn, parseArnResource, roleArn, userArn } from '../../../libs/aws/index.ts';
import type { Account } from '../account.ts';
import { policiesOfGroup, policiesOfRole, policiesOfUser, type PoliciesOfPrincipal } from '../policies/policies-of.ts';
import { roleAsCaller, someUser, userAsCaller, type SimulatedCaller } from './simulated-caller.ts';

/** The user, group or role whose policies a simulation is about. */
export interface PolicySource {
  readonly kind: 'user' | 'group' | 'role';
  readonly arn: string;
  readonly policies: PoliciesOfPrincipal;
  /** It as the caller; of a group: somebody. */
  readonly caller: SimulatedCaller;
}

/**
 * Finds the principal that a `PolicySourceArn` names.
 *
 * @throws InvalidInput an ARN of something else, or of another account
 * @throws NoSuchEntity
 */
export function requirePolicySource(account: Account, arn: string): PolicySource {
  const parts = parseArn(arn);
  if (parts === undefined || parts.service !== 'iam') throw invalidSource(arn);
  if (parts.accountId !== account.id) throw new InvalidInput(`The entity ${arn} does not belong to the account ${account.id}.`);
  const { type, name } = parseArnResource(parts.resource);
  if (!isPrincipalType(type)) throw invalidSource(arn);
  const source = findSource(account, type, name);
  if (source?.arn.toLowerCase() !== arn.toLowerCase()) throw new NoSuchEntity(`The ${type} with ARN ${arn} cannot be found.`);
  return source;
}

function findSource(account: Account, type: PrincipalType, name: string): PolicySource | undefined {
  switch (type) {
    case 'user': {
      const user = account.users.get(name);
      return (
        user && {
          kind: type,
          arn: userArn(account, user.path, user.userName),
          policies: policiesOfUser(account, user),
          caller: userAsCaller(account, user),
        }
      );
    }
    case 'role': {
      const role = account.roles.get(name);
      return (
        role && {
          kind: type,
          arn: roleArn(account, role.path, role.roleName),
          policies: policiesOfRole(account, role),
          caller: roleAsCaller(account, role),
        }
      );
    }
    case 'group': {
      const group = account.groups.get(name);
      return (
        group && {
          kind: type,
          arn: groupArn(account, group.path, group.groupName),
          policies: policiesOfGroup(account, group),
          caller: someUser(account),
        }
      );
    }
  }
}

/** The ARN of the principal as it is written, where it exists: names are found without regard to case, and permissions are about what is found. */
export function arnOfPolicySource(account: Account, arn: string): string {
  const parts = parseArn(arn);
  if (parts === undefined || parts.service !== 'iam' || parts.accountId !== account.id) return arn;
  const { type, name } = parseArnResource(parts.resource);
  const found = isPrincipalType(type) ? findSource(account, type, name) : undefined;
  return found === undefined || found.arn.toLowerCase() !== arn.toLowerCase() ? arn : found.arn;
}

type PrincipalType = PolicySource['kind'];
const isPrincipalType = (type: string): type is PrincipalType => type === 'user' || type === 'group' || type === 'role';

const invalidSource = (arn: string): InvalidInput =>
  new InvalidInput(`Invalid Entity Arn: ${arn}. It must be the ARN of an IAM user, group or role.`);
