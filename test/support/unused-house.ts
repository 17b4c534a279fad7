import { readUnusedRemovalRules, unusedRemoval } from '../../src/sagas/unused-removal/unused-removal.ts';
import { parseExemptions } from '../../src/sagas/exemptions/parse-exemptions.ts';
import type { UnusedRemovalRules, UnusedRemovalSettings } from '../../src/sagas/unused-removal/settings.ts';
import type { UnusedFact, UnusedState } from '../../src/sagas/unused-removal/unused-state.ts';
import { SagaHouse, type HouseOptions } from './saga-house.ts';

export type UnusedHouse = SagaHouse<UnusedRemovalRules, UnusedState, UnusedFact>;

/** A house that removes what is unused, by the settings given over the defaults and these exemptions. */
export function unusedHouse(settings: Partial<UnusedRemovalSettings> = {}, options: HouseOptions = {}, exemptions?: unknown): UnusedHouse {
  return new SagaHouse(unusedRemoval, rulesOf(settings, exemptions), options);
}

export function rulesOf(settings: Partial<UnusedRemovalSettings>, exemptions?: unknown): UnusedRemovalRules {
  const rules = readUnusedRemovalRules({ settings: undefined, exemptions: undefined });
  return { ...rules, settings: { ...rules.settings, ...settings }, ...(exemptions === undefined ? {} : { exemptions: parseExemptions(exemptions) }) };
}

/** Only this kind of thing is looked at, after so many days. */
export const only = (kind: string, days: number): Partial<UnusedRemovalSettings> => ({
  unusedDays: {
    user: undefined,
    'access-key': undefined,
    password: undefined,
    role: undefined,
    group: undefined,
    policy: undefined,
    permission: undefined,
    'mfa-device': undefined,
    'signing-certificate': undefined,
    [kind]: days,
  },
});

export const allowS3 = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}';
export const readOnlyArn = 'arn:aws:iam::aws:policy/ReadOnlyAccess';

/** A user with all that a user can have: group, inline and attached policy, password, an active and an inactive key. */
export async function makeUser(house: UnusedHouse, name = 'bob') {
  const { User } = await house.byHand('CreateUser', { UserName: name, Path: '/people/', Tags: [{ Key: 'owner', Value: `${name}@example.com` }] });
  if (!house.scenario.account.groups.has('readers')) await house.byHand('CreateGroup', { GroupName: 'readers' });
  await house.byHand('AddUserToGroup', { GroupName: 'readers', UserName: name });
  await house.byHand('PutUserPolicy', { UserName: name, PolicyName: 'own', PolicyDocument: allowS3 });
  await house.byHand('AttachUserPolicy', { UserName: name, PolicyArn: readOnlyArn });
  await house.byHand('CreateLoginProfile', { UserName: name, Password: 'Correct-Horse-7' });
  const keyId = await makeKey(house, name);
  const inactiveKeyId = await makeKey(house, name);
  await house.byHand('UpdateAccessKey', { UserName: name, AccessKeyId: inactiveKeyId, Status: 'Inactive' });
  return { userId: User!['UserId']!, keyId, inactiveKeyId }; // CreateUser answers it
}

export async function makeKey(house: UnusedHouse, name: string): Promise<string> {
  const { AccessKey } = await house.byHand('CreateAccessKey', { UserName: name });
  return AccessKey!['AccessKeyId']!; // CreateAccessKey answers it
}

const trust =
  '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::123456789012:root"},"Action":"sts:AssumeRole"}]}';

/** A role with an inline and an attached policy. */
export async function makeRole(house: UnusedHouse, name = 'deploy'): Promise<string> {
  const { Role } = await house.byHand('CreateRole', { RoleName: name, AssumeRolePolicyDocument: trust, Description: 'deploys' });
  await house.byHand('PutRolePolicy', { RoleName: name, PolicyName: 'own', PolicyDocument: allowS3 });
  await house.byHand('AttachRolePolicy', { RoleName: name, PolicyArn: readOnlyArn });
  return Role!['RoleId']!; // CreateRole answers it
}
