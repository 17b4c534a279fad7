import { isIP } from 'node:net';
import type { AuditEntry } from '../search.ts';
import { ocsfActivities, ocsfClasses, rowOf, type OcsfRow } from './ocsf-rows.ts';

/** Version of the schema that the events are of. */
export const ocsfVersion = '1.8.0';
const category = 3;

type Members = Readonly<Record<string, unknown>>;
/** An event of OCSF 1.8.0, profile `cloud`. */
export type OcsfEvent = Members;

/** A call as an OCSF event. What OCSF has no place for stands in `unmapped`: the request, the answer, the session chain. */
export function ocsfEvent(entry: AuditEntry): OcsfEvent {
  const { record } = entry;
  const parameters = membersOf(record['requestParameters']);
  const identity = membersOf(record['userIdentity']);
  const eventName = textOf(record['eventName']) ?? 'Unknown';
  const errorCode = textOf(record['errorCode']);
  const row = rowOf(eventName, parameters, record['readOnly'] === true);
  const activity = ocsfActivities[row.class][row.activity] as string; // a test looks at every row
  return given({
    category_uid: category,
    category_name: 'Identity & Access Management',
    class_uid: row.class,
    class_name: ocsfClasses[row.class],
    activity_id: row.activity,
    activity_name: activity,
    type_uid: row.class * 100 + row.activity,
    type_name: `${ocsfClasses[row.class]}: ${activity}`,
    severity_id: 1,
    severity: 'Informational',
    time: Date.parse(textOf(record['eventTime']) ?? ''),
    ...outcomeOf(record, errorCode),
    metadata: metadataOf(entry, eventName),
    cloud: cloudOf(record),
    api: apiOf(record, eventName, errorCode),
    actor: actorOf(identity),
    src_endpoint: sourceOf(textOf(record['sourceIPAddress'])),
    http_request: given({ user_agent: textOf(record['userAgent']) }),
    ...aboutOf(row, parameters, identity, record),
    unmapped: given({
      requestParameters: record['requestParameters'] ?? undefined,
      responseElements: record['responseElements'] ?? undefined,
      sessionRoot: entry.sessionRoot,
      sessionChain: entry.sessionChain,
    }),
  });
}

function outcomeOf(record: Members, errorCode: string | undefined): Members {
  const isRefusedLogin = membersOf(record['responseElements'])['ConsoleLogin'] === 'Failure';
  const failed = errorCode !== undefined || isRefusedLogin;
  return given({
    status_id: failed ? 2 : 1,
    status: failed ? 'Failure' : 'Success',
    status_code: errorCode,
    status_detail: textOf(record['errorMessage']),
  });
}

function metadataOf({ position, record }: AuditEntry, eventName: string): Members {
  return given({
    version: ocsfVersion,
    profiles: ['cloud'],
    product: { name: 'iam-ledger', vendor_name: 'iam-ledger' },
    uid: textOf(record['eventID']),
    event_code: eventName,
    correlation_uid: textOf(record['requestID']),
    original_time: textOf(record['eventTime']),
    sequence: position,
    tenant_uid: textOf(record['recipientAccountId']),
  });
}

function cloudOf(record: Members): Members {
  const uid = textOf(record['recipientAccountId']);
  return given({
    provider: 'AWS',
    region: textOf(record['awsRegion']),
    account: uid === undefined ? undefined : { uid, type: 'AWS Account', type_id: 10 },
  });
}

function apiOf(record: Members, eventName: string, error: string | undefined): Members {
  const uid = textOf(record['requestID']);
  return given({
    operation: eventName,
    service: { name: textOf(record['eventSource']) ?? 'unknown' },
    version: textOf(record['apiVersion']),
    request: uid === undefined ? undefined : { uid },
    response: error === undefined ? undefined : given({ error, error_message: textOf(record['errorMessage']) }),
  });
}

function actorOf(identity: Members): Members {
  const context = membersOf(identity['sessionContext']);
  const issuer = textOf(membersOf(context['sessionIssuer'])['arn']);
  const attributes = membersOf(context['attributes']);
  const created = Date.parse(textOf(attributes['creationDate']) ?? '');
  const session = given({
    issuer,
    created_time: Number.isNaN(created) ? undefined : created,
    is_mfa: attributes['mfaAuthenticated'] === undefined ? undefined : attributes['mfaAuthenticated'] === 'true',
    credential_uid: textOf(identity['accessKeyId']),
  });
  return given({
    user: userOf(identity),
    session: issuer === undefined && Object.keys(attributes).length === 0 ? undefined : session,
    invoked_by: textOf(identity['invokedBy']),
  });
}

const unknownUser: Members = { name: 'unknown', type_id: 0, type: 'Unknown' };

