import { NoSuchEntity, instanceProfileArn } from '../../../libs/aws/index.ts';
import type { Account } from '../account.ts';
import type { InstanceProfile } from './instance-profile.ts';

/** The instance profile. @throws NoSuchEntity */
export function requireInstanceProfile(account: Account, name: string): InstanceProfile {
  const profile = account.instanceProfiles.get(name);
  if (profile === undefined) throw new NoSuchEntity(`Instance Profile ${name} cannot be found.`);
  return profile;
}

/** ARN of an instance profile by name, with its path where it exists. */
export function arnOfInstanceProfile(account: Account, name: string): string {
  const profile = account.instanceProfiles.get(name);
  return profile === undefined ? instanceProfileArn(account, '/', name) : instanceProfileArn(account, profile.path, profile.instanceProfileName);
}

/** Entries of the instance profiles that hold a role, in the order of their names, from the first one after `after` on. */
export function* instanceProfilesOfRole(account: Account, roleName: string, after?: string): Generator<[string, InstanceProfile]> {
  const folded = roleName.toLowerCase();
  for (const entry of account.instanceProfiles.entries(after)) if (entry[1].roles.some((name) => name.toLowerCase() === folded)) yield entry;
}
