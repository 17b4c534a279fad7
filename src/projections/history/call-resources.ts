import type { CallRecord } from './call.ts';

/** A resource as CloudTrail's LookupEvents lists it. `name` is a name, an ARN or a unique id. */
export interface CallResource {
  readonly type: string;
  readonly name: string;
}

type Members = Readonly<Record<string, unknown>>;

/** Request parameters that name a resource, in the order in which CloudTrail lists them. */
const requestMembers: readonly (readonly [member: string, type: string])[] = [
  ['accessKeyId', 'AWS::IAM::AccessKey'],
  ['userName', 'AWS::IAM::User'],
  ['groupName', 'AWS::IAM::Group'],
  ['roleName', 'AWS::IAM::Role'],
  ['roleArn', 'AWS::IAM::Role'],
  ['instanceProfileName', 'AWS::IAM::InstanceProfile'],
  ['policyArn', 'AWS::IAM::Policy'],
  ['policyName', 'AWS::IAM::Policy'],
  ['serialNumber', 'AWS::IAM::VirtualMFADevice'],
  ['serverCertificateName', 'AWS::IAM::ServerCertificate'],
  ['openIDConnectProviderArn', 'AWS::IAM::OIDCProvider'],
  ['sAMLProviderArn', 'AWS::IAM::SAMLProvider'],
  ['roleSessionName', 'AWS::STS::AssumedRole'],
];

/** Answered entities and their members that name a resource, in the order in which CloudTrail lists them. */
const responseMembers: readonly (readonly [entity: string, member: string, type: string])[] = [
  ['accessKey', 'accessKeyId', 'AWS::IAM::AccessKey'],
  ['accessKey', 'userName', 'AWS::IAM::User'],
  ['user', 'userName', 'AWS::IAM::User'],
  ['user', 'arn', 'AWS::IAM::User'],
  ['user', 'userId', 'AWS::IAM::User'],
  ['group', 'groupName', 'AWS::IAM::Group'],
  ['group', 'arn', 'AWS::IAM::Group'],
  ['group', 'groupId', 'AWS::IAM::Group'],
  ['role', 'roleName', 'AWS::IAM::Role'],
  ['role', 'arn', 'AWS::IAM::Role'],
  ['role', 'roleId', 'AWS::IAM::Role'],
  ['policy', 'policyName', 'AWS::IAM::Policy'],
  ['policy', 'arn', 'AWS::IAM::Policy'],
  ['policy', 'policyId', 'AWS::IAM::Policy'],
  ['instanceProfile', 'instanceProfileName', 'AWS::IAM::InstanceProfile'],
  ['instanceProfile', 'arn', 'AWS::IAM::InstanceProfile'],
  ['instanceProfile', 'instanceProfileId', 'AWS::IAM::InstanceProfile'],
  ['loginProfile', 'userName', 'AWS::IAM::User'],
  ['virtualMFADevice', 'serialNumber', 'AWS::IAM::VirtualMFADevice'],
  ['credentials', 'accessKeyId', 'AWS::IAM::AccessKey'],
  ['assumedRoleUser', 'assumedRoleId', 'AWS::STS::AssumedRole'],
  ['assumedRoleUser', 'arn', 'AWS::STS::AssumedRole'],
  ['federatedUser', 'federatedUserId', 'AWS::STS::FederatedUser'],
  ['federatedUser', 'arn', 'AWS::STS::FederatedUser'],
];

/** New names that a renaming gives: the call can be found by the old name and by the new one. */
const newNameMembers = ['newUserName', 'newGroupName', 'newPath', 'userId', 'resourceArn', 'policySourceArn', 'principalArn'];

/** CloudTrail lists resources for what changes something and for sessions given out; none for reads. */
function isListed(metadata: CallRecord): boolean {
  return !metadata.readOnly || metadata.eventSource === 'sts.amazonaws.com';
}

/** The resources that LookupEvents shows for a call, in CloudTrail's order, each once. */
export function listedResources(metadata: CallRecord): CallResource[] {
  if (!isListed(metadata)) return [];
  const found: CallResource[] = [];
  for (const [entity, member, type] of responseMembers) {
    const members = metadata.responseElements?.[entity];
    if (isMembers(members)) add(found, type, members[member]);
  }
  for (const [member, type] of requestMembers) add(found, type, metadata.requestParameters?.[member]);
  return found;
}

/**
 * Further names and ARNs by which the audit search finds a call though LookupEvents lists them not: what a read was about, the ARNs that
 * the call was authorized for, the new name in a renaming.
 */
export function mentionedResources(metadata: CallRecord): string[] {
  const mentioned = new Set<string>();
  for (const { ARN } of metadata.resources ?? []) mentioned.add(ARN);
  const parameters = metadata.requestParameters;
  if (parameters !== null && parameters !== undefined) {
    for (const member of newNameMembers) addText(mentioned, parameters[member]);
    if (!isListed(metadata)) for (const [member] of requestMembers) addText(mentioned, parameters[member]);
  }
  return [...mentioned];
}

/** Everything that a call can be found by in the filter `resource`. */
export function resourceNames(record: CallRecord): string[] {
  return [...listedResources(record).map(({ name }) => name), ...mentionedResources(record)];
}

function add(found: CallResource[], type: string, name: unknown): void {
  if (typeof name !== 'string' || name === '') return;
  if (found.some((resource) => resource.name === name && resource.type === type)) return;
  found.push({ type, name });
}

function addText(texts: Set<string>, text: unknown): void {
  if (typeof text === 'string' && text !== '') texts.add(text);
}

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null;
}
