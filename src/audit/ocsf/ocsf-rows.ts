/** Classes of OCSF 1.8.0, category Identity & Access Management (https://schema.ocsf.io/1.8.0/categories/iam). */
export const ocsfClasses = {
  3001: 'Account Change',
  3002: 'Authentication',
  3004: 'Entity Management',
  3006: 'Group Management',
} as const;

export type OcsfClass = keyof typeof ocsfClasses;

/** Captions of the activities that are used. */
export const ocsfActivities: Readonly<Record<OcsfClass, Readonly<Record<number, string>>>> = {
  3001: {
    1: 'Create',
    2: 'Enable',
    3: 'Password Change',
    4: 'Password Reset',
    5: 'Disable',
    6: 'Delete',
    7: 'Attach Policy',
    8: 'Detach Policy',
    10: 'MFA Factor Enable',
    11: 'MFA Factor Disable',
  },
  3002: { 1: 'Logon' },
  3004: { 1: 'Create', 2: 'Read', 3: 'Update', 4: 'Delete', 8: 'Enable', 9: 'Disable', 10: 'Activate', 11: 'Deactivate' },
  3006: { 1: 'Assign Privileges', 2: 'Revoke Privileges', 3: 'Add User', 4: 'Remove User', 5: 'Delete', 6: 'Create' },
};

/** What an event of 3004 is about: the type, and the request parameter that names it. */
export type OcsfEntity = readonly [type: string, member: string];

/** How calls of one name are told. */
export interface OcsfRow {
  readonly eventName: string;
  readonly class: OcsfClass;
  readonly activity: number;
  /** Only where a request parameter has this value. */
  readonly where?: readonly [member: string, value: string];
  readonly entity?: OcsfEntity;
}

const accessKey: OcsfEntity = ['Access Key', 'accessKeyId'];
const role: OcsfEntity = ['Role', 'roleName'];
const policy: OcsfEntity = ['Policy', 'policyArn'];

const rows = (at: readonly [OcsfClass, number], eventNames: string, entity?: OcsfEntity): OcsfRow[] =>
  eventNames.split(' ').map((eventName) => ({ eventName, class: at[0], activity: at[1], ...(entity === undefined ? {} : { entity }) }));

/** The table; what does not stand in it is told by its verb (`rowOf`). */
export const ocsfRows: readonly OcsfRow[] = [
  ...rows([3001, 1], 'CreateUser'),
  ...rows([3001, 6], 'DeleteUser'),
  ...rows([3004, 3], 'UpdateUser TagUser UntagUser', ['User', 'userName']),
  ...rows([3001, 2], 'CreateLoginProfile'),
  ...rows([3001, 5], 'DeleteLoginProfile'),
  ...rows([3001, 4], 'UpdateLoginProfile'),
  ...rows([3001, 3], 'ChangePassword'),
  ...rows([3001, 7], 'AttachUserPolicy PutUserPolicy PutUserPermissionsBoundary'),
  ...rows([3001, 8], 'DetachUserPolicy DeleteUserPolicy DeleteUserPermissionsBoundary'),
  ...rows([3001, 10], 'EnableMFADevice'),
  ...rows([3001, 11], 'DeactivateMFADevice'),
  ...rows([3004, 1], 'CreateAccessKey', accessKey),
  ...rows([3004, 4], 'DeleteAccessKey', accessKey),
  { eventName: 'UpdateAccessKey', class: 3004, activity: 10, where: ['status', 'Active'], entity: accessKey },
  { eventName: 'UpdateAccessKey', class: 3004, activity: 11, where: ['status', 'Inactive'], entity: accessKey },
  ...rows([3004, 1], 'CreateRole', role),
  ...rows([3004, 4], 'DeleteRole', role),
  ...rows(
    [3004, 3],
    'UpdateRole UpdateRoleDescription UpdateAssumeRolePolicy AttachRolePolicy DetachRolePolicy PutRolePolicy DeleteRolePolicy PutRolePermissionsBoundary DeleteRolePermissionsBoundary TagRole UntagRole',
    role,
  ),
  ...rows([3006, 6], 'CreateGroup'),
  ...rows([3006, 5], 'DeleteGroup'),
  ...rows([3006, 3], 'AddUserToGroup'),
  ...rows([3006, 4], 'RemoveUserFromGroup'),
  ...rows([3006, 1], 'AttachGroupPolicy PutGroupPolicy'),
  ...rows([3006, 2], 'DetachGroupPolicy DeleteGroupPolicy'),
  ...rows([3004, 1], 'CreatePolicy', ['Policy', 'policyName']),
  ...rows([3004, 3], 'CreatePolicyVersion DeletePolicyVersion SetDefaultPolicyVersion TagPolicy UntagPolicy', policy),
  ...rows([3004, 4], 'DeletePolicy', policy),
  ...rows([3002, 1], 'ConsoleLogin AssumeRole AssumeRoleWithSAML AssumeRoleWithWebIdentity AssumeRoot GetSessionToken GetFederationToken'),
];

const byName = new Map<string, OcsfRow[]>();
for (const row of ocsfRows) byName.set(row.eventName, [...(byName.get(row.eventName) ?? []), row]);

/** The row of a call: that of its name, else one by its verb, about whatever the call names. */
export function rowOf(eventName: string, parameters: Readonly<Record<string, unknown>>, readOnly: boolean): OcsfRow {
  const named = byName.get(eventName)?.find(({ where }) => where === undefined || parameters[where[0]] === where[1]);
  return named ?? { eventName, class: 3004, activity: activityOf(eventName, readOnly) };
}

function activityOf(eventName: string, readOnly: boolean): number {
  if (readOnly) return 2;
  if (/^(Create|Upload|Add)/.test(eventName)) return 1;
  if (/^(Delete|Remove)/.test(eventName)) return 4;
  if (eventName.startsWith('Enable')) return 8;
  return /^(Disable|Deactivate)/.test(eventName) ? 9 : 3;
}
