import { NoSuchEntity, groupArn } from '../../../libs/aws/index.ts';
import type { Account } from '../account.ts';
import type { Group } from './group.ts';

/** The group, or AWS's error. */
export function requireGroup(account: Account, groupName: string): Group {
  const group = account.groups.get(groupName);
  if (group === undefined) throw new NoSuchEntity(`The group with name ${groupName} cannot be found.`);
  return group;
}

/** ARN of a group by name, with its path where it exists. */
export function arnOfGroup(account: Account, groupName: string): string {
  const group = account.groups.get(groupName);
  return group === undefined ? groupArn(account, '/', groupName) : groupArn(account, group.path, group.groupName);
}