function userOf(identity: Members): Members {
  const account = textOf(identity['accountId']);
  const isService = identity['type'] === 'AWSService';
  const user = given({
    name: textOf(identity['userName']) ?? textOf(identity['invokedBy']) ?? textOf(identity['arn']) ?? textOf(identity['principalId']),
    uid: textOf(identity['arn']) ?? textOf(identity['principalId']),
    uid_alt: textOf(identity['principalId']),
    credential_uid: textOf(identity['accessKeyId']),
    account: account === undefined ? undefined : { uid: account, type: 'AWS Account', type_id: 10 },
    type_id: isService ? 4 : identity['type'] === 'Root' ? 2 : 1,
    type: isService ? 'Service' : identity['type'] === 'Root' ? 'Admin' : 'User',
  });
  return user['name'] === undefined && user['uid'] === undefined && account === undefined ? unknownUser : user;
}

function sourceOf(address: string | undefined): Members | undefined {
  if (address === undefined) return undefined;
  return isIP(address) === 0 ? { svc_name: address } : { ip: address };
}

/** What the event is about, as its class wants it. */
function aboutOf(row: OcsfRow, parameters: Members, identity: Members, record: Members): Members {
  switch (row.class) {
    case 3001:
      return given({ user: accountUser(parameters, identity), policy: policyIn(parameters) });
    case 3002:
      return given({
        user: userOf(identity),
        service: { name: textOf(record['eventSource']) ?? 'unknown' },
        is_mfa: mfaIn(record, identity),
      });
    case 3004:
      return { entity: entityIn(row, parameters, record) };
    case 3006:
      return given({
        group: { name: textOf(parameters['groupName']) ?? 'unknown' },
        ...memberIn(parameters),
        privileges: privilegesIn(row, parameters),
      });
    default:
      return row.class satisfies never;
  }
}

/** The user that a call names; without a name the caller itself (`ChangePassword`). */
function accountUser(parameters: Members, identity: Members): Members {
  const name = textOf(parameters['userName']);
  return name === undefined ? userOf(identity) : { name, type_id: 1, type: 'User' };
}

function policyIn(parameters: Members): Members | undefined {
  const [uid, name] = [textOf(parameters['policyArn']) ?? textOf(parameters['permissionsBoundary']), textOf(parameters['policyName'])];
  return uid === undefined && name === undefined ? undefined : given({ uid, name });
}

function memberIn(parameters: Members): Members {
  const name = textOf(parameters['userName']);
  return name === undefined ? {} : { user: { name, type_id: 1, type: 'User' } };
}

function privilegesIn({ activity }: OcsfRow, parameters: Members): string[] | undefined {
  const privilege = textOf(parameters['policyArn']) ?? textOf(parameters['policyName']);
  return activity > 2 || privilege === undefined ? undefined : [privilege];
}

function mfaIn(record: Members, identity: Members): boolean | undefined {
  const used = membersOf(record['additionalEventData'])['MFAUsed'];
  if (used !== undefined) return used === 'Yes';
  const authenticated = membersOf(membersOf(identity['sessionContext'])['attributes'])['mfaAuthenticated'];
  return authenticated === undefined ? undefined : authenticated === 'true';
}

/** Parameters that name what a call without a row of its own is about, the most telling first. */
const namingMembers: readonly (readonly [member: string, type: string])[] = [
  ['accessKeyId', 'Access Key'],
  ['serialNumber', 'MFA Device'],
  ['certificateId', 'Signing Certificate'],
  ['serverCertificateName', 'Server Certificate'],
  ['instanceProfileName', 'Instance Profile'],
  ['roleName', 'Role'],
  ['groupName', 'Group'],
  ['userName', 'User'],
  ['policyArn', 'Policy'],
  ['policyName', 'Policy'],
];

function entityIn({ entity, eventName }: OcsfRow, parameters: Members, record: Members): Members {
  if (entity !== undefined) {
    const [type, member] = entity;
    return { type, name: textOf(parameters[member]) ?? createdName(type, record) ?? 'unknown' };
  }
  for (const [member, type] of namingMembers) {
    const name = textOf(parameters[member]);
    if (name !== undefined) return { type, name };
  }
  return { type: 'Account', name: textOf(record['recipientAccountId']) ?? eventName };
}

/** The id of an access key that was just made stands in the answer. */
const createdName = (type: string, record: Members): string | undefined =>
  type === 'Access Key' ? textOf(membersOf(membersOf(record['responseElements'])['accessKey'])['accessKeyId']) : undefined;

function membersOf(value: unknown): Members {
  return typeof value === 'object' && value !== null ? (value as Members) : {};
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

/** Without what is not there. */
function given(members: Members): Members {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined && !isEmpty(value)));
}

const isEmpty = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length === 0;
